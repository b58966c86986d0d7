"""The prepared reasons that hold: what the house begins with, and what people made of it."""

import tomllib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.departments.models import Department
from app.kit.errors import NotFound
from app.kit.identifiers import in_groups
from app.screening.lifecycle import Pointer
from app.screening.models import ReasonTemplate
from app.screening.reasons import Facts
from app.submissions.lifecycle import ScreeningEvent
from app.submissions.models import Submission

HOUSES_OWN = uuid.UUID("6f5d2c1e-6d0b-5c3a-9a52-0a8f3f5f7f10")
"""The name space of the ids of those in data/reasons.toml."""


@dataclass(frozen=True)
class PreparedReason:
    """One prepared reason as it holds now. Version 0 is what the house begins with; nobody of the staff wrote it."""

    template_id: uuid.UUID
    version: int
    decision: ScreeningEvent
    consultation_id: uuid.UUID | None
    name: str
    text: str
    pointer: Pointer | None
    retired: bool = False
    written_by: str | None = None
    written_at: datetime | None = None


@cache
def houses_own() -> tuple[PreparedReason, ...]:
    """What every installation begins with, in the order of the file."""
    text = resources.files("app.screening").joinpath("data/reasons.toml").read_text(encoding="utf-8")
    return tuple(
        PreparedReason(
            template_id=uuid.uuid5(HOUSES_OWN, key),
            version=0,
            decision=ScreeningEvent(row["decision"]),
            consultation_id=None,
            name=row["name"],
            text=row["text"],
            pointer=Pointer(row["pointer"]) if "pointer" in row else None,
        )
        for key, row in tomllib.loads(text).items()
    )


def choices(session: Session, consultation_id: uuid.UUID | None) -> dict[ScreeningEvent, list[PreparedReason]]:
    """What can be chosen for each decision in a consultation: its own first, then the column's.

    Without a consultation only the column's.
    """
    found: dict[ScreeningEvent, list[PreparedReason]] = {}
    for one in sorted(_holding(session, consultation_id), key=lambda one: one.consultation_id is None):
        if not one.retired:
            found.setdefault(one.decision, []).append(one)
    return found


def all_of(session: Session, consultation_id: uuid.UUID | None) -> list[PreparedReason]:
    """Everything that holds in the whole column or, with a consultation, in that one alone; retired ones too."""
    return [one for one in _holding(session, consultation_id) if one.consultation_id == consultation_id]


def current(session: Session, template_id: uuid.UUID) -> PreparedReason:
    """Raises NotFound."""
    versions = history(session, template_id)
    if not versions:
        raise NotFound("no_such_reason")
    return versions[0]


def history(session: Session, template_id: uuid.UUID) -> list[PreparedReason]:
    """All versions, newest first."""
    rows = session.scalars(select(ReasonTemplate).where(ReasonTemplate.template_id == template_id))
    own = [one for one in houses_own() if one.template_id == template_id]
    return sorted([*own, *map(_of, rows)], key=lambda one: -one.version)


def facts_of(session: Session, submission: Submission) -> Facts:
    """What the placeholders stand for."""
    consultation = session.get_one(Consultation, submission.consultation_id)
    drafting = session.get_one(Department, consultation.drafting_department_id)
    return Facts(submission.title, consultation.title, in_groups(submission.receipt_number), drafting.name)


def _holding(session: Session, consultation_id: uuid.UUID | None) -> Iterable[PreparedReason]:
    where = or_(ReasonTemplate.consultation_id.is_(None), ReasonTemplate.consultation_id == consultation_id)
    query = select(ReasonTemplate).where(where).order_by(ReasonTemplate.written_at, ReasonTemplate.version)
    newest = {one.template_id: one for one in houses_own()}
    for row in session.scalars(query):
        newest[row.template_id] = _of(row)
    return newest.values()


def _of(row: ReasonTemplate) -> PreparedReason:
    return PreparedReason(**{name: getattr(row, name) for name in PreparedReason.__dataclass_fields__})
