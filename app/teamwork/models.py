import uuid
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.teamwork.records import RecordKind


class Lease(Model):
    """Who has a record open (正由…处理), from `since` on until the instant `until`, which activity moves.

    A mark for colleagues and nothing more: the record's revision decides whose decision counts.
    """

    __tablename__ = "leases"

    record_kind: Mapped[RecordKind] = mapped_column(enum_of(RecordKind), primary_key=True)
    record_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)


class StaffNote(Model):
    """What staff wrote for each other about a record (内部备注): never public, never altered.

    `corrects_id` is the note that this one puts right.
    """

    __tablename__ = "staff_notes"
    __table_args__ = (Index("ix_staff_notes_record", "record_kind", "record_id", "written_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    record_kind: Mapped[RecordKind] = mapped_column(enum_of(RecordKind))
    record_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime] = mapped_column(Instant)
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_notes.id"))


class Flag(Model):
    """A difficult case, put to colleagues with a question (疑难), until one of them answers it."""

    __tablename__ = "flags"
    __table_args__ = (
        Index("ix_flags_record", "record_kind", "record_id"),
        Index("ix_flags_open", "consultation_id", "resolved_at", "raised_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    record_kind: Mapped[RecordKind] = mapped_column(enum_of(RecordKind))
    record_id: Mapped[uuid.UUID]
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    question: Mapped[str] = mapped_column(String(500))
    raised_by: Mapped[str] = mapped_column(String(80))
    raised_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(String(500))
    resolved_by: Mapped[str | None] = mapped_column(String(80))
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class CodingRules(Model):
    """One version of the coding rules (归类口径), of a consultation or, where that is null, of the whole column.

    The highest `version` is in force; versions are never altered. `change` says what is new in it and why.
    """

    __tablename__ = "coding_rules"
    __table_args__ = (
        UniqueConstraint("consultation_id", "version"),
        Index(
            "ux_coding_rules_column",
            "version",
            unique=True,
            sqlite_where=text("consultation_id IS NULL"),
            postgresql_where=text("consultation_id IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consultations.id"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    change: Mapped[str] = mapped_column(String(500))
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime] = mapped_column(Instant)


class SavedView(Model):
    """A list of the desk under a name: its view, and what it is narrowed to, as words of an address.

    It is its owner's own; one that `is_shared` everybody on the desk sees.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("owner", "name", name="uq_saved_views_owner_name"),
        Index("ix_saved_views_shared", "is_shared", "name"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(40))
    view: Mapped[str] = mapped_column(String(40))
    narrowed: Mapped[dict[str, str]] = mapped_column(JSON)
    is_shared: Mapped[bool]
    saved_at: Mapped[datetime] = mapped_column(Instant)
