import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model
from app.kit.identifiers import new_id


class Document(Model):
    """A draft under comment (征求意见稿), through all its versions."""

    __tablename__ = "documents"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(300))


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
