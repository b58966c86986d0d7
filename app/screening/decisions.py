"""A decision of a screener as data, before it is made. Pure."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from app.kit.errors import Unprocessable
from app.kit.reasons import due, optional
from app.referrals.lifecycle import ReferralClass
from app.screening.lifecycle import Pointer, UnsuitableClass
from app.submissions.lifecycle import ScreeningEvent

LETTER_WAITS = timedelta(minutes=10)
"""So long a closing can be taken back before anybody is told of it, unless the installation sets another time."""
DECISIONS = (
    ScreeningEvent.ACCEPT,
    ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE,
    ScreeningEvent.CLOSE_AS_DUPLICATE,
    ScreeningEvent.CLOSE_AS_UNSUITABLE,
    ScreeningEvent.REFER,
)
OWE_A_REASON = frozenset({ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, ScreeningEvent.CLOSE_AS_UNSUITABLE})
"""The sender reads it."""
TELL = frozenset(DECISIONS) - {ScreeningEvent.ACCEPT}
"""What ends a submission here, so that its sender is told."""


@dataclass(frozen=True)
class Decision:
    """What to do with a submission, and why.

    `reason` is told to the sender, but for a referral, where it is a note for whoever handles the case. `prepared` is
    the id of a prepared reason, which `reason` then adds to. `duplicate_of` is the receipt number of the submission
    that it repeats. `letter_waits`: undone within it, nobody is told.
    """

    event: ScreeningEvent
    reason: str = ""
    unsuitable_class: UnsuitableClass | None = None
    duplicate_of: str = ""
    pointer: Pointer | None = None
    referral_class: ReferralClass | None = None
    prepared: uuid.UUID | None = None
    letter_waits: timedelta = LETTER_WAITS

    def words(self) -> str | None:
        """What the person wrote of the reason, as it is kept.

        Raises Unprocessable when it is due and missing or too long, when the event is no decision, when its class is
        missing, or when something is given that belongs to another decision.
        """
        if self.event not in DECISIONS:
            raise Unprocessable("no_decision")
        self._refuse_misplaced()
        is_due = self.event in OWE_A_REASON and self.prepared is None
        return due(self.reason) if is_due else optional(self.reason)

    def _refuse_misplaced(self) -> None:
        belongs = {
            ScreeningEvent.CLOSE_AS_UNSUITABLE: self.unsuitable_class is not None,
            ScreeningEvent.REFER: self.referral_class is not None,
        }
        if any(given != (event is self.event) for event, given in belongs.items()):
            raise Unprocessable("class_required")
        if self.pointer is not None and self.event is not ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE:
            raise Unprocessable("pointer_misplaced")
