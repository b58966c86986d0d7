"""The reminders of one assignment: which, when by working days, and in which tone. Data; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.departments.units import HandingOver


class Step(StrEnum):
    """A rung of the ladder, or a reminder that a person sent."""

    DUE_IN_3 = "due_in_3"
    DUE_TODAY = "due_today"
    LATE_1 = "late_1"
    LATE_3 = "late_3"
    LATE_7 = "late_7"
    BY_HAND = "by_hand"


class Tone(StrEnum):
    """REMIND: 提醒. URGE: 催办. SUPERVISE: 督办. REQUEST: 函请, for whoever takes no instructions from here."""

    REMIND = "remind"
    URGE = "urge"
    SUPERVISE = "supervise"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Rung:
    """`days` working days after the day on which the answer is due; before it where negative, on it where 0."""

    step: Step
    days: int
    tone: Tone


LADDERS: Mapping[HandingOver, tuple[Rung, ...]] = {
    HandingOver.ASSIGN: (
        Rung(Step.DUE_IN_3, -3, Tone.REMIND),
        Rung(Step.DUE_TODAY, 0, Tone.REMIND),
        Rung(Step.LATE_1, 1, Tone.URGE),
        Rung(Step.LATE_3, 3, Tone.SUPERVISE),
        Rung(Step.LATE_7, 7, Tone.SUPERVISE),
    ),
    HandingOver.CONSULT: (
        Rung(Step.DUE_IN_3, -3, Tone.REQUEST),
        Rung(Step.DUE_TODAY, 0, Tone.REQUEST),
        Rung(Step.LATE_1, 1, Tone.REQUEST),
        Rung(Step.LATE_7, 7, Tone.REQUEST),
    ),
}
"""In the order of days. Nobody here is above a body that is consulted: it is asked, and never supervised."""
ESCALATION: Mapping[Tone, int] = {Tone.REMIND: 0, Tone.REQUEST: 0, Tone.URGE: 1, Tone.SUPERVISE: 2}


def tones(handing_over: HandingOver, *, late: bool) -> tuple[Tone, ...]:
    """In which tones a person may remind a department, the usual one first."""
    if handing_over is HandingOver.CONSULT:
        return (Tone.REQUEST,)
    return (Tone.URGE, Tone.SUPERVISE) if late else (Tone.REMIND,)
