"""What is told to whoever's work with comments of the same content is refused."""

from app.web.i18n import N_

CAMPAIGN_REFUSALS = {
    "no_such_campaign": N_("These comments don't stand together any more."),
    "in_no_campaign": N_("It stands alone already."),
    "in_it_already": N_("It stands with these already."),
    "other_consultation": N_("That comment is on another consultation."),
    "not_for_all": N_("This can't be decided for many at once."),
    "nothing_waits": N_("None of them waits for a decision any more."),
    "none_accepted": N_("None of them has been accepted yet."),
    "bad_number": N_("Please give a whole number from 0 on."),
}
