import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.dispositions.kinds import DispositionKind
from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id


class Office(Model):
    """How one department works. In two steps an officer drafts, and only the head of the office makes it final.

    `is_signed`: a final answer says who approved it, when, and under which number. A department without a row works in
    one step and wants neither.
    """

    __tablename__ = "offices"

    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"), primary_key=True)
    is_two_step: Mapped[bool]
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    is_signed: Mapped[bool] = mapped_column(default=False, server_default=false())


class AnswerTemplate(Model):
    """Words that a department answers with again and again; what stands between 【 and 】 is filled in each time."""

    __tablename__ = "answer_templates"
    __table_args__ = (Index("ix_answer_templates_department", "department_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[DispositionKind] = mapped_column(enum_of(DispositionKind))
    reason: Mapped[str] = mapped_column(Text)
    citizen_words: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class OfficeWorkbook(Model):
    """A filled workbook that was looked through and waits to be carried out: its rows, not the file itself.

    For whoever sent it and for one day; `rows` is the form of `app/offices/filled.py`.
    """

    __tablename__ = "office_workbooks"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    department_id: Mapped[str] = mapped_column(ForeignKey("departments.id"))
    sent_by: Mapped[str] = mapped_column(String(80))
    sent_at: Mapped[datetime] = mapped_column(Instant, index=True)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    carried_out_at: Mapped[datetime | None] = mapped_column(Instant)
