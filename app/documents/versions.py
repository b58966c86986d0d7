"""Reading a document through its versions: which there are, where a clause is in a later one, what differs."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.compared import ComparedRow, read
from app.documents.extracted import Clause as FoundClause
from app.documents.extracted import Unit
from app.documents.models import Clause, ClauseAnchor, ClauseUnit, DocumentVersion, StoredComparison, VersionRole
from app.documents.reanchoring import Because, Fate
from app.documents.tracing import fate_of
from app.documents.unit_names import Role
from app.kit.errors import NotFound


@dataclass(frozen=True)
class Version:
    """A version without its text."""

    id: uuid.UUID
    document_id: uuid.UUID
    number: int
    role: VersionRole
    source_name: str
    created_at: datetime


@dataclass(frozen=True)
class ClauseName:
    """A clause as people call it."""

    id: uuid.UUID
    label: str
    number: str
    heading: str


class Sure(StrEnum):
    """CERTAIN: nobody needs to look. LIKELY: right nearly always. DOUBTFUL: a person should look."""

    CERTAIN = "certain"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"


_CERTAIN, _LIKELY = 0.95, 0.6


@dataclass(frozen=True)
class Whereabouts:
    """Where a clause is in a later version: `now`, None when it is gone. `also_in` took in part of it.

    Where a person decided, `fate` and `now` are that decision's, and `decided_by` tells whose; else they are as found,
    and the lower `sureness` (0 to 1), the more a person should look.
    """

    clause: ClauseName
    version: Version
    later: Version
    fate: Fate
    now: ClauseName | None
    also_in: tuple[ClauseName, ...]
    sureness: float
    why: Because
    decided_by: str | None
    revision: int

    @property
    def sure(self) -> Sure:
        """In words that tell whether a person should look; what a person decided is certain."""
        if self.decided_by is not None or self.sureness >= _CERTAIN:
            return Sure.CERTAIN
        return Sure.LIKELY if self.sureness >= _LIKELY else Sure.DOUBTFUL


_VERSION = (
    DocumentVersion.id,
    DocumentVersion.document_id,
    DocumentVersion.number,
    DocumentVersion.role,
    DocumentVersion.source_name,
    DocumentVersion.created_at,
)


def version(session: Session, version_id: uuid.UUID) -> Version:
    """Raises NotFound."""
    row = session.execute(select(*_VERSION).where(DocumentVersion.id == version_id)).one_or_none()
    if row is None:
        raise NotFound("no_such_version")
    return Version(*row)


def versions_of(session: Session, document_id: uuid.UUID) -> tuple[Version, ...]:
    """Every version of the document, the first one first."""
    rows = session.execute(
        select(*_VERSION).where(DocumentVersion.document_id == document_id).order_by(DocumentVersion.number)
    )
    return tuple(Version(*row) for row in rows)


def anchor_of(session: Session, clause_id: uuid.UUID, version_id: uuid.UUID) -> Whereabouts | None:
    """Where the clause is in that version; None unless the version came after the clause's own."""
    found = whereabouts(session, [clause_id])[clause_id]
    return next((place for place in found if place.later.id == version_id), None)


def whereabouts(session: Session, clause_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Whereabouts, ...]]:
    """For each clause, where it is in every later version of its document, in the versions' order."""
    anchors = session.scalars(select(ClauseAnchor).where(ClauseAnchor.old_clause_id.in_(set(clause_ids)))).all()
    clauses = _clauses(session, _named_by(anchors))
    versions = _versions(session, {clause.version_id for clause in clauses.values()} | _later(anchors))
    found: dict[uuid.UUID, list[Whereabouts]] = defaultdict(list)
    for anchor in sorted(anchors, key=lambda anchor: versions[anchor.new_version_id].number):
        found[anchor.old_clause_id].append(_whereabouts(anchor, clauses, versions))
    return defaultdict(tuple, {clause_id: tuple(places) for clause_id, places in found.items()})


def _later(anchors: Iterable[ClauseAnchor]) -> set[uuid.UUID]:
    return {anchor.new_version_id for anchor in anchors}


def _named_by(anchors: Iterable[ClauseAnchor]) -> set[uuid.UUID]:
    named = set()
    for anchor in anchors:
        named |= {anchor.old_clause_id, *map(uuid.UUID, anchor.also_in)}
        named |= {clause for clause in (anchor.new_clause_id, anchor.decided_clause_id) if clause is not None}
    return named


