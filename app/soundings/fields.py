"""What is entered about letters, replies and opinions, as it is kept. Pure."""

from datetime import date

from app.kit.errors import Unprocessable

OPINION_LIMIT = 5_000
REASON_LIMIT = 2_000
"""Code points."""


def line(words: str, limit: int, missing: str | None = None) -> str | None:
    """Words on one line. Raises Unprocessable: `missing` where they are due, "name_too_long" past the limit."""
    kept = " ".join(words.split())
    if not kept and missing:
        raise Unprocessable(missing)
    if len(kept) > limit:
        raise Unprocessable("name_too_long", limit=limit)
    return kept or None


def text(words: str, limit: int, missing: str | None = None) -> str | None:
    """Words of any number of lines. Raises Unprocessable: `missing` where they are due, "text_too_long"."""
    kept = words.strip()
    if not kept and missing:
        raise Unprocessable(missing)
    if len(kept) > limit:
        raise Unprocessable("text_too_long", limit=limit)
    return kept or None


def day_between(day: date | None, first: date | None, last: date, wrong: str) -> date:
    """Raises Unprocessable(wrong) for none, and for one before the first or after the last."""
    if day is None or day > last or (first is not None and day < first):
        raise Unprocessable(wrong)
    return day
