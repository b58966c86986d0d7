from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.departments.directory import Directory
from app.departments.lifecycle import DepartmentState, ProposalState
from app.departments.models import (
    Department,
    DepartmentAlias,
    DepartmentFormerName,
    DepartmentProposal,
    DepartmentSuccession,
)
from app.departments.units import DirectoryEntry, FormerName, Level, Relationship, Succession
from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of

PAGE_SIZE = 100


@dataclass(frozen=True)
class Filters:
    """What a list of departments is narrowed down to; `words` is part of any written form."""

    words: str = ""
    level: Level | None = None
    relationship: Relationship | None = None
    state: DepartmentState | None = None


@dataclass(frozen=True)
class Listed:
    department: Department
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Relative:
    """A body that came before or after another, and the day on which it took over, where that is sourced."""

    id: str
    name: str
    since: date | None


def directory(session: Session) -> Directory:
    """The whole directory, indexed for looking printed names up."""
    return Directory(entries(session))


def entries(session: Session) -> tuple[DirectoryEntry, ...]:
    """The whole directory, in its order; four queries."""
    return _entries(session, in_order(session), None)


def entry(session: Session, department: Department) -> DirectoryEntry:
    """One department with everything that the directory says of it."""
    return _entries(session, [department], department.id)[0]


def _entries(session: Session, rows: Sequence[Department], only: str | None) -> tuple[DirectoryEntry, ...]:
    aliases, former, successors = _aliases(session, only), _former_names(session, only), _successions(session, only)
    return tuple(
        DirectoryEntry(
            id=row.id,
            name=row.name,
            aliases=tuple(aliases[row.id]),
            level=row.level,
            relationship=row.relationship,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            state=row.state,
            ended_reason=row.ended_reason,
            successors=tuple(successors[row.id]),
            former_names=tuple(former[row.id]),
            source=row.source,
        )
        for row in rows
    )


def _aliases(session: Session, only: str | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    query = select(DepartmentAlias).order_by(DepartmentAlias.position)
    for row in session.scalars(query.where(_is(DepartmentAlias.department_id, only))):
        found[row.department_id].append(row.alias)
    return found


def _former_names(session: Session, only: str | None) -> dict[str, list[FormerName]]:
    found: dict[str, list[FormerName]] = defaultdict(list)
    query = select(DepartmentFormerName).order_by(DepartmentFormerName.position)
    for row in session.scalars(query.where(_is(DepartmentFormerName.department_id, only))):
        found[row.department_id].append(FormerName(row.name, row.valid_from, row.valid_until))
    return found


def _successions(session: Session, only: str | None) -> dict[str, list[Succession]]:
    found: dict[str, list[Succession]] = defaultdict(list)
    query = select(DepartmentSuccession).order_by(DepartmentSuccession.successor_id)
    for row in session.scalars(query.where(_is(DepartmentSuccession.predecessor_id, only))):
        found[row.predecessor_id].append(Succession(row.successor_id, row.since))
    return found


def _is(column: InstrumentedAttribute[str], value: str | None) -> ColumnElement[bool]:
    return true() if value is None else column == value


def find(session: Session, department_id: str) -> Department:
    """Raises NotFound."""
    found = session.get(Department, department_id)
    if found is None:
        raise NotFound("no_such_department", department=department_id[:80])
    return found


def in_order(session: Session) -> Sequence[Department]:
    """Every department, those that have ended too, in the directory's order; one query."""
    return session.scalars(select(Department).order_by(Department.position)).all()


def assignable(session: Session) -> Sequence[Department]:
    """The departments that a suggestion can be assigned to, in the directory's order."""
    return session.scalars(
        select(Department)
        .where(Department.level != Level.STANDING_SCOPE, Department.state == DepartmentState.ACTIVE)
        .order_by(Department.position)
    ).all()


def active(session: Session) -> Sequence[Department]:
    """The departments that have not ended, scopes of many bodies too, in the directory's order."""
    return session.scalars(
        select(Department).where(Department.state == DepartmentState.ACTIVE).order_by(Department.position)
    ).all()


def names(session: Session) -> dict[str, str]:
    """Department id → canonical name."""
    return {row.id: row.name for row in session.execute(select(Department.id, Department.name))}


def search(session: Session, filters: Filters, after: int | None) -> tuple[list[Listed], int | None]:
    """A page of departments in the directory's order, and where the next one begins; None when this was the last."""
    query = _narrowed(filters).order_by(Department.position).limit(PAGE_SIZE + 1)
    if after is not None:
        query = query.where(Department.position > after)
    rows = session.scalars(query).all()
    shown = rows[:PAGE_SIZE]
    aliases: dict[str, list[str]] = defaultdict(list)
    wanted = select(DepartmentAlias).where(DepartmentAlias.department_id.in_([row.id for row in shown]))
    for alias in session.scalars(wanted.order_by(DepartmentAlias.position)):
        aliases[alias.department_id].append(alias.alias)
    following = shown[-1].position if len(rows) > PAGE_SIZE else None
    return [Listed(row, tuple(aliases[row.id])) for row in shown], following


def _narrowed(filters: Filters) -> Select[Department]:
    query = select(Department)
    if filters.words:
        aliases = select(DepartmentAlias.department_id).where(
            DepartmentAlias.alias.contains(filters.words, autoescape=True)
        )
        former = select(DepartmentFormerName.department_id).where(
            DepartmentFormerName.name.contains(filters.words, autoescape=True)
        )
        named = Department.name.contains(filters.words, autoescape=True)
        query = query.where(or_(named, Department.id.in_(aliases), Department.id.in_(former)))
    for column, value in (
        (Department.level, filters.level),
        (Department.relationship, filters.relationship),
        (Department.state, filters.state),
    ):
        if value is not None:
            query = query.where(column == value)
    return query


def successors_of(session: Session, department_id: str) -> list[Relative]:
    """The bodies that took over from it."""
    return _relatives(session, DepartmentSuccession.successor_id, DepartmentSuccession.predecessor_id == department_id)


def predecessors_of(session: Session, department_id: str) -> list[Relative]:
    """The bodies from which it took over."""
    return _relatives(session, DepartmentSuccession.predecessor_id, DepartmentSuccession.successor_id == department_id)


def _relatives(session: Session, other: InstrumentedAttribute[str], condition: ColumnElement[bool]) -> list[Relative]:
    rows = session.execute(
        select(Department.id, Department.name, DepartmentSuccession.since)
        .join(DepartmentSuccession, Department.id == other)
        .where(condition)
        .order_by(Department.position)
    )
    return [Relative(row.id, row.name, row.since) for row in rows]


def proposals(session: Session, state: ProposalState, after: Key | None, limit: int) -> Page[DepartmentProposal]:
    """Names that wait for a decision or got one, the one first seen at the head."""
    query = select(DepartmentProposal).where(DepartmentProposal.state == state)
    if after:
        query = query.where(
            tuple_(DepartmentProposal.first_seen_at, DepartmentProposal.id) > tuple_(after.at, after.id)
        )
    query = query.order_by(DepartmentProposal.first_seen_at, DepartmentProposal.id).limit(limit + 1)
    return page_of(session.scalars(query).all(), limit, lambda row: Key(row.first_seen_at, row.id))


def open_proposals(session: Session) -> int:
    """How many names wait for a decision."""
    return (
        session.scalar(
            select(func.count()).select_from(DepartmentProposal).where(DepartmentProposal.state == ProposalState.OPEN)
        )
        or 0
    )
