"""Carrying out, portion by portion, what somebody decided for a whole campaign (`app/screening/campaigns.py`).

The verbs take no actor: each portion is done in the name of the person who decided, who had the right to when they did.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.campaigns import queries as campaigns
from app.campaigns.models import CampaignDecision, CampaignMember
from app.jobs.ledger import enqueue
from app.permissions import Actor, ActorKind, Permission
from app.screening import editing
from app.screening.deciding import decide_all
from app.screening.decisions import Decision
from app.screening.lifecycle import Pointer, SuggestionState, UnsuitableClass
from app.screening.models import Suggestion
from app.screening.passages import Span, passages
from app.submissions import queries as submissions
from app.submissions.lifecycle import ScreeningEvent
from app.submissions.models import Submission

PORTION = 200
"""Submissions that are decided or gathered in one transaction."""
DECIDE_JOB, GATHER_JOB = "decide_campaign", "gather_campaign"


def carry_on(session: Session, at: datetime, decision: CampaignDecision) -> None:
    """The next portion of what was decided; where more is left, it is promised."""
    if decision.finished_at is not None:
        return
    detail = decision.detail
    portion = campaigns.waiting(
        session,
        decision.campaign_id,
        decision.going_on_after,
        uuid.UUID(detail["until"]),
        PORTION,
        with_additions=detail["with_additions"],
    )
    if portion:
        person = Actor(ActorKind.STAFF, decision.decided_by, frozenset({Permission.SCREEN}))
        came = decide_all(session, person, at, portion, _read(decision))
        decision.done += len(came.done)
        decision.refused += len(came.refused)
        decision.going_on_after = portion[-1][0]
    if len(portion) < PORTION:
        decision.finished_at = at
    else:
        enqueue(session, DECIDE_JOB, at, decision=str(decision.id))


def gather_on(session: Session, at: datetime, payload: dict[str, str]) -> None:
    """The next portion, in the name of the editor. Ends where the suggestion is being edited no longer."""
    suggestion = session.get(Suggestion, uuid.UUID(payload["suggestion"]))
    if suggestion is None or suggestion.state is not SuggestionState.EDITING:
        return
    campaign_id, after = uuid.UUID(payload["campaign"]), uuid.UUID(payload["after"])
    accepted = campaigns.accepted(session, campaign_id, after, PORTION)
    editor = Actor(ActorKind.STAFF, payload["editor"], frozenset({Permission.EDIT_SUGGESTIONS}))
    gather_others(session, editor, at, suggestion.id, accepted)
    promise_rest(session, at, campaign_id, suggestion.id, editor.id, accepted)


def gather_others(
    session: Session,
    editor: Actor,
    at: datetime,
    suggestion_id: uuid.UUID,
    accepted: Sequence[tuple[CampaignMember, Submission]],
) -> None:
    for member, submission in accepted:
        spans = common_spans(session, member, submission)
        if spans:
            editing.gather_into(session, editor, at, submission.id, spans, suggestion_id)


def promise_rest(
    session: Session,
    at: datetime,
    campaign_id: uuid.UUID,
    suggestion_id: uuid.UUID,
    editor: str,
    accepted: Sequence[tuple[CampaignMember, Submission]],
) -> None:
    if len(accepted) < PORTION:
        return
    after = accepted[-1][1].id
    names = {"campaign": str(campaign_id), "suggestion": str(suggestion_id), "after": str(after), "editor": editor}
    enqueue(session, GATHER_JOB, at, **names)


def common_spans(session: Session, member: CampaignMember, submission: Submission) -> list[Span]:
    """Its sentences but those in which the sender's own words stand."""
    own = [Span(start, end) for start, end in member.additions]
    places = submissions.clause_places(session, submission.id)
    return [span for span in passages(submission.comment, places) if not any(map(span.overlaps, own))]


def _read(made: CampaignDecision) -> Decision:
    detail = made.detail
    return Decision(
        event=ScreeningEvent(made.treatment),
        reason=detail["reason"],
        unsuitable_class=UnsuitableClass(detail["unsuitable_class"]) if detail["unsuitable_class"] else None,
        pointer=Pointer(detail["pointer"]) if detail["pointer"] else None,
        prepared=uuid.UUID(detail["prepared"]) if detail["prepared"] else None,
        letter_waits=timedelta(seconds=detail["letter_waits"]),
    )
