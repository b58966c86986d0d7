"""What the area that keeps answers does to assignments, in its own transaction and for its own actor."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.assignments import clocks, moving, working_time
from app.assignments.lifecycle import LIFECYCLE, OPEN, AssignmentEvent, AssignmentRole, AssignmentState
from app.assignments.models import Assignment


def may_be_answered(assignment: Assignment) -> bool:
    return LIFECYCLE.allows(assignment.state, AssignmentEvent.ANSWER)


def close_as_answered(session: Session, assignment: Assignment, at: datetime) -> None:
    """The final answer has been given; the clock stands still until it is confirmed or returned.

    Other departments' assignments stay as they are: until the lead's answer is confirmed, they may still add theirs.
    Raises InvalidTransition.
    """
    moving.step(session, at, assignment, AssignmentEvent.ANSWER)
    assignment.acknowledged_at = assignment.acknowledged_at or at
    assignment.answered_at = assignment.closed_at = at
    clocks.stop(assignment, at)
    moving.tell(session, at, assignment, "assignment.answered")


def close_as_confirmed(session: Session, assignment: Assignment, at: datetime) -> None:
    """The drafting department agreed with the answer. The lead's ends the suggestion for everybody.

    What cooperating departments answered is confirmed with it; whoever has not answered yet is asked no longer: its
    assignment is recalled without a reason of anybody's. Raises InvalidTransition.
    """
    moving.hold_suggestion(session, assignment.suggestion_id)
    _confirm(session, assignment, at)
    if assignment.role is not AssignmentRole.LEAD:
        return
    session.flush()
    for row in moving.of_suggestion(session, assignment.suggestion_id):
        if row.state is AssignmentState.ANSWERED:
            _confirm(session, row, at)
        elif row.state in OPEN:
            moving.step(session, at, row, AssignmentEvent.RECALL)
            row.recalled_at = at
            moving.tell(session, at, row, "assignment.recalled", cause="lead_confirmed")


def reopen_as_returned(session: Session, assignment: Assignment, at: datetime, remark: str) -> None:
    """The drafting department gave the answer back with a remark; the department's time goes on.

    What passed between answer and return isn't counted, and at least RETURN_DAYS working days are left. Raises
    InvalidTransition.
    """
    moving.hold_suggestion(session, assignment.suggestion_id)
    moving.step(session, at, assignment, AssignmentEvent.RETURN)
    assignment.returned_at, assignment.return_remark = at, remark
    assignment.answered_at = assignment.confirmed_at = assignment.closed_at = None
    clocks.stop(assignment, at)  # of one that was confirmed it had ended
    pace = clocks.pace_of(session, assignment.department_id)
    clocks.go_on(assignment, pace, at, days_at_least=working_time.RETURN_DAYS)
    moving.tell(session, at, assignment, "assignment.returned")


def _confirm(session: Session, assignment: Assignment, at: datetime) -> None:
    moving.step(session, at, assignment, AssignmentEvent.CONFIRM)
    assignment.confirmed_at = at
    clocks.end(assignment, at)
    moving.tell(session, at, assignment, "assignment.confirmed")
