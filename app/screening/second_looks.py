"""The blind second look (盲审复核): another reviewer decides anew, and a lead settles where the two differ."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select, tuple_
from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.kit.paging import Key, Page, page_of
from app.kit.reasons import due, optional
from app.permissions import Actor, Permission, require
from app.screening import undoing
from app.screening.lifecycle import UnsuitableClass
from app.screening.models import ScreeningDecision, SecondLook
from app.screening.second_look import LIFECYCLE, REJECTIONS, SecondLookEvent, SecondLookState
from app.submissions import queries as submissions
from app.submissions.lifecycle import ScreeningEvent

ANSWERS = frozenset({ScreeningEvent.ACCEPT, *REJECTIONS})
"""What the second reviewer can decide."""
FEWEST_TOLD = 5
"""Of fewer looks no rate is told: it would say something about single reviewers and nothing about the rules."""
LOOKED_AT = (
    SecondLookState.AGREED,
    SecondLookState.DISAGREED,
    SecondLookState.UPHELD,
    SecondLookState.REOPENED,
)


@dataclass(frozen=True)
class Opinion:
    """What the second reviewer would have decided, and why."""

    decision: ScreeningEvent
    unsuitable_class: UnsuitableClass | None
    reason: str


@dataclass(frozen=True)
class Rate:
    """Of the looks at decisions of one kind, how many differed; `unsuitable_class` is None for the other kinds."""

    decision: ScreeningEvent
    unsuitable_class: UnsuitableClass | None
    looked_at: int
    differed: int

    @property
    def percent(self) -> int | None:
        """None where there are fewer than FEWEST_TOLD."""
        return percent(self.looked_at, self.differed)


def percent(looked_at: int, differed: int) -> int | None:
    """How many of a hundred looks differed; None where there are fewer than FEWEST_TOLD."""
    return None if looked_at < FEWEST_TOLD else round(100 * differed / looked_at)


def look(session: Session, actor: Actor, at: datetime, decision_id: uuid.UUID, revision: int, opinion: Opinion) -> bool:
    """Keeps what the second reviewer decided; answers whether it is what the first one did, class included.

    The submission stays as the first decision left it. Raises NotFound, Conflict when somebody looked first or the
    decision was undone, Forbidden("own_decision"), Unprocessable.
    """
    require(actor, Permission.SCREEN)
    found, first = _at_revision(session, decision_id, revision)
    if first.decided_by == actor.id:
        raise Forbidden("own_decision")
    _refuse_unfit(opinion)
    same = (opinion.decision, opinion.unsuitable_class) == (first.decision, first.unsuitable_class)
    found.state = LIFECYCLE.after(found.state, SecondLookEvent.AGREE if same else SecondLookEvent.DISAGREE)
    found.decision, found.unsuitable_class = opinion.decision, opinion.unsuitable_class
    found.reason = optional(opinion.reason)
    found.looked_by, found.looked_at = actor.id, at
    audit.record(
        session,
        actor,
        at,
        "second_look.made",
        ("second_look", decision_id),
        within=found.consultation_id,
        state=found.state.value,
    )
    return same


def settle(
    session: Session, actor: Actor, at: datetime, decision_id: uuid.UUID, revision: int, *, upholds: bool, reason: str
) -> None:
    """Ends a difference: the first decision is upheld, or taken back so that the submission is screened anew.

    Raises NotFound, InvalidTransition, Conflict, Unprocessable without a reason, Forbidden("own_decision",
    "own_second_look"), and what `undoing.reopen` raises.
    """
    require(actor, Permission.SETTLE_SECOND_LOOKS)
    found, first = _at_revision(session, decision_id, revision)
    if first.decided_by == actor.id:
        raise Forbidden("own_decision")
    if found.looked_by == actor.id:
        raise Forbidden("own_second_look")
    state = LIFECYCLE.after(found.state, SecondLookEvent.UPHOLD if upholds else SecondLookEvent.REOPEN)
    words = due(reason)
    if not upholds:
        submission = submissions.get(session, found.submission_id)
        undoing.reopen(session, actor, at, submission.id, submission.revision, words)
    found.state, found.settled_by, found.settled_at, found.settled_reason = state, actor.id, at, words
    audit.record(
        session,
        actor,
        at,
        "second_look.settled",
        ("second_look", decision_id),
        within=found.consultation_id,
        state=state.value,
    )


def get(session: Session, decision_id: uuid.UUID) -> SecondLook:
    """Raises NotFound."""
    found = session.get(SecondLook, decision_id)
    if found is None:
        raise NotFound("no_such_second_look")
    return found


def of_submission(session: Session, submission_id: uuid.UUID) -> SecondLook | None:
    """The last one that somebody has looked at or settled; nothing tells of one that waits."""
    return session.scalar(
        select(SecondLook)
        .where(SecondLook.submission_id == submission_id, SecondLook.state.in_(LOOKED_AT))
        .order_by(SecondLook.drawn_at.desc())
        .limit(1)
    )


def waiting_for(
    session: Session, staff_id: str, consultation_id: uuid.UUID | None, after: Key | None, limit: int
) -> Page[SecondLook]:
    """What that person may look at: somebody else rejected it. The one that waits longest first."""
    others = ScreeningDecision.decided_by != staff_id
    return _listed(session, and_(SecondLook.state == SecondLookState.WAITING, others), consultation_id, after, limit)


def differing_for(
    session: Session, staff_id: str, consultation_id: uuid.UUID | None, after: Key | None, limit: int
) -> Page[SecondLook]:
    """Differences that that person may settle: they had no part in them."""
    no_part = and_(ScreeningDecision.decided_by != staff_id, SecondLook.looked_by != staff_id)
    return _listed(session, and_(SecondLook.state == SecondLookState.DISAGREED, no_part), consultation_id, after, limit)


def rates(session: Session, consultation_id: uuid.UUID | None) -> Sequence[Rate]:
    """How often second reviewers differed, by kind and class of the first decision."""
    which: ColumnElement[bool] = SecondLook.state.in_(LOOKED_AT)
    if consultation_id is not None:
        which = and_(which, SecondLook.consultation_id == consultation_id)
    differed = func.sum(case((SecondLook.state == SecondLookState.AGREED, 0), else_=1))
    kind = (ScreeningDecision.decision, ScreeningDecision.unsuitable_class)
    rows = session.execute(
        select(*kind, func.count(), differed)
        .join(SecondLook, SecondLook.decision_id == ScreeningDecision.id)
        .where(which)
        .group_by(*kind)
        .order_by(*kind)
    )
    return [Rate(decision, unsuitable, looked, int(other)) for decision, unsuitable, looked, other in rows]


def _listed(
    session: Session, which: ColumnElement[bool], consultation_id: uuid.UUID | None, after: Key | None, limit: int
) -> Page[SecondLook]:
    query = select(SecondLook).join(ScreeningDecision, ScreeningDecision.id == SecondLook.decision_id).where(which)
    if consultation_id is not None:
        query = query.where(SecondLook.consultation_id == consultation_id)
    if after:
        query = query.where(tuple_(SecondLook.drawn_at, SecondLook.decision_id) > tuple_(after.at, after.id))
    rows = session.scalars(query.order_by(SecondLook.drawn_at, SecondLook.decision_id).limit(limit + 1)).all()
    return page_of(rows, limit, lambda row: Key(row.drawn_at, row.decision_id))


def _at_revision(session: Session, decision_id: uuid.UUID, revision: int) -> tuple[SecondLook, ScreeningDecision]:
    """As the person saw it, with the first decision."""
    found = get(session, decision_id)
    if found.revision != revision:
        raise Conflict("changed_meanwhile")
    return found, session.get_one(ScreeningDecision, decision_id)


def _refuse_unfit(opinion: Opinion) -> None:
    if opinion.decision not in ANSWERS:
        raise Unprocessable("no_decision")
    if (opinion.unsuitable_class is not None) != (opinion.decision is ScreeningEvent.CLOSE_AS_UNSUITABLE):
        raise Unprocessable("class_required")
