"""The life of one department's assignment. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class AssignmentRole(StrEnum):
    LEAD = "lead"
    COOPERATING = "cooperating"


class AssignmentState(StrEnum):
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    SENT_BACK = "sent_back"


class AssignmentEvent(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    SEND_BACK = "send_back"
    ANSWER = "answer"


LIFECYCLE: Lifecycle[AssignmentState, AssignmentEvent] = Lifecycle(
    {
        (AssignmentState.DELIVERED, AssignmentEvent.ACKNOWLEDGE): AssignmentState.ACKNOWLEDGED,
        (AssignmentState.DELIVERED, AssignmentEvent.SEND_BACK): AssignmentState.SENT_BACK,
        (AssignmentState.ACKNOWLEDGED, AssignmentEvent.SEND_BACK): AssignmentState.SENT_BACK,
        # An answer says more than an acknowledgement, so it needs none before it.
        (AssignmentState.DELIVERED, AssignmentEvent.ANSWER): AssignmentState.ANSWERED,
        (AssignmentState.ACKNOWLEDGED, AssignmentEvent.ANSWER): AssignmentState.ANSWERED,
    }
)
ACTIVE = (AssignmentState.DELIVERED, AssignmentState.ACKNOWLEDGED, AssignmentState.ANSWERED)
