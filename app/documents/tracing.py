"""Where each clause of a document's earlier versions is in a new one: read from what is stored.

Every earlier version is traced to the new one directly and not by way of those between: what was dropped once and came
back is found, and doubts don't add up. Only where a person decided where a clause is in a version between, the way
leads over that decision, so that nobody has to correct the same mistake again.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.documents.models import Clause, ClauseAnchor, DocumentVersion
from app.documents.reanchoring import Anchor, AnchoredClause, Because, Fate, reanchor

FEW_CLAUSES = 600
"""In all versions together: as many are traced in about a second, so that a person can wait for it."""
JOB = "trace_version"


def is_quick(session: Session, document_id: uuid.UUID) -> bool:
    """Whether a person can wait for `anchors_into`; else the worker is to do it."""
    clauses = select(func.count()).select_from(Clause).join(DocumentVersion, DocumentVersion.id == Clause.version_id)
    return (session.scalar(clauses.where(DocumentVersion.document_id == document_id)) or 0) <= FEW_CLAUSES


def anchors_into(session: Session, version_id: uuid.UUID) -> list[ClauseAnchor]:
    """For each clause of each version before this one: where it is in this one. The caller stores them."""
    version = session.get_one(DocumentVersion, version_id)
    new = _clauses(session, version_id)
    ids = {row.label: row.id for row in new}
    traced = _trace(session, version, [_anchored(row) for row in new])
    return [
        ClauseAnchor(
            old_clause_id=old_clause_id,
            new_version_id=version_id,
            new_clause_id=None if anchor.new_label is None else ids[anchor.new_label],
            fate=anchor.fate,
            sureness=anchor.sureness,
            why=anchor.why,
            also_in=[str(ids[label]) for label in anchor.also_in],
        )
        for old_clause_id, anchor in traced.items()
    ]


def _trace(session: Session, version: DocumentVersion, new: Sequence[AnchoredClause]) -> Mapping[uuid.UUID, Anchor]:
    earlier = session.scalars(
        select(DocumentVersion.id)
        .where(DocumentVersion.document_id == version.document_id, DocumentVersion.number < version.number)
        .order_by(DocumentVersion.number)
    ).all()
    clauses = {version_id: _clauses(session, version_id) for version_id in earlier}
    direct: dict[uuid.UUID, Anchor] = {}
    for rows in clauses.values():
        found = reanchor([_anchored(row) for row in rows], new)
        direct |= {row.id: anchor for row, anchor in zip(rows, found, strict=True)}
    rows_by_id = {row.id: row for rows in clauses.values() for row in rows}
    traced = dict(direct)
    for decided in _decided(session, earlier):
        old = rows_by_id[decided.old_clause_id]
        traced[old.id] = _by_way_of(old, decided.decided_clause_id, direct, new)
    return traced


def _clauses(session: Session, version_id: uuid.UUID) -> Sequence[Clause]:
    return session.scalars(select(Clause).where(Clause.version_id == version_id).order_by(Clause.ordinal)).all()


def _anchored(row: Clause) -> AnchoredClause:
    return AnchoredClause(row.label, row.text_hash, row.text, row.heading)


def _decided(session: Session, versions: Sequence[uuid.UUID]) -> Iterator[ClauseAnchor]:
    """What people decided, the decision about the latest version last, since that one counts."""
    yield from session.scalars(
        select(ClauseAnchor)
        .join(DocumentVersion, DocumentVersion.id == ClauseAnchor.new_version_id)
        .where(ClauseAnchor.new_version_id.in_(versions), ClauseAnchor.decided_by.is_not(None))
        .order_by(DocumentVersion.number)
    )


def _by_way_of(
    old: Clause, between: uuid.UUID | None, direct: dict[uuid.UUID, Anchor], new: Sequence[AnchoredClause]
) -> Anchor:
    """The anchor of the clause that a person named, told of `old`; gone where the person said that it is gone."""
    if between is None:
        return Anchor(old.label, None, Fate.GONE, 1.0, Because.BY_WAY_OF_A_DECISION)
    onward = direct[between]
    at = next((clause for clause in new if clause.label == onward.new_label), None)
    fate = Fate.GONE
    if at is not None:
        fate = fate_of(old.label, old.text_hash, at.label, at.text_hash)
    return replace(onward, old_label=old.label, fate=fate, why=Because.BY_WAY_OF_A_DECISION)


def fate_of(old_label: str, old_hash: str, new_label: str, new_hash: str) -> Fate:
    """What became of a clause whose counterpart is known."""
    if old_hash != new_hash:
        return Fate.CHANGED
    return Fate.SAME_TEXT if old_label == new_label else Fate.MOVED
