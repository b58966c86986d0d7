"""Words about links between changes of a text and suggestions: states, reasons, what was done, what is refused."""

from enum import StrEnum

from app.amendments.lifecycle import Because, LinkState
from app.web.i18n import N_

AMENDMENT_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (LinkState.PROPOSED, N_("Proposed, to be decided")),
    (LinkState.CONFIRMED, N_("Confirmed as led to by it")),
    (LinkState.REFUSED, N_("Not led to by it")),
    (LinkState.WITHDRAWN, N_("Proposal withdrawn")),
    (Because.SAME_CLAUSE, N_("The suggestion is on this clause")),
    (Because.CLAUSE_AND_WORDS, N_("The suggestion is on this clause, and its words were put in")),
    (Because.WORDS, N_("The suggestion's words were put in")),
    (Because.BY_HAND, N_("Linked by hand")),
)
AMENDMENT_HISTORY = {
    "amendment.confirmed": N_("Change of the text confirmed as led to by it"),
    "amendment.refused": N_("Change of the text not led to by it"),
    "amendment.undone": N_("Decision on a change of the text undone"),
    "amendment.added": N_("Change of the text linked by hand"),
    "amendment.withdrawn": N_("Link to a change of the text withdrawn: not adopted any more"),
    "amendment.renewed": N_("Link to a change of the text proposed again"),
}
AMENDMENT_REFUSALS = {
    "no_such_amendment": N_("There is no such link, or it isn't for you to decide on."),
    "no_such_change": N_("The comparison has no such change any more. Please load the page again."),
    "not_adopted": N_("This suggestion isn't adopted, or its answer isn't confirmed yet."),
    "linked_already": N_("This suggestion has been proposed or linked for this change already."),
    "amendment_remark_too_long": N_("A word on a link has at most 300 characters."),
    "amendment_public": N_(
        "The public sees this link. Withdraw the release of the comparison first, then it can be undone."
    ),
}
