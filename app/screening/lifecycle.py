"""Where a suggestion stands between editing (整理编辑) and approval (审核把关). Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class SuggestionState(StrEnum):
    EDITING = "editing"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"


class SuggestionEvent(StrEnum):
    SUBMIT = "submit_for_approval"
    APPROVE = "approve"
    RETURN = "return_for_editing"


LIFECYCLE: Lifecycle[SuggestionState, SuggestionEvent] = Lifecycle(
    {
        (SuggestionState.EDITING, SuggestionEvent.SUBMIT): SuggestionState.AWAITING_APPROVAL,
        (SuggestionState.AWAITING_APPROVAL, SuggestionEvent.APPROVE): SuggestionState.APPROVED,
        (SuggestionState.AWAITING_APPROVAL, SuggestionEvent.RETURN): SuggestionState.EDITING,
    }
)


class UnsuitableClass(StrEnum):
    """Why an accepted-by-topic comment can't be handled or shown (不宜公开)."""

    ABUSE = "abuse"
    ADVERTISING = "advertising"
    ILLEGAL_CONTENT = "illegal_content"
    PRIVACY_OF_OTHERS = "privacy_of_others"
    NO_CONTENT = "no_content"
