"""What is referred and how far it has come. Pure."""

from datetime import timedelta
from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class ReferralClass(StrEnum):
    """信访事项、威胁、自伤风险、违纪违法线索、违法信息、其他。"""

    PETITION = "petition"
    THREAT = "threat"
    SELF_HARM = "self_harm"
    CORRUPTION = "corruption"
    ILLEGAL_CONTENT = "illegal_content"
    OTHER = "other"


URGENT = frozenset({ReferralClass.THREAT, ReferralClass.SELF_HARM})
"""What can't wait for office hours: somebody is alerted at once."""
HANDED_OVER_WITHIN: dict[ReferralClass, timedelta] = {
    ReferralClass.THREAT: timedelta(hours=1),
    ReferralClass.SELF_HARM: timedelta(hours=1),
    ReferralClass.ILLEGAL_CONTENT: timedelta(days=1),
    ReferralClass.CORRUPTION: timedelta(days=5),
    ReferralClass.PETITION: timedelta(days=15),
    ReferralClass.OTHER: timedelta(days=15),
}
"""How long a case may wait for its handover. Petitions: 15 days (信访工作条例 2022, art. 22); the others are our own
and shorter, because no rule names a number of days and somebody may come to harm."""


class ReferralState(StrEnum):
    """OPEN: nobody has taken it on. IN_HAND: a named contact has. CANCELLED: the decision to refer was undone.

    RETURNED: it turned out to be an ordinary comment after all and went back to the desk.
    """

    OPEN = "open"
    IN_HAND = "in_hand"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class ReferralEvent(StrEnum):
    TAKE_ON = "take_on"
    HAND_OVER = "hand_over"
    CLOSE = "close"
    RETURN = "return"
    CANCEL = "cancel"


LIFECYCLE: Lifecycle[ReferralState, ReferralEvent] = Lifecycle(
    {
        (ReferralState.OPEN, ReferralEvent.TAKE_ON): ReferralState.IN_HAND,
        (ReferralState.IN_HAND, ReferralEvent.TAKE_ON): ReferralState.IN_HAND,
        (ReferralState.IN_HAND, ReferralEvent.HAND_OVER): ReferralState.HANDED_OVER,
        (ReferralState.HANDED_OVER, ReferralEvent.HAND_OVER): ReferralState.HANDED_OVER,
        (ReferralState.HANDED_OVER, ReferralEvent.CLOSE): ReferralState.CLOSED,
        (ReferralState.OPEN, ReferralEvent.RETURN): ReferralState.RETURNED,
        (ReferralState.IN_HAND, ReferralEvent.RETURN): ReferralState.RETURNED,
        (ReferralState.OPEN, ReferralEvent.CANCEL): ReferralState.CANCELLED,
    }
)
STANDING = frozenset({ReferralState.OPEN, ReferralState.IN_HAND, ReferralState.HANDED_OVER})
"""While it is one of these, nothing of the submission may be erased or withdrawn (证据保全)."""


class HandoverWay(StrEnum):
    """函件、机要交换、政务系统、电话、当面移交。"""

    LETTER = "letter"
    CONFIDENTIAL_POST = "confidential_post"
    OFFICIAL_SYSTEM = "official_system"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"
