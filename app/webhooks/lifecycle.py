"""What becomes of a receiver and of each message to it. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class EndpointState(StrEnum):
    """To a disabled one nothing is sent; what waits for it goes on when it is enabled again. Removed is for good."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    REMOVED = "removed"


class EndpointEvent(StrEnum):
    DISABLE = "disable"
    ENABLE = "enable"
    REMOVE = "remove"


class DisabledBecause(StrEnum):
    """Who wanted it: the department, the column's staff, the receiver itself (410), or days without a success."""

    BY_DEPARTMENT = "by_department"
    BY_STAFF = "by_staff"
    GONE = "gone"
    FAILING = "failing"


ENDPOINTS: Lifecycle[EndpointState, EndpointEvent] = Lifecycle(
    {
        (EndpointState.ENABLED, EndpointEvent.DISABLE): EndpointState.DISABLED,
        (EndpointState.DISABLED, EndpointEvent.ENABLE): EndpointState.ENABLED,
        (EndpointState.ENABLED, EndpointEvent.REMOVE): EndpointState.REMOVED,
        (EndpointState.DISABLED, EndpointEvent.REMOVE): EndpointState.REMOVED,
    }
)


class MessageState(StrEnum):
    """DEAD was tried for days; either of the last two can be sent again by hand."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class MessageEvent(StrEnum):
    DELIVER = "deliver"
    POSTPONE = "postpone"
    GIVE_UP = "give_up"
    REPLAY = "replay"


MESSAGES: Lifecycle[MessageState, MessageEvent] = Lifecycle(
    {
        (MessageState.PENDING, MessageEvent.DELIVER): MessageState.DELIVERED,
        (MessageState.PENDING, MessageEvent.POSTPONE): MessageState.PENDING,
        (MessageState.PENDING, MessageEvent.GIVE_UP): MessageState.DEAD,
        (MessageState.DELIVERED, MessageEvent.REPLAY): MessageState.PENDING,
        (MessageState.DEAD, MessageEvent.REPLAY): MessageState.PENDING,
    }
)


class Outcome(StrEnum):
    """What one attempt came to."""

    ACCEPTED = "accepted"  # 2xx
    REFUSED = "refused"  # any other status, redirects too
    THROTTLED = "throttled"  # 429, 502, 503, 504
    GONE = "gone"  # 410
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    FORBIDDEN_ADDRESS = "forbidden_address"  # the guard let nothing out
