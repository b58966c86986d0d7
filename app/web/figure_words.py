"""The words of the managers' figures: what each step and stage is called, and how a length of time is said."""

from collections.abc import Mapping
from datetime import date

from app.figures.buckets import Distribution, Reading
from app.figures.measures import Measure, Stage
from app.web.i18n import N_
from app.web.i18n import gettext as _

NONE = "–"
"""In place of a figure that doesn't exist."""
STEPS: Mapping[Measure, tuple[str, str]] = {
    Measure.SCREENED: (N_("Screening"), N_("from receipt to the first decision")),
    Measure.GATHERED: (N_("Gathering"), N_("from acceptance until nothing is left to be gathered")),
    Measure.APPROVED: (N_("Approval"), N_("from the making of a suggestion to its approval")),
    Measure.ASSIGNED: (N_("First handing over"), N_("from approval to the first handing over")),
    Measure.ACKNOWLEDGED: (N_("Acknowledgement"), N_("from handing over to the department's acknowledgement")),
    Measure.ANSWERED: (N_("Answering"), N_("from acknowledgement to the department's first final answer")),
    Measure.CONFIRMED: (N_("Confirmation"), N_("from a final answer to the drafting department's confirmation")),
    Measure.RELEASED: (N_("Release of outcomes"), N_("from confirmation to the first release")),
    Measure.TOLD: (N_("Telling people"), N_("from when a message on the outcome was due to its sending")),
}
STAGES: Mapping[Stage, str] = {
    Stage.TO_SCREEN: N_("To be screened"),
    Stage.TO_GATHER: N_("To be gathered"),
    Stage.EDITING: N_("Being edited"),
    Stage.RETURNED: N_("Returned for editing"),
    Stage.AWAITING_APPROVAL: N_("Awaiting approval"),
    Stage.TO_ASSIGN: N_("To be assigned"),
    Stage.SENT_BACK: N_("Sent back by departments"),
    Stage.DELIVERED: N_("Delivered, not acknowledged"),
    Stage.ACKNOWLEDGED: N_("Acknowledged, work not begun"),
    Stage.IN_PROGRESS: N_("Being worked on by departments"),
    Stage.TO_CONFIRM: N_("Waiting for confirmation"),
    Stage.TO_RELEASE: N_("Confirmed, not released"),
    Stage.IN_RELEASE: N_("In a release"),
}


def read(reading: Reading | None) -> str:
    """A number of working days, or the span in which it lies."""
    if reading is None:
        return NONE
    return str(reading.least) if reading.is_exact else f"{reading.least}–{reading.most}"


def longest(found: Distribution) -> str:
    return NONE if found.maximum is None else str(found.maximum)


def age(least: int, following: int | None) -> str:
    """A class of ages, from `least` working days to the day before the next class begins."""
    if following is None:
        return _("over %(number)s") % {"number": least - 1}
    return f"{least}–{following - 1}"


def day(given: date | None) -> str:
    return NONE if given is None else given.isoformat()
