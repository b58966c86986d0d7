"""What is measured of the work, from a comment's receipt to the message about its outcome. Pure."""

from enum import StrEnum


class Measure(StrEnum):
    """SCREENED to TOLD are steps, in the order of the work; SENT_BACK to REMINDED are what happens beside it.

    LOOKED_AT and DIFFERED count blind second looks, and those of them in which the two reviewers differed.
    """

    SCREENED = "screened"
    GATHERED = "gathered"
    APPROVED = "approved"
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    TOLD = "told"
    SENT_BACK = "sent_back"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    REMINDED = "reminded"
    LOOKED_AT = "looked_at"
    DIFFERED = "differed"


M = Measure
STEPS = (
    M.SCREENED,
    M.GATHERED,
    M.APPROVED,
    M.ASSIGNED,
    M.ACKNOWLEDGED,
    M.ANSWERED,
    M.CONFIRMED,
    M.RELEASED,
    M.TOLD,
)
OF_DEPARTMENTS = (M.ACKNOWLEDGED, M.ANSWERED, M.CONFIRMED)
"""The steps that a department takes; the desk takes the others. An answer is confirmed by the drafting department."""
HAPPENINGS = (M.SENT_BACK, M.TRANSFERRED, M.RETURNED, M.REMINDED)
"""What happened to a department's assignments."""


class Stage(StrEnum):
    """Where something waits now, in the order of the work: each is a list that staff can open."""

    TO_SCREEN = "to_screen"
    TO_GATHER = "to_gather"
    EDITING = "editing"
    RETURNED = "returned"
    AWAITING_APPROVAL = "awaiting_approval"
    TO_ASSIGN = "to_assign"
    SENT_BACK = "sent_back"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    TO_CONFIRM = "to_confirm"
    TO_RELEASE = "to_release"
    IN_RELEASE = "in_release"


HELD_BY_DEPARTMENTS = (Stage.DELIVERED, Stage.ACKNOWLEDGED, Stage.IN_PROGRESS)
