"""Reasons and remarks: what a decision owes the person whom it concerns."""

from app.kit.errors import Unprocessable

REASON_LIMIT = 500


def due(reason: str, missing: str = "reason_required") -> str:
    """The reason as it is kept. Raises Unprocessable when there is none, or more than REASON_LIMIT code points."""
    words = optional(reason)
    if words is None:
        raise Unprocessable(missing)
    return words


def optional(reason: str) -> str | None:
    """The same where no reason is due; None without one."""
    words = reason.strip()
    if len(words) > REASON_LIMIT:
        raise Unprocessable("reason_too_long", limit=REASON_LIMIT)
    return words or None
