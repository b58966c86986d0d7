"""The named views of the queue, and which rows and counts belong to each."""

from enum import StrEnum

from app.screening.lifecycle import SuggestionState
from app.submissions.lifecycle import SubmissionState


class View(StrEnum):
    """One list of the desk. Submissions (份) by where screening stands, suggestions (条) by what is due next."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"
    UNSUITABLE = "unsuitable"
    QUARANTINED = "quarantined"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"
    EDITING = "editing"
    AWAITING_APPROVAL = "awaiting_approval"
    TO_ASSIGN = "to_assign"
    SENT_BACK = "sent_back"
    HANDED_OVER = "handed_over"


OF_SUBMISSIONS: dict[View, SubmissionState] = {
    View.RECEIVED: SubmissionState.RECEIVED,
    View.ACCEPTED: SubmissionState.ACCEPTED,
    View.OUT_OF_SCOPE: SubmissionState.OUT_OF_SCOPE,
    View.DUPLICATE: SubmissionState.DUPLICATE,
    View.UNSUITABLE: SubmissionState.UNSUITABLE,
    View.QUARANTINED: SubmissionState.QUARANTINED,
    View.DISCARDED: SubmissionState.DISCARDED,
    View.WITHDRAWN: SubmissionState.WITHDRAWN,
}
# State, and whether departments hold it.
OF_SUGGESTIONS: dict[View, tuple[SuggestionState, bool]] = {
    View.EDITING: (SuggestionState.EDITING, False),
    View.AWAITING_APPROVAL: (SuggestionState.AWAITING_APPROVAL, False),
    View.TO_ASSIGN: (SuggestionState.APPROVED, False),
    View.HANDED_OVER: (SuggestionState.APPROVED, True),
}
