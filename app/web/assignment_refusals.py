"""Why something can't be done about an assignment, in words."""

from app.web.i18n import N_

ASSIGNMENT_REFUSALS = {
    "had_it_before": N_(
        "That department had this suggestion before. Send it back, and the approver decides who gets it."
    ),
    "passed_on_too_often": N_(
        "This suggestion has been passed on too often. Send it back, and the approver decides who gets it."
    ),
    "has_it_already": N_("That department has this suggestion already."),
    "has_no_lead": N_("No department leads this suggestion at the moment; assign it first."),
    "lead_has_answered": N_("The lead department has answered already; nobody can be added any more."),
    "suggests_itself": N_("A department that sends back can't suggest itself."),
    "not_open": N_("This assignment is answered or has ended, so that nothing is due any more."),
    "only_the_lead": N_("Only the department that leads asks others for cooperation."),
    "too_many_cooperating": N_("No more departments can be asked; the approver decides about further ones."),
    "clock_stopped": N_("The time of this assignment stands still, so that there is nothing to remind of."),
    "reminded_today": N_("This department was reminded by hand today already."),
    "tone_not_possible": N_(
        "This kind of reminder is not possible here: nothing is late, or the body is asked by letter."
    ),
    "due_out_of_bounds": N_("The last day must be today or later, and within a year."),
    "term_out_of_bounds": N_("Give between 1 and 60 working days."),
    "nobody_to_ask": N_("No sender of this suggestion can be asked at the moment."),
}
