import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry, Result
from app.kit.paging import Key, Page, page_of
from app.permissions import ActorKind

AT_ONCE = 1000
AnySelect = TypeVar("AnySelect", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class Filters:
    """What an auditor looks for; None or an empty tuple stands for everything. `since` ≤ at < `until`."""

    actors: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    record: str | None = None
    consultation: uuid.UUID | None = None
    result: Result | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = Filters()


def latest(session: Session, before: Key | None, limit: int, filters: Filters = EVERYTHING) -> Page[AuditEntry]:
    """Entries, newest first; the next page holds what is older than this page's last."""
    query = _filtered(select(AuditEntry), filters)
    query = query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit + 1)
    if before:
        query = query.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(before.at, before.id))
    return page_of(session.scalars(query).all(), limit, lambda entry: Key(entry.at, entry.id))


def number(session: Session, filters: Filters) -> int:
    return session.scalar(_filtered(select(func.count()).select_from(AuditEntry), filters)) or 0


def everything(session: Session, filters: Filters) -> Iterator[AuditEntry]:
    """Newest first, a page at a time, and each page forgotten before the next."""
    before: Key | None = None
    while True:
        rows = latest(session, before, AT_ONCE, filters).items
        yield from rows
        if len(rows) < AT_ONCE:
            return
        before = Key(rows[-1].at, rows[-1].id)
        session.expunge_all()


def of_record(session: Session, kind: str, record_id: object) -> Sequence[AuditEntry]:
    """All that was done to one record, oldest first."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.record_kind == kind, AuditEntry.record_id == str(record_id))
        .order_by(AuditEntry.at, AuditEntry.id)
    ).all()


def _filtered(query: AnySelect, filters: Filters) -> AnySelect:
    wanted: list[ColumnElement[bool]] = []
    if filters.actors:
        wanted.append(AuditEntry.actor_id.in_(filters.actors))
    if filters.actions:
        wanted.append(AuditEntry.action.in_(filters.actions))
    if filters.record is not None:
        wanted.append(AuditEntry.record_id == filters.record)
    if filters.consultation is not None:
        wanted.append(AuditEntry.consultation_id == filters.consultation)
    if filters.result is not None:
        wanted.append(AuditEntry.result == filters.result)
    if filters.since is not None:
        wanted.append(AuditEntry.at >= filters.since)
    if filters.until is not None:
        wanted.append(AuditEntry.at < filters.until)
    return query.where(*wanted)


@dataclass(frozen=True)
class Tally:
    """How often somebody did one thing."""

    actor_kind: ActorKind
    actor_id: str
    action: str
    number: int


def tallies(session: Session, filters: Filters) -> Sequence[Tally]:
    """Who did how much of what, the most first."""
    number = func.count()
    things = (AuditEntry.actor_kind, AuditEntry.actor_id, AuditEntry.action)
    query: Any = _filtered(select(*things, number), filters).group_by(*things)
    return [Tally(*row) for row in session.execute(query.order_by(number.desc(), AuditEntry.actor_id))]
