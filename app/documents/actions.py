"""Storing what was read from a draft."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import audit
from app.documents.extraction import Extraction, to_json
from app.documents.models import Clause, ClauseUnit, Document, DocumentVersion
from app.kit.crypto import content_hash
from app.permissions import Actor, Permission, require

HEADING_LENGTH = 300


def store_version(
    session: Session, actor: Actor, at: datetime, source_name: str, text: str, found: Extraction
) -> DocumentVersion:
    """A new document with its first version: the text as it was read, its clauses, and what was doubtful."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    as_printed = to_json(found)
    document = Document(title=found.title)
    session.add(document)
    session.flush()
    version = DocumentVersion(
        document_id=document.id,
        number=_next_number(session, document),
        source_name=source_name[:200],
        source_hash=content_hash(text),
        text=text,
        implied_units=as_printed["implied_units"],
        doubts=as_printed["doubts"],
        created_at=at,
    )
    session.add(version)
    session.flush()
    _store_clauses(session, version, found)
    audit.record(session, actor, at, "document.stored", ("document", document.id), clauses=len(found.clauses))
    return version


def _cut(words: str, length: int) -> str:
    """At most `length` code points: what looks like an endless heading is a text that ran on, and is in the text."""
    return words if len(words) <= length else words[: length - 1] + "…"


def _next_number(session: Session, document: Document) -> int:
    newest = select(func.max(DocumentVersion.number)).where(DocumentVersion.document_id == document.id)
    return (session.scalar(newest) or 0) + 1


def _store_clauses(session: Session, version: DocumentVersion, found: Extraction) -> None:
    seen: Counter[str] = Counter()
    for ordinal, clause in enumerate(found.clauses):
        seen[clause.label] += 1
        label = clause.label if seen[clause.label] == 1 else f"{clause.label}#{seen[clause.label]}"
        row = Clause(
            version_id=version.id,
            ordinal=ordinal,
            label=label,
            number=clause.number,
            heading=_cut(clause.heading or "", HEADING_LENGTH),
            level=clause.level,
            parent_label=clause.parent,
            text=clause.text or "",
            text_hash=content_hash(clause.heading or "", clause.text or ""),
        )
        session.add(row)
        session.flush()
        session.add_all(
            ClauseUnit(
                clause_id=row.id,
                ordinal=place,
                name=unit.name,
                written_as=unit.written_as,
                role=str(unit.role),
                department_id=unit.department,
                certainty=str(unit.certainty),
                why=unit.why[:300],
            )
            for place, unit in enumerate(clause.units)
        )
