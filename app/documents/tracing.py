"""Where each clause of a document's earlier versions is in a new one: read from what is stored.

Every earlier version is traced to the new one directly and not by way of those between: what was dropped once and came
back is found, and doubts don't add up. Only where a person decided where a clause is in a version between, the way
leads over that decision, so that nobody has to correct the same mistake again.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.models import Clause, ClauseAnchor, DocumentVersion
from app.documents.reanchoring import Anchor, AnchoredClause, Because, Fate, reanchor


def trace(session: Session, document_id: uuid.UUID, new: Sequence[AnchoredClause]) -> dict[uuid.UUID, Anchor]:
    """For each clause of each stored version, by its id: where it is among `new`, the clauses of a later version."""
    versions = session.scalars(
        select(DocumentVersion.id).where(DocumentVersion.document_id == document_id).order_by(DocumentVersion.number)
    ).all()
    clauses = {version_id: _clauses(session, version_id) for version_id in versions}
    direct: dict[uuid.UUID, Anchor] = {}
    for rows in clauses.values():
        found = reanchor([_anchored(row) for row in rows], new)
        direct |= {row.id: anchor for row, anchor in zip(rows, found, strict=True)}
    rows_by_id = {row.id: row for rows in clauses.values() for row in rows}
    traced = dict(direct)
    for decided in _decided(session, versions):
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
