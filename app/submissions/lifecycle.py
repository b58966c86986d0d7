"""Where a submission stands in screening (阅览筛选). Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class Channel(StrEnum):
    WEB = "web"


class SubmissionState(StrEnum):
    RECEIVED = "received"
    ACCEPTED = "accepted"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"
    UNSUITABLE = "unsuitable"


class ScreeningEvent(StrEnum):
    ACCEPT = "accept"
    CLOSE_AS_OUT_OF_SCOPE = "close_as_out_of_scope"
    CLOSE_AS_DUPLICATE = "close_as_duplicate"
    CLOSE_AS_UNSUITABLE = "close_as_unsuitable"


LIFECYCLE: Lifecycle[SubmissionState, ScreeningEvent] = Lifecycle(
    {
        (SubmissionState.RECEIVED, ScreeningEvent.ACCEPT): SubmissionState.ACCEPTED,
        (SubmissionState.RECEIVED, ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE): SubmissionState.OUT_OF_SCOPE,
        (SubmissionState.RECEIVED, ScreeningEvent.CLOSE_AS_DUPLICATE): SubmissionState.DUPLICATE,
        (SubmissionState.RECEIVED, ScreeningEvent.CLOSE_AS_UNSUITABLE): SubmissionState.UNSUITABLE,
    }
)
