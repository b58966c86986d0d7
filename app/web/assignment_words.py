"""The words of assignments: what their life, reminders and proposals are called."""

from app.assignments.ladder import Step, Tone
from app.assignments.lifecycle import AssignmentState
from app.web.i18n import N_
from app.webhooks.lifecycle import MessageState

ASSIGNMENT_LABELS = (
    (AssignmentState.IN_PROGRESS, N_("In progress")),
    (AssignmentState.CONFIRMED, N_("Answer confirmed")),
    (AssignmentState.TRANSFERRED, N_("Passed on")),
    (AssignmentState.RECALLED, N_("Recalled")),
    (Step.DUE_IN_3, N_("3 working days before")),
    (Step.DUE_TODAY, N_("On the last day")),
    (Step.LATE_1, N_("1 working day late")),
    (Step.LATE_3, N_("3 working days late")),
    (Step.LATE_7, N_("7 working days late")),
    (Step.BY_HAND, N_("By hand")),
    (Tone.REMIND, N_("Reminder")),
    (Tone.URGE, N_("Urging")),
    (Tone.SUPERVISE, N_("Supervision")),
    (Tone.REQUEST, N_("Request by letter")),
)
PUSH_STATES = {
    MessageState.PENDING: N_("On its way"),
    MessageState.DELIVERED: N_("Received"),
    MessageState.DEAD: N_("Sending given up"),
}
ASSIGNMENT_HISTORY = {
    "suggestion.cooperating_added": N_("Cooperating department added"),
    "assignment.cooperation_asked": N_("Cooperation asked for by the lead department"),
    "assignment.acknowledged": N_("Acknowledged by the department"),
    "assignment.answered": N_("Answered by the department"),
    "assignment.answer_drafted": N_("Answer drafted by the department"),
    "assignment.begun": N_("Work begun"),
    "assignment.progress_noted": N_("Progress noted"),
    "assignment.sent_back": N_("Sent back by the department"),
    "assignment.transferred": N_("Passed on to another department"),
    "assignment.recalled": N_("Recalled"),
    "assignment.due_set": N_("Another last day set"),
    "assignment.reminded": N_("Reminded by hand"),
    "assignment.pushed_again": N_("Sent again by hand"),
    "assignment.sender_asked": N_("Sender asked"),
    "consultation.assignment_terms_set": N_("Working days for departments set"),
}
FURTHER_WHY = {
    "transferred": N_("Passed on by another department."),
    "asked_by_lead": N_("The lead department asked for cooperation."),
    "suggested_on_sending_back": N_("Suggested by the department that sent it back."),
    "next_named": N_("The next that the clause names; those before it gave it up."),
    "no_department_left": N_("No other department is left, so the drafting department answers."),
    "gave_it_up": N_("Had it and gave it up."),
    "has_it_already": N_("Has it already."),
    "nobody_left": N_("Every department that could be proposed gave it up; please choose."),
}
