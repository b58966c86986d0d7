"""The life of one department's assignment. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class AssignmentRole(StrEnum):
    LEAD = "lead"
    COOPERATING = "cooperating"


class AssignmentState(StrEnum):
    """ANSWERED: finally, as far as the department goes. CONFIRMED: the drafting department agreed with the answer.

    An answer that the drafting department returns is IN_PROGRESS again, with a remark.
    """

    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    SENT_BACK = "sent_back"
    TRANSFERRED = "transferred"
    RECALLED = "recalled"


class AssignmentEvent(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    SEND_BACK = "send_back"
    ANSWER = "answer"
    BEGIN = "begin"
    TRANSFER = "transfer"
    RECALL = "recall"
    CONFIRM = "confirm"
    RETURN = "return"


S, E = AssignmentState, AssignmentEvent
OPEN = (S.DELIVERED, S.ACKNOWLEDGED, S.IN_PROGRESS)
"""The department is to do something; its time runs unless the clock is stopped."""
ACTIVE = (*OPEN, S.ANSWERED, S.CONFIRMED)
"""The department has the suggestion, or had it until the end."""
LIFECYCLE: Lifecycle[AssignmentState, AssignmentEvent] = Lifecycle(
    {
        (S.DELIVERED, E.ACKNOWLEDGE): S.ACKNOWLEDGED,
        # To begin or to answer says more than to acknowledge, so neither needs it before.
        (S.DELIVERED, E.BEGIN): S.IN_PROGRESS,
        (S.ACKNOWLEDGED, E.BEGIN): S.IN_PROGRESS,
        **{(state, E.ANSWER): S.ANSWERED for state in OPEN},
        **{(state, E.SEND_BACK): S.SENT_BACK for state in OPEN},
        **{(state, E.TRANSFER): S.TRANSFERRED for state in OPEN},
        **{(state, E.RECALL): S.RECALLED for state in OPEN},
        (S.ANSWERED, E.CONFIRM): S.CONFIRMED,
        (S.ANSWERED, E.RETURN): S.IN_PROGRESS,
        # A second thought, before the release or after it: the drafting department asks for another answer.
        (S.CONFIRMED, E.RETURN): S.IN_PROGRESS,
    }
)
