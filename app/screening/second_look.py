"""Looking at a rejection a second time, blind (盲审复核): where such a look stands, and which are drawn. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle
from app.submissions.lifecycle import ScreeningEvent

REJECTIONS = frozenset(
    {
        ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE,
        ScreeningEvent.CLOSE_AS_UNSUITABLE,
        ScreeningEvent.CLOSE_AS_DUPLICATE,
    }
)
"""The decisions of which a share is looked at again."""


class SecondLookState(StrEnum):
    """VOID: the first decision was undone before anybody had looked again."""

    WAITING = "waiting"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    UPHELD = "upheld"
    REOPENED = "reopened"
    VOID = "void"


class SecondLookEvent(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    UPHOLD = "uphold"
    REOPEN = "reopen"
    UNDO = "undo"


LIFECYCLE: Lifecycle[SecondLookState, SecondLookEvent] = Lifecycle(
    {
        (SecondLookState.WAITING, SecondLookEvent.AGREE): SecondLookState.AGREED,
        (SecondLookState.WAITING, SecondLookEvent.DISAGREE): SecondLookState.DISAGREED,
        (SecondLookState.WAITING, SecondLookEvent.UNDO): SecondLookState.VOID,
        (SecondLookState.DISAGREED, SecondLookEvent.UPHOLD): SecondLookState.UPHELD,
        (SecondLookState.DISAGREED, SecondLookEvent.REOPEN): SecondLookState.REOPENED,
        (SecondLookState.DISAGREED, SecondLookEvent.UNDO): SecondLookState.REOPENED,
    }
)


def is_drawn(percent: int, number: int) -> bool:
    """Whether a decision is looked at again, of which `percent` of 100 shall be; `number` is random, 0 ≤ number < 100.

    The number must come from a source that the first reviewer can't foresee, and be drawn only once the decision is
    made.
    """
    return number < percent
