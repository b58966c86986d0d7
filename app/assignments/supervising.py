"""What the approver and the manager do while departments have a suggestion: add, recall, set the day, remind."""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app import audit
from app.assignments import clocks, moving, passing, pushes, queries
from app.assignments.ladder import ESCALATION, Step, Tone, tones
from app.assignments.lifecycle import ACTIVE, OPEN, AssignmentEvent, AssignmentRole
from app.assignments.models import Assignment, AssignmentReminder, AssignmentTerms
from app.assignments.moving import Due, Handing
from app.assignments.working_time import LONGEST_TERM, SHORTEST_TERM
from app.departments import queries as departments
from app.kit.clock import beijing_day, end_of_beijing_day
from app.kit.errors import Conflict, Unprocessable
from app.kit.reasons import due as due_reason
from app.kit.reasons import optional
from app.permissions import Actor, Permission, require
from app.screening.models import Suggestion
from app.webhooks import ledger as webhooks

FURTHEST_DUE = timedelta(days=366)


def add_cooperating(
    session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, department_id: str, why: str
) -> Assignment:
    """One more department is asked for its opinion (增加配合单位). `why` is a code of a proposal's reason.

    Raises NotFound, Conflict("has_no_lead"), Conflict("lead_has_answered") once the lead's answer is given,
    Conflict("has_it_already"), Unprocessable for a department that can't be assigned.
    """
    require(actor, Permission.ASSIGN)
    suggestion = moving.hold_suggestion(session, suggestion_id)
    lead, held = _lead_of(session, suggestion)
    if department_id in held:
        raise Conflict("has_it_already", department=department_id)
    handing = Handing(department_id, AssignmentRole.COOPERATING, why, actor.id)
    made = moving.deliver(session, at, suggestion, handing)
    moving.tell(session, at, lead, "assignment.cooperating_added", department=department_id)
    audit.record(
        session,
        actor,
        at,
        "suggestion.cooperating_added",
        ("suggestion", suggestion_id),
        within=suggestion.consultation_id,
        department=department_id,
    )
    return made


def recall(session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID, reason: str) -> Assignment:
    """The approver takes it back (收回) and tells the department why; without its lead, a suggestion is proposed anew.

    Raises NotFound, InvalidTransition once it is answered or has ended, Unprocessable without a reason.
    """
    require(actor, Permission.SUPERVISE_ASSIGNMENTS)
    assignment = _within(session, actor, assignment_id)
    moving.step(session, at, assignment, AssignmentEvent.RECALL)
    words = due_reason(reason)
    assignment.recalled_at, assignment.recall_reason = at, words
    session.flush()
    passing.without_lead(session, at, assignment)
    moving.tell(session, at, assignment, "assignment.recalled", cause="recalled_by_approver")
    audit.record(
        session,
        actor,
        at,
        "assignment.recalled",
        ("assignment", assignment.id),
        within=assignment.consultation_id,
        reason=words,
        department=assignment.department_id,
    )
    return assignment


def set_due(
    session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID, day: date, reason: str
) -> Assignment:
    """Another last day, with a reason. A stopped clock stays stopped and gives back what it stands still from now on.

    Raises NotFound, Conflict("not_open"), Unprocessable("due_out_of_bounds") for a day that is over or further than a
    year away, Unprocessable without a reason.
    """
    require(actor, Permission.SUPERVISE_ASSIGNMENTS)
    assignment = _within(session, actor, assignment_id)
    if assignment.state not in OPEN:
        raise Conflict("not_open")
    chosen = chosen_due(at, day, reason)
    assignment.due_reason, assignment.changed_at = chosen.reason, at
    pace = clocks.pace_of(session, assignment.department_id)
    clocks.set_due(assignment, pace, end_of_beijing_day(chosen.day), at)
    moving.tell(session, at, assignment, "assignment.due_changed", due_at=end_of_beijing_day(chosen.day).isoformat())
    audit.record(
        session,
        actor,
        at,
        "assignment.due_set",
        ("assignment", assignment.id),
        within=assignment.consultation_id,
        due=chosen.day.isoformat(),
        reason=chosen.reason,
    )
    return assignment


