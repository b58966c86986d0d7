"""Where the rows of a list come from: index entries in their order, and what is left to check of each.

A list is read from the one index that has the fewest entries for it, by the counts that the store keeps. What that
index doesn't know of is checked row by row, in stretches of LOOKED_THROUGH: a page costs the same however many rows
there are and whatever is asked.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, literal_column, select
from sqlalchemy.orm import Session

from app.counters import ledger as counters
from app.counters.ledger import Wanted
from app.counters.models import Posting
from app.desk.filters import NOBODY, Filters
from app.documents.models import ClauseUnit
from app.screening.models import ScreeningDecision
from app.submissions.lifecycle import Channel, SubmissionState
from app.submissions.models import Submission, SubmissionClause

Entries = Select[uuid.UUID, datetime]
"""Index entries: `id` and `at`, without an order yet."""
LISTED = ("clause", "campaign", "theme")
"""Filters whose submissions stand in lists of app/counters."""

COVERED = {"unclaimed": {"person", "scope"}, "marked": {"marked", "scope"}}
"""What an index knows of besides itself."""


@dataclass(frozen=True)
class Asked:
    """Which submissions: in one of these states, and all that the others narrow it to where they aren't empty.

    `marked` is a list of app/counters; `person` the id of whom it is allocated to, or NOBODY. `unseen_by` keeps off
    what that person decided on.
    """

    states: Sequence[SubmissionState]
    scopes: tuple[uuid.UUID, ...] | None = None
    marked: str = ""
    clause: uuid.UUID | None = None
    campaign: uuid.UUID | None = None
    theme: uuid.UUID | None = None
    channel: Channel | None = None
    persons: tuple[str, ...] = ()
    department: str = ""
    before: datetime | None = None
    unseen_by: str = ""


@dataclass(frozen=True)
class Source:
    """The entries to read, and what they leave to be checked of each submission."""

    entries: Sequence[Entries]
    checks: Sequence[ColumnElement[bool]]


def source(session: Session, asked: Asked) -> Source:
    """Which index to read, and what to check. At most two queries, whatever is asked."""
    if asked.scopes == ():
        return Source((), ())
    sizes = _sizes(session, asked)
    best = min(sizes, key=lambda one: sum(sizes[one].values()))
    cells = sizes[best] if len(sizes[best]) == 1 else {cell: n for cell, n in sizes[best].items() if n}
    entries = [_entries(asked, best, value, state) for value, state in cells]
    if asked.before is not None:
        entries = [one.where(one.selected_columns.at < asked.before) for one in entries]
    covered = COVERED.get(best, {best})
    return Source(entries, [check for name, check in _checks(asked) if name not in covered])


Sizes = dict[tuple[str, str], int]
"""(Value, state) → how many."""


def _sizes(session: Session, asked: Asked) -> dict[str, Sizes]:
    """For each index that could be read: how many entries of it belong to the list, by value and state."""
    wanted = list(_wanted(asked))
    found = counters.by_state(session, [one for _, _, one in wanted])
    sizes: dict[str, Sizes] = {}
    for (index, value, _), by_state in zip(wanted, found, strict=True):
        cells = sizes.setdefault(index, {})
        for state in asked.states:
            cells[value, state.value] = by_state.get(state.value, 0)
    if asked.marked and asked.scopes is None:
        everywhere = counters.by_value(session, f"submissions.{asked.marked}")
        states = {state.value for state in asked.states}
        sizes["marked"] = {cell: n for cell, n in everywhere.items() if cell[1] in states}
    return sizes


def _wanted(asked: Asked) -> Iterable[tuple[str, str, Wanted]]:
    """Index, value, and what is counted of them."""
    for name in LISTED:
        value = getattr(asked, name)
        if value is not None:
            yield name, value.hex, Wanted(f"submissions.{name}", value=value.hex)
    for scope in asked.scopes or ():
        yield "scope", scope.hex, Wanted("submissions.channel", scope.hex)
        if asked.marked:
            yield "marked", scope.hex, Wanted(f"submissions.{asked.marked}", value=scope.hex)
    if asked.channel is not None:
        yield "channel", asked.channel.value, Wanted("submissions.channel", value=asked.channel.value)
    if len(asked.persons) == 1:
        yield from _wanted_of_person(asked, asked.persons[0])
    if asked.scopes is None:
        yield "state", "", Wanted("submissions.channel")


def _wanted_of_person(asked: Asked, person: str) -> Iterable[tuple[str, str, Wanted]]:
    value = "" if person == NOBODY else person
    if person == NOBODY and asked.scopes and tuple(asked.states) == (SubmissionState.RECEIVED,):
        for scope in asked.scopes:
            yield "unclaimed", scope.hex, Wanted("submissions.person", scope.hex, "")
        return
    yield "person", value, Wanted("submissions.person", value=value)


def _entries(asked: Asked, index: str, value: str, state: str) -> Entries:
    if index in LISTED or index == "marked":
        kept = asked.marked if index == "marked" else index
        return select(Posting.record_id.label("id"), Posting.at.label("at")).where(
            Posting.list == kept, Posting.value == value, Posting.state == state
        )
    entries = select(Submission.id.label("id"), Submission.received_at.label("at"))
    if index == "unclaimed":
        # In letters, as the partial index has it: SQLite compares the words of the two conditions.
        unclaimed = and_(literal_column("submissions.state = 'received'"), Submission.allocated_to.is_(None))
        return entries.where(Submission.consultation_id == uuid.UUID(value), unclaimed)
    entries = entries.where(Submission.state == SubmissionState(state))
    if index == "scope":
        return entries.where(Submission.consultation_id == uuid.UUID(value))
    if index == "channel":
        return entries.where(Submission.channel == asked.channel)
    return entries.where(_allocated(value or NOBODY)) if index == "person" else entries


def _checks(asked: Asked) -> Iterable[tuple[str, ColumnElement[bool]]]:
    """The name of the index that would make the check needless, and the check."""
    if asked.scopes is not None:
        yield "scope", Submission.consultation_id.in_(asked.scopes)
    for name in LISTED:
        value = getattr(asked, name)
        if value is not None:
            # The whole key: by a part of it SQLite would go through all that stands in the list.
            here = (Posting.value == value.hex, Posting.state == Submission.state, Posting.at == Submission.received_at)
            yield name, _stands_in(name).where(*here).exists()
    if asked.marked:
        yield "marked", _stands_in(asked.marked).exists()
    if asked.channel is not None:
        yield "channel", Submission.channel == asked.channel
    for person in asked.persons:
        yield "person", _allocated(person)
    if asked.department:
        yield "department", _about_department(asked.department)
    if asked.unseen_by:
        yield "unseen_by", ~_decided_by(asked.unseen_by)


def conditions(asked: Asked) -> list[ColumnElement[bool]]:
    """All that is asked of a submission, for whoever reads no list but checks one submission after the other."""
    found = [Submission.state.in_(asked.states), *(check for _name, check in _checks(asked))]
    return found if asked.before is None else [*found, Submission.received_at < asked.before]


def _stands_in(kept: str) -> Select[uuid.UUID]:
    return select(Posting.record_id).where(Posting.record_id == Submission.id, Posting.list == kept)


def _allocated(person: str) -> ColumnElement[bool]:
    return Submission.allocated_to.is_(None) if person == NOBODY else Submission.allocated_to == person


def _about_department(department_id: str) -> ColumnElement[bool]:
    return (
        select(SubmissionClause.clause_id)
        .join(ClauseUnit, ClauseUnit.clause_id == SubmissionClause.clause_id)
        .where(SubmissionClause.submission_id == Submission.id, ClauseUnit.department_id == department_id)
        .exists()
    )


def _decided_by(person: str) -> ColumnElement[bool]:
    return (
        select(ScreeningDecision.id)
        .where(ScreeningDecision.submission_id == Submission.id, ScreeningDecision.decided_by == person)
        .exists()
    )


def asked_by(filters: Filters, states: Sequence[SubmissionState], within: frozenset[uuid.UUID] | None) -> Asked:
    """What the filters ask of submissions in these states; `within` as in Reader."""
    return Asked(
        states=states,
        scopes=scopes(filters, within),
        clause=filters.clause,
        campaign=filters.campaign,
        theme=filters.theme,
        channel=filters.channel,
        persons=(filters.allocated_to,) if filters.allocated_to else (),
        department=filters.department,
    )


def scopes(filters: Filters, within: frozenset[uuid.UUID] | None) -> tuple[uuid.UUID, ...] | None:
    """The consultations that a list can be about; None for all."""
    if filters.consultation is None:
        return None if within is None else tuple(sorted(within))
    return (filters.consultation,) if within is None or filters.consultation in within else ()
