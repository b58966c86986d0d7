"""Words for what can't be done with a decision, a prepared reason, a referral, or a question to a sender."""

from app.web.i18n import N_

SCREENING_REFUSALS = {
    "no_decision": N_("Please choose a decision."),
    "class_required": N_("Please choose a kind."),
    "pointer_misplaced": N_("Only a closing as out of scope says where else to turn."),
    "too_many_chosen": N_("These are too many at once. Please choose fewer."),
    "not_decided": N_("Nothing has been decided that could be undone."),
    "told_already": N_(
        "This can't be undone any more: the sender may have been told. A team lead can reopen it with a reason."
    ),
    "gathered_already": N_("This can't be undone any more: suggestions have been made of it."),
    "repeated_already": N_("This can't be undone: another submission was closed as repeating it."),
    "referral_in_hand": N_("This can't be undone here: only who handles the referral can give it back."),
    "referred_elsewhere": N_("This submission was referred to another body. Only who handles referrals sees it."),
    "no_such_reason": N_("There is no such prepared reason for this decision any more."),
    "unknown_placeholder": N_("Braces may only hold one of the placeholders named beside the field."),
    "no_such_referral": N_("There is no such referral."),
    "contact_name_required": N_("Please say by name who sees to it."),
    "receiver_required": N_("Please say to which body it went."),
    "handed_over_in_future": N_("It can't have been handed over later than now."),
    "handed_over_too_early": N_("It can't have been handed over before it was referred."),
    "letter_number_required": N_("Please give the number of the letter."),
    "preserved_as_evidence": N_(
        "This can't be done now: the submission must be kept as it is until a case about it is closed."
    ),
    "no_such_clarification": N_("There is no such question."),
    "not_open_for_questions": N_("The sender can only be asked while the submission is being worked on."),
    "question_open": N_("The sender has been asked already and hasn't answered yet."),
    "time_out_of_bounds": N_("Choose between 1 and 60 days."),
    "question_over": N_("This question can't be answered any more."),
}
