"""What becomes of a promised message. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class DeliveryChannel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class DeliveryState(StrEnum):
    """Only PENDING is not the end: DEAD was tried until nobody answered, FAILED was refused for good,
    NOT_POSSIBLE has nobody to be sent to, JOINED is said by another message to the same address."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    NOT_POSSIBLE = "not_possible"
    JOINED = "joined"


class DeliveryEvent(StrEnum):
    """What one attempt came to, and a person's wish to try again. BOUNCE: a report says that it reached nobody."""

    SEND = "send"
    POSTPONE = "postpone"
    REFUSE = "refuse"
    GIVE_UP = "give_up"
    FIND_NOBODY = "find_nobody"
    JOIN = "join"
    RETRY = "retry"
    BOUNCE = "bounce"


LIFECYCLE: Lifecycle[DeliveryState, DeliveryEvent] = Lifecycle(
    {
        (DeliveryState.PENDING, DeliveryEvent.SEND): DeliveryState.SENT,
        (DeliveryState.PENDING, DeliveryEvent.POSTPONE): DeliveryState.PENDING,
        (DeliveryState.PENDING, DeliveryEvent.REFUSE): DeliveryState.FAILED,
        (DeliveryState.PENDING, DeliveryEvent.GIVE_UP): DeliveryState.DEAD,
        (DeliveryState.PENDING, DeliveryEvent.FIND_NOBODY): DeliveryState.NOT_POSSIBLE,
        (DeliveryState.PENDING, DeliveryEvent.JOIN): DeliveryState.JOINED,
        (DeliveryState.SENT, DeliveryEvent.BOUNCE): DeliveryState.FAILED,
        (DeliveryState.FAILED, DeliveryEvent.RETRY): DeliveryState.PENDING,
        (DeliveryState.DEAD, DeliveryEvent.RETRY): DeliveryState.PENDING,
        (DeliveryState.NOT_POSSIBLE, DeliveryEvent.RETRY): DeliveryState.PENDING,
    }
)
