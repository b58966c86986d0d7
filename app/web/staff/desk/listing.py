"""One page of what the list shows: a view of the desk, or what of it has the words that are looked for."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Request
from sqlalchemy.orm import Session

from app.desk import finding
from app.desk import queries as desk
from app.desk.filters import Filters
from app.desk.finding import SEARCHED
from app.desk.queries import Row
from app.desk.reader import Reader
from app.kit.errors import Unprocessable
from app.kit.paging import read_cursor
from app.submissions.searching import Hit
from app.web.errors import refusal_words
from app.web.staff.desk.place import Place
from app.web.templating import address


@dataclass(frozen=True)
class Pages:
    """Addresses of the list's pages, where there are any."""

    first: str | None
    previous: str | None
    next: str | None


@dataclass(frozen=True)
class Neighbours:
    previous: uuid.UUID | None = None
    next: uuid.UUID | None = None


@dataclass(frozen=True)
class Shown:
    """`hits` says where the words that are looked for stand; `error` why they can't be.

    `is_unfinished` where a search ended before it had looked through everything.
    """

    rows: Sequence[Row] = ()
    hits: Mapping[uuid.UUID, Hit] = field(default_factory=dict)
    next_cursor: str | None = None
    previous_cursor: str | None = None
    is_unfinished: bool = False
    error: str = ""


def words_of(place: Place) -> str:
    """What is looked for; empty where nothing is, and in lists that can't be searched."""
    return place.narrowed.get("search", "").strip() if place.view in SEARCHED else ""


def shown(session: Session, place: Place, narrowed: Filters, reader: Reader) -> Shown:
    """Raises Forbidden for a view that is not there for the reader."""
    if words_of(place):
        return _found(session, place, narrowed, reader)
    after, before = read_cursor(place.after), read_cursor(place.before)
    listed = desk.rows(session, place.view, narrowed, after, reader, before=before)
    return Shown(listed.items, next_cursor=listed.next_cursor, previous_cursor=listed.previous_cursor)


def _found(session: Session, place: Place, narrowed: Filters, reader: Reader) -> Shown:
    try:
        found = finding.find(session, place.view, narrowed, reader, words_of(place), _behind(place.after))
    except Unprocessable as error:
        return Shown(error=refusal_words(error.code))
    following = None if found.next_before is None else str(found.next_before)
    return Shown(found.rows, found.hits, following, is_unfinished=found.is_unfinished)


def _behind(cursor: str) -> int | None:
    return int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else None


def neighbours(
    session: Session, place: Place, narrowed: Filters, listed: Shown, item: uuid.UUID, reader: Reader
) -> Neighbours:
    """Those on this page of the list; at its ends, and for what has left the list, the store is asked.

    A search is read in one direction only: before the first of a page there is none.
    """
    ids = [row.id for row in listed.rows]
    at = ids.index(item) if item in ids else -1
    if 0 < at < len(ids) - 1:
        return Neighbours(ids[at - 1], ids[at + 1])
    if words_of(place):
        before = ids[at - 1] if at > 0 else None
        return Neighbours(
            before, ids[at + 1] if 0 <= at < len(ids) - 1 else _next_found(session, place, narrowed, item, reader)
        )
    return Neighbours(
        desk.previous(session, place.view, narrowed, item, reader),
        desk.next_after(session, place.view, narrowed, item, reader),
    )


def _next_found(session: Session, place: Place, narrowed: Filters, item: uuid.UUID, reader: Reader) -> uuid.UUID | None:
    try:
        return finding.next_after(session, place.view, narrowed, reader, words_of(place), item)
    except Unprocessable:
        return None


def pages(request: Request, place: Place, listed: Shown) -> Pages:
    def url(after: str | None = "", before: str | None = "") -> str:
        return address(request, "queue", **place.values(after=after, before=before))

    return Pages(
        first=url() if place.after or place.before else None,
        previous=url(before=listed.previous_cursor) if listed.previous_cursor else None,
        next=url(after=listed.next_cursor) if listed.next_cursor else None,
    )