def remind(
    session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID, tone: Tone, words: str
) -> AssignmentReminder:
    """A reminder by hand, with words of the approver's if there are any; at most one on a day.

    Raises NotFound, Conflict("not_open"), Conflict("clock_stopped"), Conflict("reminded_today"),
    Unprocessable("tone_not_possible") for one that isn't due, or that the department's relationship doesn't allow.
    """
    require(actor, Permission.SUPERVISE_ASSIGNMENTS)
    assignment = _within(session, actor, assignment_id)
    if assignment.state not in OPEN:
        raise Conflict("not_open")
    if assignment.clock_stopped_at is not None:
        raise Conflict("clock_stopped")
    late = assignment.due_at is not None and at >= assignment.due_at
    if tone not in tones(departments.find(session, assignment.department_id).handing_over, late=late):
        raise Unprocessable("tone_not_possible")
    if queries.reminded_by_hand(session, assignment.id, beijing_day(at)):
        raise Conflict("reminded_today")
    made = AssignmentReminder(
        assignment_id=assignment.id,
        step=Step.BY_HAND,
        tone=tone,
        due_at=assignment.due_at,
        sent_at=at,
        sent_by=actor.id,
        words=optional(words),
    )
    session.add(made)
    assignment.escalation, assignment.changed_at = max(assignment.escalation, ESCALATION[tone]), at
    kind = "assignment.overdue" if late else "assignment.due_soon"
    moving.tell(session, at, assignment, kind, step=Step.BY_HAND.value, tone=tone.value)
    audit.record(
        session,
        actor,
        at,
        "assignment.reminded",
        ("assignment", assignment.id),
        within=assignment.consultation_id,
        tone=tone.value,
        words=made.words,
    )
    return made


def push_again(session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID, delivery_id: uuid.UUID) -> None:
    """Sends a settled message about the assignment to the department's receiver again, under the same id.

    Raises NotFound, InvalidTransition for one that is on its way.
    """
    require(actor, Permission.SUPERVISE_ASSIGNMENTS)
    assignment = _within(session, actor, assignment_id)
    push = pushes.one_of(session, assignment, delivery_id)
    webhooks.promise_anew(session, push.endpoint.id, delivery_id, at)
    audit.record(
        session,
        actor,
        at,
        "assignment.pushed_again",
        ("assignment", assignment.id),
        within=assignment.consultation_id,
        message=str(push.message.event_id),
    )


def set_terms(
    session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, lead_days: int, cooperating_days: int
) -> None:
    """How many working days departments have from now on, in one consultation; what is delivered keeps its day.

    Raises Unprocessable("term_out_of_bounds").
    """
    require(actor, Permission.SUPERVISE_ASSIGNMENTS, within=consultation_id)
    if not all(SHORTEST_TERM <= days <= LONGEST_TERM for days in (lead_days, cooperating_days)):
        raise Unprocessable("term_out_of_bounds", least=SHORTEST_TERM, most=LONGEST_TERM)
    session.merge(
        AssignmentTerms(
            consultation_id=consultation_id,
            lead_days=lead_days,
            cooperating_days=cooperating_days,
            set_by=actor.id,
            set_at=at,
        )
    )
    audit.record(
        session,
        actor,
        at,
        "consultation.assignment_terms_set",
        ("consultation", consultation_id),
        lead_days=lead_days,
        cooperating_days=cooperating_days,
    )


def chosen_due(at: datetime, day: date, reason: str) -> Due:
    """A last day that may be chosen, with its reason. Raises Unprocessable."""
    if not beijing_day(at) <= day <= beijing_day(at + FURTHEST_DUE):
        raise Unprocessable("due_out_of_bounds")
    return Due(day, due_reason(reason))


def _within(session: Session, actor: Actor, assignment_id: uuid.UUID) -> Assignment:
    assignment = moving.hold(session, assignment_id)
    require(actor, Permission.SUPERVISE_ASSIGNMENTS, within=assignment.consultation_id)
    return assignment


def _lead_of(session: Session, suggestion: Suggestion) -> tuple[Assignment, frozenset[str]]:
    """The lead that is still to answer, and the departments that have the suggestion."""
    held = [row for row in moving.of_suggestion(session, suggestion.id) if row.state in ACTIVE]
    lead = next((row for row in held if row.role is AssignmentRole.LEAD), None)
    if lead is None:
        raise Conflict("has_no_lead")
    if lead.state not in OPEN:
        raise Conflict("lead_has_answered")
    return lead, frozenset(row.department_id for row in held)
