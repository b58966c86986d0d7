"""The named lists of the desk, and which rows belong to each. Pure."""

from enum import StrEnum

from app.screening.lifecycle import SuggestionStage
from app.submissions.lifecycle import DECIDED, SubmissionState


class View(StrEnum):
    """One list of the desk. Submissions (份) by what is to be done about them, suggestions (条) by what is due next.

    MINE: allocated to the reader and still to be screened. UNCLAIMED: to be screened, allocated to nobody. OVERDUE: to
    be screened for longer than the working days that screening may take. HELD: its public display waits for a person.
    TO_GATHER: accepted, and something of it stands in no suggestion. DONE: whatever a screener decided on, but for
    what was referred. ALL: every submission but for what was referred. RETURNED: to be edited again, with a remark.
    SENT_BACK: sent back by its lead, now led by nobody.
    """

    MINE = "mine"
    UNCLAIMED = "unclaimed"
    RECEIVED = "received"
    OVERDUE = "overdue"
    FLAGGED = "flagged"
    CLARIFYING = "clarifying"
    SECOND_LOOK = "second_look"
    HELD = "held"
    QUARANTINED = "quarantined"
    REFERRED = "referred"
    ACCEPTED = "accepted"
    TO_GATHER = "to_gather"
    DONE = "done"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"
    UNSUITABLE = "unsuitable"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"
    ALL = "all"
    EDITING = "editing"
    RETURNED = "returned"
    AWAITING_APPROVAL = "awaiting_approval"
    TO_ASSIGN = "to_assign"
    SENT_BACK = "sent_back"
    HANDED_OVER = "handed_over"


TO_BE_SCREENED = (SubmissionState.RECEIVED,)
OF_SUBMISSIONS: dict[View, tuple[SubmissionState, ...]] = {
    View.MINE: TO_BE_SCREENED,
    View.UNCLAIMED: TO_BE_SCREENED,
    View.RECEIVED: TO_BE_SCREENED,
    View.OVERDUE: TO_BE_SCREENED,
    View.FLAGGED: tuple(state for state in SubmissionState if state is not SubmissionState.REFERRED),
    View.CLARIFYING: tuple(state for state in SubmissionState if state is not SubmissionState.REFERRED),
    View.SECOND_LOOK: DECIDED,
    View.HELD: tuple(
        state for state in SubmissionState if state not in (SubmissionState.QUARANTINED, SubmissionState.REFERRED)
    ),
    View.QUARANTINED: (SubmissionState.QUARANTINED,),
    View.REFERRED: (SubmissionState.REFERRED,),
    View.ACCEPTED: (SubmissionState.ACCEPTED,),
    View.TO_GATHER: (SubmissionState.ACCEPTED,),
    View.DONE: tuple(state for state in DECIDED if state is not SubmissionState.REFERRED),
    View.OUT_OF_SCOPE: (SubmissionState.OUT_OF_SCOPE,),
    View.DUPLICATE: (SubmissionState.DUPLICATE,),
    View.UNSUITABLE: (SubmissionState.UNSUITABLE,),
    View.DISCARDED: (SubmissionState.DISCARDED,),
    View.WITHDRAWN: (SubmissionState.WITHDRAWN,),
    View.ALL: tuple(state for state in SubmissionState if state is not SubmissionState.REFERRED),
}
"""The states that a submission in the view can be in."""
MARKED: dict[View, str] = {
    View.FLAGGED: "flagged",
    View.CLARIFYING: "clarifying",
    View.SECOND_LOOK: "second_look",
    View.HELD: "held",
    View.TO_GATHER: "to_gather",
}
"""Views of what something else says about a submission: the list of app/counters in which it then stands."""
OF_SUGGESTIONS: dict[View, SuggestionStage] = {
    View.EDITING: SuggestionStage.EDITING,
    View.RETURNED: SuggestionStage.RETURNED,
    View.AWAITING_APPROVAL: SuggestionStage.AWAITING_APPROVAL,
    View.TO_ASSIGN: SuggestionStage.TO_ASSIGN,
    View.SENT_BACK: SuggestionStage.SENT_BACK,
    View.HANDED_OVER: SuggestionStage.HANDED_OVER,
}
