"""Paging by key: a page begins after the last row of the one before, so that page 1 and page 10,000 cost the same."""

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from app.kit.errors import DomainError

Row = TypeVar("Row")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BadCursor(DomainError):
    code = "bad_cursor"


@dataclass(frozen=True)
class Key:
    """Where a row stands in a list that is ordered by instant, then by id."""

    at: datetime
    id: uuid.UUID

    def cursor(self) -> str:
        """The key as an opaque word for an address."""
        microseconds = (self.at - EPOCH) // timedelta(microseconds=1)
        return urlsafe_b64encode(microseconds.to_bytes(8) + self.id.bytes).decode().rstrip("=")


def read_cursor(cursor: str | None) -> Key | None:
    """The key that a cursor stands for; None for none. Raises BadCursor."""
    if not cursor:
        return None
    try:
        data = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        at = EPOCH + timedelta(microseconds=int.from_bytes(data[:8]))
        return Key(at, uuid.UUID(bytes=data[8:]))
    except (ValueError, OverflowError) as error:
        raise BadCursor from error


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and the cursor of the next ones; None when these were the last."""

    items: Sequence[Row]
    next_cursor: str | None


def page_of(rows: Sequence[Row], limit: int, key: Callable[[Row], Key]) -> Page[Row]:
    """Makes a page of `limit` rows from a query that asked for one row more."""
    more = len(rows) > limit
    items = rows[:limit]
    return Page(items, key(items[-1]).cursor() if more else None)
