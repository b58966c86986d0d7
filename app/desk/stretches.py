"""Reading entries in their order, a stretch at a time, in either direction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.desk.sources import Entries, Source
from app.kit.paging import Key

LOOKED_THROUGH = 1_000
"""Entries that one query looks through at most."""
STRETCHES = 3
"""How many such queries one page makes; the next page goes on where they ended."""
Joined = Callable[[Entries, Any], Entries]
"""Joins the record of an entry, so that it can be checked."""


@dataclass(frozen=True)
class Stretch:
    """Keys in the order of reading, and where to go on; None where the list has ended."""

    keys: Sequence[Key]
    onward: Key | None


def read(
    session: Session, source: Source, joined: Joined, place: Key | None, limit: int, *, backwards: bool = False
) -> Stretch:
    """The next `limit` keys beyond a place; fewer, with a key to go on at, where too many entries had to be checked."""
    keys: list[Key] = []
    for _ in range(STRETCHES if source.checks else 1):
        found = _one(session, source, joined, place, limit - len(keys), backwards=backwards)
        keys += found.keys
        place = found.onward
        if place is None or len(keys) == limit:
            break
    return Stretch(keys, place)


def _one(
    session: Session, source: Source, joined: Joined, place: Key | None, limit: int, *, backwards: bool
) -> Stretch:
    if not source.entries:
        return Stretch((), None)
    entries = _in_order(source.entries, place, LOOKED_THROUGH if source.checks else limit + 1, backwards=backwards)
    if not source.checks:
        return _cut(session, entries, limit)
    window = entries.subquery()
    checked = joined(select(window.c.id, window.c.at), window.c.id).where(*source.checks)
    found = _cut(session, checked.order_by(*_order(window.c, backwards=backwards)).limit(limit + 1), limit)
    return found if found.onward else Stretch(found.keys, _end(session, entries))


def _cut(session: Session, query: Entries, limit: int) -> Stretch:
    keys = [Key(at, id) for id, at in session.execute(query)]
    return Stretch(keys[:limit], keys[limit - 1] if len(keys) > limit else None)


def _end(session: Session, entries: Entries) -> Key | None:
    """The last entry that was looked at; None where the list ended before."""
    row = session.execute(entries.offset(LOOKED_THROUGH - 1).limit(1)).one_or_none()
    return Key(row.at, row.id) if row else None


def _in_order(entries: Sequence[Entries], place: Key | None, limit: int, *, backwards: bool) -> Entries:
    """The first entries of all sources together: each gives so many that no other could be among them."""
    cut = [_beyond(one, place, backwards=backwards).limit(limit) for one in entries]
    if len(cut) == 1:
        return cut[0]
    parts = [select(part.c.id, part.c.at) for part in (one.subquery() for one in cut)]
    every = union_all(*parts).subquery()
    return select(every.c.id, every.c.at).order_by(*_order(every.c, backwards=backwards)).limit(limit)


def _beyond(entries: Entries, place: Key | None, *, backwards: bool) -> Entries:
    columns = entries.selected_columns
    if place is not None:
        here, there = tuple_(columns.at, columns.id), tuple_(place.at, place.id)
        entries = entries.where(here < there if backwards else here > there)
    return entries.order_by(*_order(columns, backwards=backwards))


def _order(columns: Any, *, backwards: bool) -> list[ColumnElement[Any]]:
    return [columns.at.desc(), columns.id.desc()] if backwards else [columns.at, columns.id]
