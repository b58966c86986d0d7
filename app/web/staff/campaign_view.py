"""Comments of the same content as the desk's pages show them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.campaigns import queries
from app.campaigns.models import Campaign, CampaignDecision
from app.campaigns.queries import SHOWN, Sent, Standing
from app.permissions import Actor, Permission
from app.submissions.lifecycle import ScreeningEvent, SubmissionState
from app.submissions.restricted import title_for_lists


@dataclass(frozen=True)
class Words:
    """A piece of a comment; `is_own` where the common text doesn't hold it."""

    text: str
    is_own: bool


@dataclass(frozen=True)
class MemberView:
    id: uuid.UUID
    title: str
    state: SubmissionState
    receipt_number: str
    received_at: datetime
    words: Sequence[Words]
    has_addition: bool
    is_numbered: bool
    again: bool
    put_in_by_hand: bool


@dataclass(frozen=True)
class DecisionView:
    event: ScreeningEvent
    waiting: int
    done: int
    refused: int
    at: datetime
    is_finished: bool


def strip(session: Session, submission_id: uuid.UUID) -> dict[str, object] | None:
    """What the page of one submission says of its campaign; None where it stands alone."""
    found = queries.of_submission(session, submission_id)
    if found is None:
        return None
    campaign, member = found
    return {
        "id": campaign.id,
        "members": campaign.members,
        "with_additions": campaign.with_additions,
        "persons": campaign.persons,
        "unnumbered": campaign.unnumbered,
        "has_addition": member.has_addition,
    }


def members(session: Session, campaign: Campaign, after: uuid.UUID | None, *, added: bool) -> dict[str, object]:
    """One page of members, and the key of the next."""
    rows = queries.sent(session, campaign.id, with_addition=added, after=after)
    shown = rows[:SHOWN]
    return {
        "members": [_member(one) for one in shown],
        "next": shown[-1].submission.id if len(rows) > SHOWN else None,
        "added": added,
    }


def may(actor: Actor, standing: Standing, accepted: int, displayed: int) -> dict[str, bool]:
    return {
        "decide": actor.may(Permission.SCREEN) and standing.waiting > 0,
        "correct": actor.may(Permission.SCREEN),
        "gather": actor.may(Permission.EDIT_SUGGESTIONS) and accepted > 0,
        "end_display": actor.may(Permission.TAKE_DOWN) and displayed > 1,
    }


def decisions(found: Sequence[CampaignDecision]) -> list[DecisionView]:
    return [
        DecisionView(
            ScreeningEvent(one.treatment),
            one.waiting,
            one.done,
            one.refused,
            one.decided_at,
            one.finished_at is not None,
        )
        for one in found
    ]


def _member(one: Sent) -> MemberView:
    submission = one.submission
    return MemberView(
        id=submission.id,
        title=title_for_lists(submission),
        state=submission.state,
        receipt_number=submission.receipt_number,
        received_at=submission.received_at,
        words=_words(submission.comment, one.additions) if submission.state is not SubmissionState.REFERRED else [],
        has_addition=bool(one.additions),
        is_numbered=one.is_numbered,
        again=one.again,
        put_in_by_hand=one.added_by is not None,
    )


def _words(comment: str, own: Sequence[tuple[int, int]]) -> list[Words]:
    """The whole comment in order, cut where the sender's own words begin and end."""
    pieces, done = list[Words](), 0
    for start, end in own:
        pieces += [Words(comment[done:start], is_own=False), Words(comment[start:end], is_own=True)]
        done = end
    return [piece for piece in [*pieces, Words(comment[done:], is_own=False)] if piece.text]
