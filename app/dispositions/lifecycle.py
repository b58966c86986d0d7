"""Where a suggestion's disposition stands between the lead's answer and the person who hears of it. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class DispositionState(StrEnum):
    """ANSWERED waits for the drafting department (起草单位); RETURNED for another answer. CONFIRMED lies in the outbox
    until it is put into a release (SUBMITTED, 呈批), and only RELEASED is told."""

    ANSWERED = "answered"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    SUBMITTED = "submitted"
    RELEASED = "released"


class DispositionEvent(StrEnum):
    """REVISE: what was told before is to be answered anew; it stays told until the new answer is released."""

    ANSWER = "answer"
    CONFIRM = "confirm"
    RETURN = "return"
    SUBMIT = "submit"
    TAKE_OUT = "take_out"
    RELEASE = "release"
    REVISE = "revise"


LIFECYCLE: Lifecycle[DispositionState, DispositionEvent] = Lifecycle(
    {
        (DispositionState.RETURNED, DispositionEvent.ANSWER): DispositionState.ANSWERED,
        (DispositionState.ANSWERED, DispositionEvent.CONFIRM): DispositionState.CONFIRMED,
        (DispositionState.ANSWERED, DispositionEvent.RETURN): DispositionState.RETURNED,
        # Until a release is approved a second thought costs nobody a message.
        (DispositionState.CONFIRMED, DispositionEvent.RETURN): DispositionState.RETURNED,
        (DispositionState.CONFIRMED, DispositionEvent.SUBMIT): DispositionState.SUBMITTED,
        (DispositionState.SUBMITTED, DispositionEvent.TAKE_OUT): DispositionState.CONFIRMED,
        (DispositionState.SUBMITTED, DispositionEvent.RELEASE): DispositionState.RELEASED,
        (DispositionState.RELEASED, DispositionEvent.REVISE): DispositionState.RETURNED,
    }
)


class ReleaseState(StrEnum):
    """PREPARED: its sheet (呈批件) can be printed and signed. WITHDRAWN: what was in it lies in the outbox again."""

    PREPARED = "prepared"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class ReleaseEvent(StrEnum):
    RELEASE = "release"
    WITHDRAW = "withdraw"


RELEASES: Lifecycle[ReleaseState, ReleaseEvent] = Lifecycle(
    {
        (ReleaseState.PREPARED, ReleaseEvent.RELEASE): ReleaseState.RELEASED,
        (ReleaseState.PREPARED, ReleaseEvent.WITHDRAW): ReleaseState.WITHDRAWN,
    }
)