def _clauses(session: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, Clause]:
    return {row.id: row for row in session.scalars(select(Clause).where(Clause.id.in_(ids)))}


def _versions(session: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, Version]:
    rows = session.execute(select(*_VERSION).where(DocumentVersion.id.in_(ids)))
    return {row.id: Version(*row) for row in rows}


def _whereabouts(
    anchor: ClauseAnchor, clauses: Mapping[uuid.UUID, Clause], versions: Mapping[uuid.UUID, Version]
) -> Whereabouts:
    old, fate, at = clauses[anchor.old_clause_id], anchor.fate, anchor.new_clause_id
    if anchor.decided_by is not None:
        at = anchor.decided_clause_id
        now = clauses[at] if at else None
        fate = fate_of(old.label, old.text_hash, now.label, now.text_hash) if now else Fate.GONE
    return Whereabouts(
        clause=_name(old),
        version=versions[old.version_id],
        later=versions[anchor.new_version_id],
        fate=fate,
        now=_name(clauses[at]) if at else None,
        also_in=tuple(_name(clauses[uuid.UUID(other)]) for other in anchor.also_in),
        sureness=anchor.sureness,
        why=anchor.why,
        decided_by=anchor.decided_by,
        revision=anchor.revision,
    )


def _name(row: Clause) -> ClauseName:
    return ClauseName(row.id, row.label, row.number, row.heading)


def found_clauses(session: Session, version_id: uuid.UUID) -> tuple[FoundClause, ...]:
    """The clauses of a stored version as they were read from the document, in order."""
    rows = session.scalars(select(Clause).where(Clause.version_id == version_id).order_by(Clause.ordinal)).all()
    units: dict[uuid.UUID, list[Unit]] = defaultdict(list)
    of_version = select(Clause.id).where(Clause.version_id == version_id)
    named = session.scalars(select(ClauseUnit).where(ClauseUnit.clause_id.in_(of_version)).order_by(ClauseUnit.ordinal))
    for unit in named:
        found = Unit(unit.name, unit.written_as, Role(unit.role), unit.department_id, unit.certainty, unit.why)
        units[unit.clause_id].append(found)
    return tuple(
        FoundClause(
            row.label, row.number, row.heading, row.level, row.parent_label, row.text or None, tuple(units[row.id])
        )
        for row in rows
    )


@dataclass(frozen=True)
class Compared:
    """A comparison that was asked for; `rows` is None until it has been worked out."""

    id: uuid.UUID
    draft: Version
    final: Version
    rows: tuple[ComparedRow, ...] | None
    made_at: datetime | None


def comparison_of(session: Session, draft_version_id: uuid.UUID, final_version_id: uuid.UUID) -> Compared | None:
    """What is kept of that pair, if it was ever asked for."""
    row = session.scalar(
        select(StoredComparison).where(
            StoredComparison.draft_version_id == draft_version_id,
            StoredComparison.final_version_id == final_version_id,
        )
    )
    return None if row is None else _compared(session, row)


def latest_comparison(session: Session, document_id: uuid.UUID) -> Compared | None:
    """The one of the document's versions that was asked for last."""
    row = session.scalar(
        select(StoredComparison)
        .join(DocumentVersion, DocumentVersion.id == StoredComparison.final_version_id)
        .where(DocumentVersion.document_id == document_id)
        .order_by(StoredComparison.asked_at.desc(), DocumentVersion.number.desc())
        .limit(1)
    )
    return None if row is None else _compared(session, row)


def _compared(session: Session, row: StoredComparison) -> Compared:
    versions = _versions(session, {row.draft_version_id, row.final_version_id})
    rows = None if row.rows is None else read(row.rows)
    return Compared(row.id, versions[row.draft_version_id], versions[row.final_version_id], rows, row.made_at)


def named_clauses(session: Session, clause_ids: Iterable[uuid.UUID]) -> Sequence[tuple[ClauseName, Version]]:
    """The clauses with the version of each, in the order of their documents."""
    rows = session.scalars(select(Clause).where(Clause.id.in_(set(clause_ids))).order_by(Clause.ordinal)).all()
    known = _versions(session, {row.version_id for row in rows})
    return [(_name(row), known[row.version_id]) for row in rows]


def clause_names(session: Session, version_id: uuid.UUID) -> Sequence[ClauseName]:
    """Every clause of the version by its name, in order."""
    rows = session.scalars(select(Clause).where(Clause.version_id == version_id).order_by(Clause.ordinal))
    return [_name(row) for row in rows]
