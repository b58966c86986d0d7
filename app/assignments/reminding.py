"""What time does to assignments: reminders that are due, and questions that senders have answered or let lapse."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments import clocks, moving, working_time
from app.assignments.ladder import ESCALATION, Rung
from app.assignments.lifecycle import OPEN
from app.assignments.models import Assignment, AssignmentReminder
from app.clarifications.lifecycle import ClarificationState
from app.clarifications.models import Clarification
from app.kit.crypto import content_hash

AT_ONCE = 200


def remind_due(session: Session, now: datetime) -> int:
    """Takes the step of the ladder that is due for each assignment whose time runs; how many were looked at.

    Of several steps that came due meanwhile only the last is taken: a reminder that a date is near says nothing once
    it has passed. Each is taken once for one deadline, whatever runs beside.
    """
    waiting = select(Assignment.id).where(Assignment.next_reminder_at <= now)
    ids = session.scalars(waiting.order_by(Assignment.next_reminder_at).limit(AT_ONCE)).all()
    for id in ids:
        row = moving.hold(session, id)
        since, due_at = row.next_reminder_at, row.due_at
        if since is None or due_at is None or since > now:
            continue
        pace = clocks.pace_of(session, row.department_id)
        row.next_reminder_at = working_time.next_moment(pace.calendar, pace.rungs, due_at, now)
        rung = working_time.reached(pace.calendar, pace.rungs, due_at, since, now)
        if rung is not None and row.state in OPEN:
            _take(session, now, row, due_at, rung)
    return len(ids)


def settle_questions(session: Session, now: datetime) -> int:
    """Lets clocks go on from the instant at which their question was answered, lapsed or dropped; how many did."""
    over = (
        select(Assignment.id, Clarification)
        .join(Clarification, Clarification.id == Assignment.question_id)
        .where(Clarification.state != ClarificationState.ASKED)
        .limit(AT_ONCE)
    )
    found = session.execute(over).all()
    for id, question in found:
        row = moving.hold(session, id)
        if row.question_id != question.id:
            continue
        outcome, ended_at = _end_of(question)
        row.question_id, row.changed_at = None, now
        session.flush()
        moving.let_go_on(session, min(ended_at, now), row.suggestion_id)
        moving.tell(session, now, row, f"clarification.{outcome}", clarification=str(question.id))
    return len(found)


def _take(session: Session, now: datetime, row: Assignment, due_at: datetime, rung: Rung) -> None:
    once = content_hash("assignment_reminder", str(row.id), due_at.isoformat(), rung.step.value)
    if session.scalar(select(AssignmentReminder.id).where(AssignmentReminder.once == once)) is not None:
        return
    session.add(
        AssignmentReminder(
            assignment_id=row.id, once=once, step=rung.step, tone=rung.tone, due_at=due_at, sent_at=now, sent_by=None
        )
    )
    row.escalation, row.changed_at = max(row.escalation, ESCALATION[rung.tone]), now
    kind = "assignment.overdue" if now >= due_at else "assignment.due_soon"
    moving.tell(session, now, row, kind, step=rung.step.value, tone=rung.tone.value, due_at=due_at.isoformat())


def _end_of(question: Clarification) -> tuple[str, datetime]:
    """How it ended, and when; that somebody has read it since makes no difference."""
    if question.answered_at is not None:
        return "answered", question.answered_at
    if question.state is ClarificationState.DROPPED:
        return "dropped", question.ended_at or question.due_at
    return "lapsed", question.due_at
