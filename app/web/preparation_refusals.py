"""Words for what can't be done with a preparation."""

from app.web.i18n import N_

PREPARATION_REFUSALS = {
    "number_required": N_("Enter the clause's number."),
    "number_form": N_("A number has at most 40 characters, none of them / or #."),
    "heading_too_long": N_("A heading may have at most 300 characters."),
    "units_too_long": N_("A clause may name at most 60 units, with at most 120 characters each."),
    "nothing_before_it": N_("This is the first clause; there is none before it."),
    "no_such_line": N_("The clause has no such line to be split at."),
    "no_such_preparation": N_("There is no such preparation."),
    "no_such_doubt": N_("There is no such doubt any more. Look at the page again."),
    "no_clauses": N_("The draft has no clause that could be commented on. Add one first."),
    "choices_incomplete": N_("Some choices are missing. Complete them first."),
    "opened_already": N_("The consultation has been opened meanwhile; it can't be returned or handed over any more."),
    "returned_to_preparer": N_("It was returned to be corrected and can't be opened before it is handed over again."),
    "slug_taken": N_("Another consultation has this address already."),
}
