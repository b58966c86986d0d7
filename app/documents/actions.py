"""Storing what was read from a draft, and the texts that follow it."""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.departments.directory import Why
from app.departments.proposing import propose_name
from app.documents import tracing, versions
from app.documents.comparing import JOB, is_quick, rows_between
from app.documents.extracted import Clause as FoundClause
from app.documents.extraction import Extraction, to_json
from app.documents.models import (
    Clause,
    ClauseAnchor,
    ClauseUnit,
    Document,
    DocumentVersion,
    StoredComparison,
    VersionRole,
)
from app.jobs import ledger
from app.kit.crypto import content_hash
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.identifiers import new_id
from app.permissions import Actor, Permission, require

HEADING_LENGTH = 300
VERSION_SOURCE = "document_version"
"""What stands before a version's id where a proposed name tells its source."""


def store_version(
    session: Session, actor: Actor, at: datetime, source_name: str, text: str, found: Extraction
) -> DocumentVersion:
    """A new document with its first version: the text as it was read, its clauses, and what was doubtful."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    document = Document(title=found.title, newest=1)
    session.add(document)
    session.flush()
    version = _version(document, at, source_name, text, found)
    _store(session, version, found)
    _propose_unknown(session, actor, at, version, found)
    audit.record(session, actor, at, "document.stored", ("document", document.id), clauses=len(found.clauses))
    return version


def add_version(
    session: Session,
    actor: Actor,
    at: datetime,
    document_id: uuid.UUID,
    source_name: str,
    text: str,
    found: Extraction,
    role: VersionRole = VersionRole.DRAFT,
) -> DocumentVersion:
    """The document's next version, stored as its first was, and where each earlier clause is in it.

    No earlier version changes, nor does the document's title. In very long documents the worker seeks the clauses.

    Raises NotFound for an unknown document; Conflict("changed_meanwhile") when somebody else added a version first.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound("no_such_document", id=str(document_id))
    document.newest += 1
    version = _version(document, at, source_name, text, found, role)
    _store(session, version, found)
    if tracing.is_quick(session, document_id):
        session.add_all(tracing.anchors_into(session, version.id))
    else:
        ledger.enqueue(session, tracing.JOB, at, version=str(version.id))
    _propose_unknown(session, actor, at, version, found)
    audit.record(
        session,
        actor,
        at,
        "document.version_added",
        ("document", document_id),
        version=str(version.id),
        number=version.number,
        role=role,
        clauses=len(found.clauses),
    )
    return version


def decide_anchor(
    session: Session,
    actor: Actor,
    at: datetime,
    clause_id: uuid.UUID,
    version_id: uuid.UUID,
    revision: int,
    now_at: uuid.UUID | None,
) -> None:
    """A person says where a clause of an earlier version is in a later one; None: nowhere. What was found stays kept.

    Raises NotFound where the clause has no anchor in that version, Conflict when somebody else decided meanwhile,
    Unprocessable for a clause of another version.
    """
    require(actor, Permission.EDIT_SUGGESTIONS)
    anchor = session.get(ClauseAnchor, (clause_id, version_id))
    if anchor is None:
        raise NotFound("no_such_anchor")
    if anchor.revision != revision:
        raise Conflict("changed_meanwhile")
    clause = session.get(Clause, now_at) if now_at else None
    if now_at and (clause is None or clause.version_id != version_id):
        raise Unprocessable("no_such_clause")
    anchor.decided_clause_id, anchor.decided_by, anchor.decided_at = now_at, actor.id, at
    audit.record(
        session,
        actor,
        at,
        "clause.anchor_confirmed" if now_at == anchor.new_clause_id else "clause.anchor_corrected",
        ("clause", clause_id),
        version=str(version_id),
        now_at=clause.label if clause else None,
    )


def ask_comparison(
    session: Session, actor: Actor, at: datetime, draft_version_id: uuid.UUID, final_version_id: uuid.UUID
) -> StoredComparison:
    """Compares an earlier version of a document with a later one, anew if it was done before.

    What takes long is promised to the worker, and has no rows until then. Raises NotFound, and Unprocessable unless
    the two are of one document and in this order.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    draft, final = versions.version(session, draft_version_id), versions.version(session, final_version_id)
    if draft.document_id != final.document_id or draft.number >= final.number:
        raise Unprocessable("versions_to_compare")
    kept = session.scalar(
        select(StoredComparison).where(
            StoredComparison.draft_version_id == draft.id, StoredComparison.final_version_id == final.id
        )
    )
    kept = kept or StoredComparison(id=new_id(), draft_version_id=draft.id, final_version_id=final.id)
    kept.asked_at = at
    if is_quick(session, draft.id, final.id):
        kept.rows, kept.made_at = rows_between(session, draft.id, final.id), at
    else:
        kept.rows, kept.made_at = None, None
        ledger.enqueue(session, JOB, at, comparison=str(kept.id))
    session.add(kept)
    on = ("document", draft.document_id)
    audit.record(session, actor, at, "comparison.asked", on, draft=draft.number, final=final.number)
    return kept


def _version(
    document: Document,
    at: datetime,
    source_name: str,
    text: str,
    found: Extraction,
    role: VersionRole = VersionRole.DRAFT,
) -> DocumentVersion:
    as_printed = to_json(found)
    return DocumentVersion(
        id=new_id(),
        document_id=document.id,
        number=document.newest,
        source_name=source_name[:200],
        source_hash=content_hash(text),
        text=text,
        implied_units=as_printed["implied_units"],
        doubts=as_printed["doubts"],
        created_at=at,
        role=role,
    )


def _cut(words: str, length: int) -> str:
    """At most `length` code points: what looks like an endless heading is a text that ran on, and is in the text."""
    return words if len(words) <= length else words[: length - 1] + "…"


def _labelled(clauses: Iterable[FoundClause]) -> Iterator[tuple[str, FoundClause]]:
    """Each clause with the label under which it is stored: a label that comes again gets a number."""
    seen: Counter[str] = Counter()
    for clause in clauses:
        seen[clause.label] += 1
        yield clause.label if seen[clause.label] == 1 else f"{clause.label}#{seen[clause.label]}", clause


def _store(session: Session, version: DocumentVersion, found: Extraction) -> None:
    session.add(version)
    session.flush()
    for ordinal, (label, clause) in enumerate(_labelled(found.clauses)):
        clause_id = new_id()
        session.add(
            Clause(
                id=clause_id,
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
        )
        session.add_all(_units(clause_id, clause))
    session.flush()


def _propose_unknown(session: Session, actor: Actor, at: datetime, version: DocumentVersion, found: Extraction) -> None:
    """Each name that the directory of the document's own government lacks; another government's is none of ours."""
    units = [unit for clause in found.clauses for unit in clause.units]
    units += [unit for row in found.annex_rows for unit in row.units]
    for name in dict.fromkeys(unit.written_as for unit in units if unit.why == Why.NOT_IN_DIRECTORY):
        propose_name(session, actor, at, name, f"{VERSION_SOURCE} {version.id}")


def _units(clause_id: uuid.UUID, clause: FoundClause) -> Iterator[ClauseUnit]:
    for place, unit in enumerate(clause.units):
        yield ClauseUnit(
            clause_id=clause_id,
            ordinal=place,
            name=unit.name,
            written_as=unit.written_as,
            role=str(unit.role),
            department_id=unit.department,
            certainty=str(unit.certainty),
            why=unit.why[:300],
        )
