"""Who screens what (分工): leads allocate what waits, even it out and hand it over; members claim and give back.

Every verb changes rows by statements that choose them in the store, at most STEP rows each: however many there are,
none is loaded. What two want at once goes to one of them. What is allocated keeps its revision: whoever has it open can
still decide on it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, update
from sqlalchemy.orm import Session

from app import audit
from app.accounts import queries as accounts
from app.kit.errors import Conflict, Unprocessable
from app.permissions import Actor, Permission, require
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission, SubmissionClause
from app.teamwork.models import Lease
from app.teamwork.records import RecordKind
from app.teamwork.sharing import moves_to_even_out, shares

STEP = 1000
"""Rows that one statement changes at most."""
MOST = 100_000
"""Submissions that one act allocates at most."""
MOST_CLAIMED = 200
"""Submissions that a member claims at once at most."""


@dataclass(frozen=True)
class Portion:
    """Which waiting submissions are meant: those of a consultation, of one clause that the sender chose, or those whose
    ids the query `among` gives."""

    consultation_id: uuid.UUID
    clause_id: uuid.UUID | None = None
    among: Select[uuid.UUID] | None = None


def allocate(
    session: Session, actor: Actor, at: datetime, portion: Portion, count: int, members: Sequence[str]
) -> dict[str, int]:
    """Gives the `count` that wait longest and are nobody's to the members in even parts; answers who got how many.

    Fewer where fewer wait. Raises Unprocessable for a count that isn't 1 to MOST, and for who can't screen.
    """
    require(actor, Permission.ALLOCATE_WORK)
    if not 1 <= count <= MOST:
        raise Unprocessable("count_out_of_bounds", most=MOST)
    chosen = _members(session, members)
    free = and_(_waiting(portion.consultation_id), _within(portion), Submission.allocated_to.is_(None))
    given = {
        member: _move(session, free, member, share)
        for member, share in zip(chosen, shares(count, len(chosen)), strict=True)
    }
    audit.record(
        session,
        actor,
        at,
        "work.allocated",
        ("consultation", portion.consultation_id),
        clause=str(portion.clause_id) if portion.clause_id else None,
        given=_told(given),
    )
    return given


def even_out(
    session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, members: Sequence[str]
) -> dict[str, int]:
    """Moves waiting submissions from the members who have more to those who have fewer; answers who got how many.

    What arrived last moves first, and what a colleague has open stays with them.
    """
    require(actor, Permission.ALLOCATE_WORK)
    chosen = _members(session, members)
    if len(chosen) < 2:
        raise Unprocessable("two_members_required")
    held = {member: _count(session, and_(_waiting(consultation_id), _of(member))) for member in chosen}
    got = dict.fromkeys(chosen, 0)
    for (giver, taker), number in moves_to_even_out(held).items():
        movable = and_(_waiting(consultation_id), _of(giver), ~_is_open(at))
        got[taker] += _move(session, movable, taker, number, newest_first=True)
    audit.record(session, actor, at, "work.evened_out", ("consultation", consultation_id), given=_told(got))
    return got


def hand_over(
    session: Session,
    actor: Actor,
    at: datetime,
    consultation_id: uuid.UUID | None,
    absent: str,
    members: Sequence[str],
) -> dict[str, int]:
    """Gives all that waits with an absent colleague to the members in even parts, of one consultation or of all."""
    require(actor, Permission.ALLOCATE_WORK)
    chosen = _members(session, [member for member in members if member != absent])
    theirs = and_(_waiting(consultation_id), _of(absent))
    number = _count(session, theirs)
    given = {
        member: _move(session, theirs, member, share)
        for member, share in zip(chosen, shares(number, len(chosen)), strict=True)
    }
    on = ("consultation", consultation_id) if consultation_id else ("staff", absent)
    audit.record(session, actor, at, "work.handed_over", on, absent=absent, given=_told(given))
    return given


def claim(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID) -> None:
    """Makes a waiting submission that is nobody's the actor's own. Raises NotFound, Conflict when it isn't free."""
    require(actor, Permission.SCREEN)
    submission = submissions.get(session, submission_id)
    free = and_(_waiting(submission.consultation_id), Submission.id == submission_id, Submission.allocated_to.is_(None))
    if not _move(session, free, actor.id, 1):
        raise Conflict("not_to_be_claimed")
    audit.record(
        session, actor, at, "submission.claimed", ("submission", submission_id), within=submission.consultation_id
    )


