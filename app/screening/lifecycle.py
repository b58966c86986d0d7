"""Where a suggestion stands between editing (整理编辑) and approval (审核把关). Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class SuggestionState(StrEnum):
    EDITING = "editing"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    MERGED = "merged"


class SuggestionEvent(StrEnum):
    SUBMIT = "submit_for_approval"
    APPROVE = "approve"
    RETURN = "return_for_editing"
    MERGE = "merge"


LIFECYCLE: Lifecycle[SuggestionState, SuggestionEvent] = Lifecycle(
    {
        (SuggestionState.EDITING, SuggestionEvent.SUBMIT): SuggestionState.AWAITING_APPROVAL,
        (SuggestionState.AWAITING_APPROVAL, SuggestionEvent.APPROVE): SuggestionState.APPROVED,
        (SuggestionState.AWAITING_APPROVAL, SuggestionEvent.RETURN): SuggestionState.EDITING,
        (SuggestionState.EDITING, SuggestionEvent.MERGE): SuggestionState.MERGED,
    }
)


class SuggestionStage(StrEnum):
    """What is due next about a suggestion: its state, told apart by who has it.

    RETURNED: being edited again, with a remark. SENT_BACK: departments have it, and none of them leads.
    """

    EDITING = "editing"
    RETURNED = "returned"
    AWAITING_APPROVAL = "awaiting_approval"
    TO_ASSIGN = "to_assign"
    HANDED_OVER = "handed_over"
    SENT_BACK = "sent_back"
    MERGED = "merged"


class SuggestionChange(StrEnum):
    """By what a version of a suggestion's words came about."""

    GATHERED = "gathered"
    EDITED = "edited"
    SPLIT = "split"
    MERGED = "merged"


class RemarkKind(StrEnum):
    """A remark of the second person on returning, or the editor's answer to it."""

    RETURNED = "returned"
    ANSWERED = "answered"


class ThemeGroupState(StrEnum):
    """What people did with a group that the machine proposed."""

    PROPOSED = "proposed"
    NAMED = "named"
    DISMISSED = "dismissed"


class UnsuitableClass(StrEnum):
    """Why an accepted-by-topic comment can't be handled or shown (不宜公开)."""

    ABUSE = "abuse"
    ADVERTISING = "advertising"
    ILLEGAL_CONTENT = "illegal_content"
    PRIVACY_OF_OTHERS = "privacy_of_others"
    NO_CONTENT = "no_content"


class Pointer(StrEnum):
    """Where else to turn with what doesn't belong here: 12345热线、信访、依申请公开、行政复议、举报、110."""

    HOTLINE = "hotline"
    PETITION = "petition"
    INFORMATION_REQUEST = "information_request"
    RECONSIDERATION = "reconsideration"
    REPORT = "report"
    EMERGENCY = "emergency"
