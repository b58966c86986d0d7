"""What is told to whoever's work with others is refused."""

from app.web.i18n import N_

TEAM_REFUSALS = {
    "count_out_of_bounds": N_("Choose a number from 1 to 100,000."),
    "claim_out_of_bounds": N_("Claim 1 to 200 at a time."),
    "member_required": N_("Choose at least one colleague who screens."),
    "two_members_required": N_("Choose at least two colleagues to even out between."),
    "no_such_member": N_("One of those chosen can't screen, or the account is disabled."),
    "not_to_be_claimed": N_("A colleague has it already, or it has been decided meanwhile."),
    "not_yours": N_("It isn't your work any more."),
    "note_too_long": N_("A note may have at most 2,000 characters."),
    "no_such_note": N_("There is no such note on this item."),
    "question_required": N_("Please put it as a question."),
    "answer_required": N_("Please give an answer."),
    "flagged_already": N_("It is up for discussion already; answer that question first."),
    "no_such_flag": N_("Nothing is up for discussion there."),
    "change_required": N_("Please say what is new in this version, and why."),
    "rules_unchanged": N_("This is the text that is in force already."),
    "no_such_rules": N_("There is no such version of the coding rules."),
    "own_decision": N_("You made the first decision yourself; somebody else looks at it again."),
    "own_second_look": N_("You looked at it the second time; somebody else settles the difference."),
    "no_such_second_look": N_("There is no such second look."),
    "no_such_saved_view": N_("There is no such saved view, or it is no longer shared."),
    "view_name_taken": N_("You have given that name to another view already."),
    "view_name_too_long": N_("The name of a view may have at most 40 characters."),
    "too_many_views": N_("You have saved 50 views already; delete one first."),
    "percent_out_of_bounds": N_("Choose a share from 0 to 100 percent."),
}
