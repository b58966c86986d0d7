"""What people decide about the public display of submissions, and about those that are kept apart (待核验)."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Conflict, NotFound
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.submissions import promises, queries
from app.submissions.guarding import Arrival, Guard, Words
from app.submissions.lifecycle import (
    DISPLAY,
    LIFECYCLE,
    DisplayEvent,
    DisplayState,
    EndedClass,
    HoldReason,
    ObjectionVerdict,
    QuarantineVerdict,
    ScreeningEvent,
)
from app.submissions.models import DisplayedComment, DisplayObjection, QuarantinedSubmission, Submission

AT_ONCE = 500
"""Most items of one decision about many."""
JUDGED_ANEW = frozenset(set(HoldReason) - {HoldReason.UNDER_14, HoldReason.CHECKER})
"""Reasons that a release from quarantine forgets, because the guard looks again."""


def show(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID) -> None:
    """What waited is displayed from now on, as of now.

    Raises NotFound, InvalidTransition unless it waits, Conflict("in_quarantine") while nobody has decided whether it
    counts, Conflict("never_displayed") for a child's.
    """
    require(actor, Permission.TAKE_DOWN)
    row = _held(session, submission_id)
    state = DISPLAY.after(row.state, DisplayEvent.SHOW)
    if HoldReason.QUARANTINE in row.held_for:
        raise Conflict("in_quarantine")
    _refuse_childs(row)
    waited_for, row.state, row.displayed_at, row.held_for = row.held_for, state, at, []
    audit.record(
        session,
        actor,
        at,
        "submission.displayed",
        ("submission", submission_id),
        within=row.consultation_id,
        waited_for=waited_for,
    )


def withhold(
    session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, why: EndedClass, reason: str
) -> None:
    """What waited is not displayed. Its author is told the class; the submission is handled as any other.

    Raises NotFound, InvalidTransition unless it waits, Unprocessable without a reason.
    """
    require(actor, Permission.TAKE_DOWN)
    row = _held(session, submission_id)
    state = DISPLAY.after(row.state, DisplayEvent.WITHHOLD)
    _end(row, actor, at, state, why, due(reason))
    audit.record(
        session,
        actor,
        at,
        "submission.withheld",
        ("submission", submission_id),
        within=row.consultation_id,
        why=why.value,
        reason=due(reason),
    )


def take_down(
    session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, why: EndedClass, reason: str
) -> None:
    """Ends the public display; the public is told that, when and the class, never the reason's words.

    The submission itself stays and is handled as any other. Raises NotFound, InvalidTransition unless it is displayed
    or frozen, Unprocessable without a reason.
    """
    require(actor, Permission.TAKE_DOWN)
    row = _held(session, submission_id)
    state = DISPLAY.after(row.state, DisplayEvent.TAKE_DOWN)
    _end(row, actor, at, state, why, due(reason))
    audit.record(
        session,
        actor,
        at,
        "submission.taken_down",
        ("submission", submission_id),
        within=row.consultation_id,
        why=why.value,
        reason=due(reason),
    )


def restore(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, reason: str) -> None:
    """What was taken down or withheld is displayed again, where it stood.

    Raises NotFound, InvalidTransition, Unprocessable without a reason, Conflict("in_quarantine") where it was discarded
    as machine-made, Conflict("never_displayed").
    """
    require(actor, Permission.TAKE_DOWN)
    row = _held(session, submission_id)
    _restore(row, at)
    audit.record(
        session,
        actor,
        at,
        "submission.restored",
        ("submission", submission_id),
        within=row.consultation_id,
        reason=due(reason),
    )


def decide_together(
    session: Session,
    actor: Actor,
    at: datetime,
    submission_ids: Sequence[uuid.UUID],
    event: DisplayEvent,
    why: EndedClass = EndedClass.OTHER,
    reason: str = "",
) -> int:
    """Shows, withholds or takes down several at once, all or none of them; answers how many. Raises as for one."""
    require(actor, Permission.TAKE_DOWN)
    for submission_id in submission_ids:
        if event is DisplayEvent.SHOW:
            show(session, actor, at, submission_id)
        elif event is DisplayEvent.WITHHOLD:
            withhold(session, actor, at, submission_id, why, reason)
        else:
            take_down(session, actor, at, submission_id, why, reason)
    audit.record(session, actor, at, "display.decided", ("display", event.value), count=len(submission_ids))
    return len(submission_ids)


def take_down_copies(
    session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, why: EndedClass, reason: str
) -> int:
    """Takes down all that is displayed with exactly the same words in its consultation, at most AT_ONCE at a time.

    Answers how many it took down. Raises NotFound, Unprocessable without a reason.
    """
    require(actor, Permission.TAKE_DOWN)
    row = _held(session, submission_id)
    same = session.scalars(
        select(DisplayedComment)
        .where(
            DisplayedComment.consultation_id == row.consultation_id,
            DisplayedComment.text_hash == row.text_hash,
            DisplayedComment.text_hash != "",
            DisplayedComment.state == DisplayState.DISPLAYED,
        )
        .order_by(DisplayedComment.submission_id)
        .limit(AT_ONCE)
    ).all()
    for copy in same:
        take_down(session, actor, at, copy.submission_id, why, reason)
    audit.record(
        session,
        actor,
        at,
        "display.copies_taken_down",
        ("submission", submission_id),
        within=row.consultation_id,
        count=len(same),
    )
    return len(same)


def answer_objection(
    session: Session,
    actor: Actor,
    at: datetime,
    guard: Guard,
    submission_id: uuid.UUID,
    verdict: ObjectionVerdict,
    answer: str,
) -> None:
    """Decides on the author's objection; the author reads the answer. What is restored is displayed again or, where it
    was discarded as machine-made, released.

    Raises NotFound, Conflict("objection_answered"), Conflict("own_decision") for whoever ended the display,
    Unprocessable without an answer.
    """
    require(actor, Permission.TAKE_DOWN)
    objection = session.get(DisplayObjection, submission_id, with_for_update=True, populate_existing=True)
    if objection is None:
        raise NotFound("no_such_objection")
    if objection.verdict is not None:
        raise Conflict("objection_answered")
    words = due(answer)
    _refuse_own(session, actor, submission_id)
    if verdict is ObjectionVerdict.RESTORED:
        _hear(session, actor, at, guard, submission_id)
    objection.verdict, objection.answer = verdict, words
    objection.decided_at, objection.decided_by = at, actor.id
    audit.record(
        session,
        actor,
        at,
        "submission.objection_answered",
        ("submission", submission_id),
        within=objection.consultation_id,
        verdict=verdict.value,
        reason=words,
    )


def release(session: Session, actor: Actor, at: datetime, guard: Guard, submission_id: uuid.UUID) -> None:
    """It counts and is screened as any other; its display goes on through the guard, by the rules that hold now.

    Raises NotFound, InvalidTransition unless it is in quarantine or was discarded.
    """
    require(actor, Permission.SCREEN)
    submission = _apart(session, submission_id)
    submission.state = LIFECYCLE.after(submission.state, ScreeningEvent.RELEASE)
    _release(session, actor, at, guard, submission)
    audit.record(
        session, actor, at, "submission.released", ("submission", submission_id), within=submission.consultation_id
    )


def discard(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, reason: str) -> None:
    """It is taken for machine-made: neither counted nor screened nor displayed. Nothing is deleted, and its author, who
    reads of it, may object.

    Raises NotFound, InvalidTransition unless it is in quarantine, Unprocessable without a reason.
    """
    require(actor, Permission.SCREEN)
    submission = _apart(session, submission_id)
    submission.state = LIFECYCLE.after(submission.state, ScreeningEvent.DISCARD)
    _judged(session, actor, at, submission, QuarantineVerdict.DISCARDED, due(reason))
    _withhold_machine_made(session, actor, at, submission_id, due(reason))
    promises.note_outcome(session, at, submission)
    audit.record(
        session,
        actor,
        at,
        "submission.discarded",
        ("submission", submission_id),
        within=submission.consultation_id,
        reason=due(reason),
    )


def judge_together(
    session: Session,
    actor: Actor,
    at: datetime,
    guard: Guard,
    submission_ids: Sequence[uuid.UUID],
    verdict: QuarantineVerdict,
    reason: str = "",
) -> int:
    """Releases or discards several at once, all or none of them; answers how many. Raises as for one."""
    require(actor, Permission.SCREEN)
    for submission_id in submission_ids:
        if verdict is QuarantineVerdict.RELEASED:
            release(session, actor, at, guard, submission_id)
        else:
            discard(session, actor, at, submission_id, reason)
    audit.record(session, actor, at, "quarantine.judged", ("quarantine", verdict.value), count=len(submission_ids))
    return len(submission_ids)


def _held(session: Session, submission_id: uuid.UUID) -> DisplayedComment:
    """Nobody else changes it until this transaction ends."""
    row = session.get(DisplayedComment, submission_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("not_displayed")
    return row


def _apart(session: Session, submission_id: uuid.UUID) -> Submission:
    queries.hold(session, [submission_id])
    return queries.get(session, submission_id)


def _end(row: DisplayedComment, actor: Actor, at: datetime, state: DisplayState, why: EndedClass, reason: str) -> None:
    row.state = state
    row.taken_down_at, row.taken_down_by = at, actor.id
    row.taken_down_class, row.taken_down_reason = why, reason


def _restore(row: DisplayedComment, at: datetime) -> None:
    was = row.state
    state = DISPLAY.after(was, DisplayEvent.RESTORE)
    if HoldReason.QUARANTINE in row.held_for:
        raise Conflict("in_quarantine")
    _refuse_childs(row)
    row.state, row.held_for = state, []
    row.displayed_at = at if was is DisplayState.WITHHELD else row.displayed_at
    _forget_the_end(row)


def _forget_the_end(row: DisplayedComment) -> None:
    row.taken_down_at = row.taken_down_by = row.taken_down_class = row.taken_down_reason = None


def _refuse_childs(row: DisplayedComment) -> None:
    if HoldReason.UNDER_14 in row.held_for:
        raise Conflict("never_displayed")


def _refuse_own(session: Session, actor: Actor, submission_id: uuid.UUID) -> None:
    row = session.get(DisplayedComment, submission_id)
    apart = session.get(QuarantinedSubmission, submission_id)
    if actor.id in {row.taken_down_by if row else None, apart.decided_by if apart else None}:
        raise Conflict("own_decision")


def _hear(session: Session, actor: Actor, at: datetime, guard: Guard, submission_id: uuid.UUID) -> None:
    submission = _apart(session, submission_id)
    if LIFECYCLE.allows(submission.state, ScreeningEvent.RELEASE):
        submission.state = LIFECYCLE.after(submission.state, ScreeningEvent.RELEASE)
        _release(session, actor, at, guard, submission)
        return
    row = _held(session, submission_id)
    if row.state is not DisplayState.DISPLAYED:  # somebody may have restored it already
        _restore(row, at)


def _release(session: Session, actor: Actor, at: datetime, guard: Guard, submission: Submission) -> None:
    _judged(session, actor, at, submission, QuarantineVerdict.RELEASED, None)
    promises.note_outcome(session, at, submission, undoes=True)
    row = session.get(DisplayedComment, submission.id, with_for_update=True)
    if row is None:
        return
    if row.state is DisplayState.WITHHELD:
        row.state = DISPLAY.after(row.state, DisplayEvent.RECONSIDER)
        _forget_the_end(row)
    [again] = guard.judge(session, [Arrival(row, Words(submission.title, submission.comment))])
    row.held_for = sorted({*again, *set(row.held_for) - JUDGED_ANEW})
    if not row.held_for and row.state is DisplayState.WAITING:
        row.state, row.displayed_at = DISPLAY.after(row.state, DisplayEvent.SHOW), at


def _withhold_machine_made(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, reason: str) -> None:
    row = session.get(DisplayedComment, submission_id, with_for_update=True)
    if row is not None and DISPLAY.allows(row.state, DisplayEvent.WITHHOLD):
        _end(row, actor, at, DISPLAY.after(row.state, DisplayEvent.WITHHOLD), EndedClass.MACHINE_MADE, reason)


def _judged(
    session: Session,
    actor: Actor,
    at: datetime,
    submission: Submission,
    verdict: QuarantineVerdict,
    reason: str | None,
) -> None:
    apart = session.get_one(QuarantinedSubmission, submission.id)
    apart.verdict, apart.reason, apart.decided_at, apart.decided_by = verdict, reason, at, actor.id
