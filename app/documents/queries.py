import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.departments.directory import Level
from app.departments.lifecycle import DepartmentState
from app.departments.models import Department
from app.documents.models import Clause, ClauseUnit, Document, DocumentVersion


@dataclass(frozen=True)
class NamedUnit:
    """A unit as a clause names it. `department_id` is None when it was not recognised; `ended`: it is no more."""

    name: str
    role: str
    why: str
    department_id: str | None
    standing: bool
    ended: bool = False


@dataclass(frozen=True)
class ReadClause:
    """A clause with the units that it names, in printed order."""

    id: uuid.UUID
    label: str
    number: str
    heading: str
    level: int
    text: str
    text_hash: str
    units: tuple[NamedUnit, ...]


def clauses_of(session: Session, version_id: uuid.UUID) -> tuple[ReadClause, ...]:
    """All clauses of a version, in order."""
    rows = session.scalars(select(Clause).where(Clause.version_id == version_id).order_by(Clause.ordinal)).all()
    return _with_units(session, rows)


def clauses_by_id(session: Session, ids: Iterable[uuid.UUID]) -> tuple[ReadClause, ...]:
    """The named clauses, in the order of their documents."""
    rows = session.scalars(select(Clause).where(Clause.id.in_(set(ids))).order_by(Clause.ordinal)).all()
    return _with_units(session, rows)


def version_numbers(session: Session, version_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Version id → its number within its document."""
    numbers = select(DocumentVersion.id, DocumentVersion.number).where(DocumentVersion.id.in_(set(version_ids)))
    return {row[0]: row[1] for row in session.execute(numbers)}


def titles_of_versions(session: Session, version_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Version id → the title of its document or, where none was read, the name of its file."""
    rows = session.execute(
        select(DocumentVersion.id, Document.title, DocumentVersion.source_name)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(DocumentVersion.id.in_(set(version_ids)))
    )
    return {row.id: row.title or row.source_name for row in rows}


def implied_units(session: Session, version_id: uuid.UUID) -> list[str]:
    """Units that a standing note makes responsible for every clause; shown, never assigned by themselves."""
    found = session.scalar(select(DocumentVersion.implied_units).where(DocumentVersion.id == version_id))
    return [str(unit["name"]) for unit in found or ()]


def _with_units(session: Session, rows: Sequence[Clause]) -> tuple[ReadClause, ...]:
    units: dict[uuid.UUID, list[NamedUnit]] = defaultdict(list)
    query = (
        select(ClauseUnit, Department.level, Department.state)
        .outerjoin(Department, Department.id == ClauseUnit.department_id)
        .where(ClauseUnit.clause_id.in_([row.id for row in rows]))
        .order_by(ClauseUnit.ordinal)
    )
    for unit, level, state in session.execute(query):
        standing, ended = level is Level.STANDING_SCOPE, state not in (None, DepartmentState.ACTIVE)
        units[unit.clause_id].append(NamedUnit(unit.name, unit.role, unit.why, unit.department_id, standing, ended))
    return tuple(
        ReadClause(row.id, row.label, row.number, row.heading, row.level, row.text, row.text_hash, tuple(units[row.id]))
        for row in rows
    )
