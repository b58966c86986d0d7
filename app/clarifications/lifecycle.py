"""The life of one question to the person who wrote. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class AskerKind(StrEnum):
    """Who asks: the desk, or a department that has the suggestion."""

    DESK = "desk"
    DEPARTMENT = "department"


class ClarificationState(StrEnum):
    """LAPSED: nobody answered in time. SETTLED: who asked has read the answer. DROPPED: no answer is wanted now."""

    ASKED = "asked"
    ANSWERED = "answered"
    LAPSED = "lapsed"
    SETTLED = "settled"
    DROPPED = "dropped"


class ClarificationEvent(StrEnum):
    ANSWER = "answer"
    LAPSE = "lapse"
    SETTLE = "settle"
    DROP = "drop"


LIFECYCLE: Lifecycle[ClarificationState, ClarificationEvent] = Lifecycle(
    {
        (ClarificationState.ASKED, ClarificationEvent.ANSWER): ClarificationState.ANSWERED,
        (ClarificationState.ASKED, ClarificationEvent.LAPSE): ClarificationState.LAPSED,
        (ClarificationState.ASKED, ClarificationEvent.DROP): ClarificationState.DROPPED,
        (ClarificationState.ANSWERED, ClarificationEvent.SETTLE): ClarificationState.SETTLED,
        (ClarificationState.LAPSED, ClarificationEvent.SETTLE): ClarificationState.SETTLED,
    }
)
OPEN = frozenset({ClarificationState.ASKED, ClarificationState.ANSWERED, ClarificationState.LAPSED})
"""Somebody is still to do something about it."""
