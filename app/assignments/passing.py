"""Passing a suggestion on from one department to another, and what it means for the others that have it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.assignments import clocks, moving
from app.assignments.closing import may_be_answered
from app.assignments.lifecycle import ACTIVE, AssignmentRole
from app.assignments.models import Assignment
from app.assignments.moving import Due, Handing
from app.kit.errors import Conflict
from app.screening.models import Suggestion

MOST_TRANSFERS = 3
"""How often one suggestion is passed on in a row before the approver has to decide."""


def check(session: Session, assignment: Assignment, to_department_id: str) -> None:
    """Refuses a transfer in a circle, for whoever had the suggestion and gave it away doesn't get it from a department.

    Raises as `transfer` says.
    """
    moving.check_assignable(session, to_department_id)
    every = moving.of_suggestion(session, assignment.suggestion_id)
    theirs = [row for row in every if row.department_id == to_department_id]
    if to_department_id == assignment.department_id or any(row.state not in ACTIVE for row in theirs):
        raise Conflict("had_it_before", department=to_department_id)
    takes_lead = assignment.role is AssignmentRole.LEAD and all(map(may_be_answered, theirs))
    if theirs and not takes_lead:
        raise Conflict("has_it_already", department=to_department_id)
    if _times_passed_on(every, assignment) >= MOST_TRANSFERS:
        raise Conflict("passed_on_too_often", limit=MOST_TRANSFERS)


def hand_on(session: Session, at: datetime, given: Assignment, to_department_id: str, by: str) -> Assignment:
    """What the other department has now: a new assignment, or the one that it had, which leads from now on."""
    every = moving.of_suggestion(session, given.suggestion_id)
    held = next((row for row in every if row.department_id == to_department_id and row.state in ACTIVE), None)
    if held is not None:
        promote(session, at, held, None)
        return held
    suggestion = session.get_one(Suggestion, given.suggestion_id)
    handing = Handing(to_department_id, given.role, "transferred", by, came_from_id=given.id)
    return moving.deliver(session, at, suggestion, handing)


def promote(session: Session, at: datetime, assignment: Assignment, due: Due | None) -> None:
    """A cooperating department leads from now on, with a lead's time from now on."""
    assignment.role, assignment.changed_at = AssignmentRole.LEAD, at
    if assignment.question_id is None:
        clocks.end(assignment, at)
    moving.give_time(session, at, assignment, due)
    moving.tell(session, at, assignment, "assignment.delivered")


def without_lead(session: Session, at: datetime, given_up: Assignment) -> None:
    """Nobody waits for cooperating departments while nobody leads."""
    if given_up.role is AssignmentRole.LEAD:
        moving.stop_cooperating(session, at, given_up.suggestion_id)


def _times_passed_on(every: Iterable[Assignment], assignment: Assignment) -> int:
    known = {row.id: row for row in every}
    times, came_from = 0, assignment.came_from_id
    while came_from is not None:
        times, came_from = times + 1, known[came_from].came_from_id
    return times
