"""The clock of one assignment: started, stopped, going on, ended. Changes the record that it is given and no more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.assignments import working_time
from app.assignments.ladder import LADDERS, Rung
from app.assignments.models import Assignment
from app.calendars import queries as calendars
from app.calendars.working_days import Calendar
from app.departments import queries as departments


@dataclass(frozen=True)
class Pace:
    """By which days a department's time is counted, and how it is reminded."""

    calendar: Calendar
    rungs: tuple[Rung, ...]


def pace_of(session: Session, department_id: str) -> Pace:
    """Raises NotFound for a department that isn't in the directory."""
    handing_over = departments.find(session, department_id).handing_over
    return Pace(calendars.calendar(session), LADDERS[handing_over])


def set_due(assignment: Assignment, pace: Pace, due_at: datetime, at: datetime) -> None:
    """From now on it is due then; the reminders begin anew. One whose clock is stopped stays stopped, from `at` on."""
    assignment.due_at = due_at
    if assignment.clock_stopped_at is not None:
        _fold(assignment, at)
        assignment.clock_stopped_at = at
        return
    assignment.runs_out_at = due_at
    assignment.next_reminder_at = working_time.next_moment(pace.calendar, pace.rungs, due_at, at)


def stop(assignment: Assignment, at: datetime) -> None:
    """Nothing is awaited of the department for now; who is stopped already stays so."""
    if assignment.clock_stopped_at is None:
        assignment.clock_stopped_at = at
    assignment.runs_out_at = assignment.next_reminder_at = None


def go_on(assignment: Assignment, pace: Pace, at: datetime, *, days_at_least: int = 0) -> None:
    """The time that was stopped is given back in working days. Does nothing where the clock runs."""
    stopped_at = assignment.clock_stopped_at
    if stopped_at is None:
        return
    _fold(assignment, at)
    if assignment.due_at is None:
        return
    due_at = working_time.moved_on(pace.calendar, assignment.due_at, stopped_at, at)
    if days_at_least:
        due_at = max(due_at, working_time.due_after(pace.calendar, at, days_at_least))
    set_due(assignment, pace, due_at, at)


def end(assignment: Assignment, at: datetime) -> None:
    """Nothing will be awaited of the department any more."""
    _fold(assignment, at)
    assignment.runs_out_at = assignment.next_reminder_at = None


def _fold(assignment: Assignment, at: datetime) -> None:
    if assignment.clock_stopped_at is not None:
        assignment.seconds_stopped += max(int((at - assignment.clock_stopped_at).total_seconds()), 0)
        assignment.clock_stopped_at = None
