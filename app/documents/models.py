import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.documents.matching.kinds import Kind
from app.documents.reanchoring import Because, Fate
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id


class VersionRole(StrEnum):
    """DRAFT: put out for comment, or about to be (征求意见稿). FINAL: the text as it was adopted (正式文本)."""

    DRAFT = "draft"
    FINAL = "final"


class Document(Model):
    """A draft under comment (征求意见稿), through all its versions.

    `newest` is the number of its newest version; of two who add one at the same moment the store lets one through.
    """

    __tablename__ = "documents"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(300))
    newest: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": newest, "version_id_generator": False}  # noqa: RUF012


class DocumentVersion(Model):
    """One text of a document, exactly as it was read, and what was found in it. Never changed once stored."""

    __tablename__ = "document_versions"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("documents.id"))
    number: Mapped[int]
    source_name: Mapped[str] = mapped_column(String(200))
    source_hash: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    implied_units: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    doubts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(Instant)
    role: Mapped[VersionRole] = mapped_column(enum_of(VersionRole), default=VersionRole.DRAFT)


class Clause(Model):
    """Any addressable piece of a version (条款). `label` is the path of printed markers, unique in its version."""

    __tablename__ = "clauses"
    __table_args__ = (UniqueConstraint("version_id", "label"), Index("ix_clauses_order", "version_id", "ordinal"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_versions.id"))
    ordinal: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(40))
    heading: Mapped[str] = mapped_column(String(300))
    level: Mapped[int]
    parent_label: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))


class ClauseUnit(Model):
    """A unit that a clause names as responsible, in printed order; `department_id` is null when it is unknown."""

    __tablename__ = "clause_units"

    clause_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clauses.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    written_as: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    certainty: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(String(300))


class ClauseAnchor(Model):
    """Where a clause of an earlier version is in a later one: as it was found, and as a person decided.

    `new_clause_id` is null where it is gone; `also_in` are the ids of clauses that took in part of it. Where
    `decided_by` is set, `decided_clause_id` counts, null meaning that the clause is gone.
    """

    __tablename__ = "clause_anchors"

    old_clause_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clauses.id"), primary_key=True)
    new_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_versions.id"), primary_key=True, index=True)
    new_clause_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clauses.id"))
    fate: Mapped[Fate] = mapped_column(enum_of(Fate))
    sureness: Mapped[float] = mapped_column(Float)
    why: Mapped[Because] = mapped_column(enum_of(Because))
    also_in: Mapped[list[str]] = mapped_column(JSON, default=list)
    decided_clause_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clauses.id"))
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class StoredComparison(Model):
    """What became of each clause from one version to another, kept as it was found (`app/documents/compared.py`).

    `rows` and `made_at` are null until it has been worked out.
    """

    __tablename__ = "comparisons"
    __table_args__ = (UniqueConstraint("draft_version_id", "final_version_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    draft_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_versions.id"))
    final_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_versions.id"))
    rows: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime | None] = mapped_column(Instant)


class MatchExample(Model):
    """What a person decided a comment to be about: evidence for the comments that come after it.

    `text` is the passage, its personal data masked; `clause_id` is null unless the kind is `clause`. `proposed` are
    labels that had been proposed, best first. `source_id` is the record of the area above that the decision stands in.
    """

    __tablename__ = "match_examples"
    __table_args__ = (Index("ix_match_examples_newest", "version_id", "decided_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_versions.id"))
    source_id: Mapped[uuid.UUID] = mapped_column(index=True)
    kind: Mapped[Kind] = mapped_column(enum_of(Kind))
    clause_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("clauses.id"))
    text: Mapped[str] = mapped_column(Text)
    proposed: Mapped[list[str]] = mapped_column(JSON, default=list)
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(Instant)
