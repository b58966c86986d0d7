"""What an incident may have laid open: who looked at or took out what in a period, and which people it concerns."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.audit.queries import Filters
from app.exports import queries as exports
from app.rights import queries as rights
from app.submissions import queries as submissions
from app.web.audit_words import LOOKS, TAKEN_OUT, WORDS
from app.web.i18n import gettext as _
from app.web.staff import audit_view
from app.web.staff.audit_view import Asked

MOST = 5000
"""Looks and records that are gone through; an incident with more is looked at in shorter periods."""
USUAL = timedelta(days=7)
REACHED = (*LOOKS, *TAKEN_OUT)


@dataclass(frozen=True)
class TallyView:
    who: str
    kind: str
    action: str
    number: int


@dataclass(frozen=True)
class Affected:
    """A submission whose sender may be concerned: how often it was reached, since when, and in which ways."""

    receipt_number: str
    times: int
    first_at: datetime
    ways: Sequence[str]


@dataclass(frozen=True)
class Reached:
    """`persons` counts different senders, by what they entered; `complete` is False where MOST was not enough."""

    tallies: Sequence[TallyView]
    affected: Sequence[Affected]
    persons: int
    complete: bool


@dataclass(frozen=True)
class _Touch:
    at: datetime
    submission_id: uuid.UUID
    way: str


def period(session: Session, form: Asked, now: datetime) -> Filters:
    """What the form asks; the last seven days where it names no day."""
    asked = audit_view.filters(session, form)
    return replace(asked, since=asked.since or now - USUAL, until=asked.until or now + timedelta(seconds=1))


def reached(session: Session, asked: Filters) -> Reached:
    """A fixed number of queries, however much was done."""
    looked = audit.latest(session, None, MOST, replace(asked, actions=REACHED))
    assert asked.since
    assert asked.until
    left = exports.records(session, "submission", asked.since, asked.until, asked.actors, MOST)
    requests = [uuid.UUID(entry.record_id) for entry in looked.items if entry.record_kind == "rights_request"]
    about = rights.submissions_of(session, requests)
    touches = [
        _Touch(entry.at, id, WORDS[entry.action])
        for entry in looked.items
        if (id := _submission(entry.record_kind, entry.record_id, about)) is not None
    ]
    touches += [_Touch(row.at, uuid.UUID(row.record_id), WORDS["export.made"]) for row in left]
    persons = submissions.distinct_persons(session, {touch.submission_id for touch in touches})
    return Reached(
        tallies=_tallies(session, asked),
        affected=_affected(session, touches),
        persons=persons,
        complete=looked.next_cursor is None and len(left) < MOST,
    )


def _submission(kind: str, record_id: str, about: Mapping[str, uuid.UUID]) -> uuid.UUID | None:
    return uuid.UUID(record_id) if kind == "submission" else about.get(record_id)


def _tallies(session: Session, asked: Filters) -> list[TallyView]:
    rows = audit.tallies(session, replace(asked, actions=REACHED))
    names = audit_view.names(session, [(row.actor_kind, row.actor_id) for row in rows])
    return [
        TallyView(
            names.get(row.actor_id, row.actor_id), audit_view.kind(row.actor_kind), _(WORDS[row.action]), row.number
        )
        for row in rows
    ]


def _affected(session: Session, touches: Iterable[_Touch]) -> list[Affected]:
    """By receipt number: the page names nobody."""
    of: dict[uuid.UUID, list[_Touch]] = {}
    for touch in touches:
        of.setdefault(touch.submission_id, []).append(touch)
    numbers = {row.id: row.receipt_number for row in submissions.many(session, of)}
    rows = [
        Affected(numbers[id], len(some), min(touch.at for touch in some), sorted({_(touch.way) for touch in some}))
        for id, some in of.items()
        if id in numbers
    ]
    return sorted(rows, key=lambda row: row.receipt_number)
