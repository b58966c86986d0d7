"""The life of a preparation: from uploaded files to a consultation that a second person can open. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class PreparationState(StrEnum):
    """HANDED_OVER waits for a second person; once that person has opened the consultation nothing changes any more."""

    IN_PROGRESS = "in_progress"
    HANDED_OVER = "handed_over"
    DISCARDED = "discarded"


class PreparationEvent(StrEnum):
    CHANGE = "change"
    HAND_OVER = "hand_over"
    RETURN = "return"
    DISCARD = "discard"


_IN_PROGRESS, _HANDED_OVER = PreparationState.IN_PROGRESS, PreparationState.HANDED_OVER
LIFECYCLE: Lifecycle[PreparationState, PreparationEvent] = Lifecycle(
    {
        (_IN_PROGRESS, PreparationEvent.CHANGE): _IN_PROGRESS,
        (_IN_PROGRESS, PreparationEvent.HAND_OVER): _HANDED_OVER,
        (_HANDED_OVER, PreparationEvent.RETURN): _IN_PROGRESS,
        (_IN_PROGRESS, PreparationEvent.DISCARD): PreparationState.DISCARDED,
    }
)


class TextPart(StrEnum):
    """What an uploaded file was sent as. The draft's file may hold the others, too, as a saved page does."""

    DRAFT = "draft"
    NOTICE = "notice"
    EXPLANATION = "explanation"