def claim_next(session: Session, actor: Actor, at: datetime, portion: Portion, count: int) -> int:
    """Makes up to `count` of those that wait longest and are nobody's the actor's own; answers how many."""
    require(actor, Permission.SCREEN)
    if not 1 <= count <= MOST_CLAIMED:
        raise Unprocessable("claim_out_of_bounds", most=MOST_CLAIMED)
    free = and_(_waiting(portion.consultation_id), _within(portion), Submission.allocated_to.is_(None))
    number = _move(session, free, actor.id, count)
    audit.record(session, actor, at, "work.claimed", ("consultation", portion.consultation_id), count=number)
    return number


def give_back(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID) -> None:
    """Makes the actor's own waiting submission nobody's again. Raises NotFound, Conflict when it isn't the actor's."""
    require(actor, Permission.SCREEN)
    submission = submissions.get(session, submission_id)
    own = and_(_waiting(submission.consultation_id), Submission.id == submission_id, _of(actor.id))
    if not _move(session, own, None, 1):
        raise Conflict("not_yours")
    audit.record(
        session, actor, at, "submission.given_back", ("submission", submission_id), within=submission.consultation_id
    )


def give_all_back(session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID) -> int:
    """Makes all that waits with the actor in a consultation nobody's again; answers how many."""
    require(actor, Permission.SCREEN)
    own = and_(_waiting(consultation_id), _of(actor.id))
    number = _move(session, own, None, MOST)
    audit.record(session, actor, at, "work.given_back", ("consultation", consultation_id), count=number)
    return number


def _members(session: Session, members: Sequence[str]) -> list[str]:
    """Each once, in the order of their user names. Raises Unprocessable for nobody, and for who can't screen."""
    able = {str(person.id) for person in accounts.screeners(session)}
    chosen = [member for member in sorted(able) if member in set(members)]
    if not chosen:
        raise Unprocessable("member_required")
    if len(chosen) < len(set(members)):
        raise Unprocessable("no_such_member")
    return chosen


def _waiting(consultation_id: uuid.UUID | None) -> ColumnElement[bool]:
    waits = Submission.state == SubmissionState.RECEIVED
    return waits if consultation_id is None else and_(Submission.consultation_id == consultation_id, waits)


def _of(member: str) -> ColumnElement[bool]:
    return Submission.allocated_to == member


def _within(portion: Portion) -> ColumnElement[bool]:
    within = Submission.consultation_id == portion.consultation_id
    if portion.clause_id is not None:
        on_clause = select(SubmissionClause).where(
            SubmissionClause.submission_id == Submission.id, SubmissionClause.clause_id == portion.clause_id
        )
        within = and_(within, on_clause.exists())
    return within if portion.among is None else and_(within, Submission.id.in_(portion.among))


def _is_open(now: datetime) -> ColumnElement[bool]:
    return (
        select(Lease.holder)
        .where(Lease.record_kind == RecordKind.SUBMISSION, Lease.record_id == Submission.id, Lease.until > now)
        .exists()
    )


def _count(session: Session, which: ColumnElement[bool]) -> int:
    """How many there are, as far as one act can move them."""
    some = select(Submission.id).where(which).limit(MOST).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _move(
    session: Session, which: ColumnElement[bool], to: str | None, most: int, *, newest_first: bool = False
) -> int:
    """Gives up to `most` of those to a member, or to nobody; answers how many it were."""
    moved = 0
    while moved < most:
        step = min(STEP, most - moved)
        number = _move_step(session, which, to, step, newest_first=newest_first)
        moved += number
        if number < step:
            break
    return moved


def _move_step(session: Session, which: ColumnElement[bool], to: str | None, most: int, *, newest_first: bool) -> int:
    """Chosen and locked before they are changed: what another transaction is changing just now is passed over."""
    order = (
        (Submission.received_at.desc(), Submission.id.desc())
        if newest_first
        else (Submission.received_at, Submission.id)
    )
    chosen = (
        select(Submission.id).where(which).order_by(*order).limit(most).with_for_update(skip_locked=True).cte("chosen")
    )
    moving = update(Submission).where(Submission.id.in_(select(chosen.c.id))).values(allocated_to=to)
    # The driver of SQLite counts no rows of a statement that begins with WITH.
    moved = session.scalars(moving.returning(literal(1)), execution_options={"synchronize_session": False})
    return len(moved.all())


def _told(given: dict[str, int]) -> list[str]:
    return [f"{member}: {number}" for member, number in given.items()]
