"""The templates that hold: what the house begins with, and what staff made of it for the column or a consultation."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.papers.kinds import PaperKind
from app.papers.models import PaperTemplate

NAME_SPACE = uuid.UUID("0c9d5f0a-4a52-5b0e-8a0d-6c2f1d6b7e31")


@dataclass(frozen=True)
class Template:
    """One version. Version 0 is what the house begins with, or that a consultation has none of its own."""

    template_id: uuid.UUID
    version: int
    kind: PaperKind
    consultation_id: uuid.UUID | None
    text: str
    own_words_up_to: int
    restored: int | None = None
    retired: bool = False
    written_by: str | None = None
    written_at: datetime | None = None


def id_of(kind: PaperKind, consultation_id: uuid.UUID | None) -> uuid.UUID:
    """The same for everybody, so that two who write the first version at once can't both."""
    return uuid.uuid5(NAME_SPACE, f"{kind.value}/{consultation_id.hex if consultation_id else 'column'}")


@cache
def houses_own(kind: PaperKind) -> Template:
    """What every installation begins with."""
    text = resources.files("app.papers").joinpath(f"data/{kind.value}.txt").read_text(encoding="utf-8")
    return Template(id_of(kind, None), 0, kind, None, text.strip("\n"), own_words_up_to=0)


def in_force(session: Session, kind: PaperKind, consultation_id: uuid.UUID | None) -> Template:
    """What papers are made by: the consultation's own unless it has none or retired it, else the column's."""
    if consultation_id is not None:
        own = newest(session, kind, consultation_id)
        if own.version and not own.retired:
            return own
    return newest(session, kind, None)


def newest(session: Session, kind: PaperKind, consultation_id: uuid.UUID | None) -> Template:
    """The newest version that was written for just that; version 0 where none was."""
    wanted = select(PaperTemplate).where(PaperTemplate.template_id == id_of(kind, consultation_id))
    row = session.scalars(wanted.order_by(PaperTemplate.version.desc()).limit(1)).one_or_none()
    return _of(row) if row else _unwritten(session, kind, consultation_id)


def version(session: Session, kind: PaperKind, consultation_id: uuid.UUID | None, number: int) -> Template | None:
    if number == 0:
        return _unwritten(session, kind, consultation_id)
    row = session.get(PaperTemplate, (id_of(kind, consultation_id), number))
    return _of(row) if row else None


def history(session: Session, kind: PaperKind, consultation_id: uuid.UUID | None, limit: int) -> list[Template]:
    """What was written for just that, the newest first; the house's own behind the column's."""
    wanted = select(PaperTemplate).where(PaperTemplate.template_id == id_of(kind, consultation_id))
    rows = session.scalars(wanted.order_by(PaperTemplate.version.desc()).limit(limit)).all()
    own = [houses_own(kind)] if consultation_id is None and len(rows) < limit else []
    return [*map(_of, rows), *own]


def _unwritten(session: Session, kind: PaperKind, consultation_id: uuid.UUID | None) -> Template:
    """For a consultation the column's text stands in; nobody has written one of its own."""
    if consultation_id is None:
        return houses_own(kind)
    column = newest(session, kind, None)
    return Template(id_of(kind, consultation_id), 0, kind, consultation_id, column.text, column.own_words_up_to)


def _of(row: PaperTemplate) -> Template:
    return Template(**{name: getattr(row, name) for name in Template.__dataclass_fields__})
