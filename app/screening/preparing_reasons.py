"""Writing prepared reasons. A version never changes; what was told under an earlier one stays as it was told."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.consultations.models import Consultation
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.identifiers import new_id
from app.permissions import Actor, Permission, require
from app.screening import prepared
from app.screening.decisions import TELL
from app.screening.lifecycle import Pointer
from app.screening.models import ReasonTemplate
from app.screening.prepared import PreparedReason
from app.screening.reasons import NAME_LIMIT, checked
from app.submissions.lifecycle import ScreeningEvent

PREPARED_FOR = tuple(event for event in ScreeningEvent if event in TELL and event is not ScreeningEvent.REFER)
"""The decisions whose reason the sender reads."""


@dataclass(frozen=True)
class Draft:
    """How a prepared reason is put. `text` may hold the placeholders of `reasons`."""

    name: str
    text: str
    pointer: Pointer | None = None


def add_reason(
    session: Session,
    actor: Actor,
    at: datetime,
    decision: ScreeningEvent,
    consultation_id: uuid.UUID | None,
    draft: Draft,
) -> uuid.UUID:
    """A further one for a kind of decision, in one consultation or, with None, in the whole column.

    Raises NotFound for a consultation that isn't there, and Unprocessable: what `checked` raises, "name_required",
    "no_decision", "pointer_misplaced" for a pointer with anything but out of scope.
    """
    require(actor, Permission.WRITE_REASONS)
    if decision not in PREPARED_FOR:
        raise Unprocessable("no_decision")
    if consultation_id is not None and session.get(Consultation, consultation_id) is None:
        raise NotFound("no_such_consultation")
    row = _version(actor, at, new_id(), 1, decision, consultation_id, draft)
    session.add(row)
    audit.record(session, actor, at, "reason.added", ("reason", row.template_id), name=row.name)
    return row.template_id


def change_reason(
    session: Session, actor: Actor, at: datetime, template_id: uuid.UUID, version: int, draft: Draft
) -> None:
    """A further version of one; also of one that was retired, which holds again.

    Raises NotFound, Conflict("changed_meanwhile") when `version` isn't the newest, Unprocessable as `add_reason`.
    """
    require(actor, Permission.WRITE_REASONS)
    was = _at_version(session, template_id, version)
    row = _version(actor, at, template_id, version + 1, was.decision, was.consultation_id, draft)
    session.add(row)
    audit.record(session, actor, at, "reason.changed", ("reason", template_id), name=row.name)


def retire_reason(session: Session, actor: Actor, at: datetime, template_id: uuid.UUID, version: int) -> None:
    """Nobody can choose it any more. Raises NotFound, Conflict("changed_meanwhile")."""
    require(actor, Permission.WRITE_REASONS)
    was = _at_version(session, template_id, version)
    draft = Draft(was.name, was.text, was.pointer)
    row = _version(actor, at, template_id, version + 1, was.decision, was.consultation_id, draft)
    row.retired = True
    session.add(row)
    audit.record(session, actor, at, "reason.retired", ("reason", template_id), name=row.name)


def _at_version(session: Session, template_id: uuid.UUID, version: int) -> PreparedReason:
    """Two that write the next version at once can't both: it is part of the key."""
    was = prepared.current(session, template_id)
    if was.version != version:
        raise Conflict("changed_meanwhile")
    return was


def _version(
    actor: Actor,
    at: datetime,
    template_id: uuid.UUID,
    version: int,
    decision: ScreeningEvent,
    consultation_id: uuid.UUID | None,
    draft: Draft,
) -> ReasonTemplate:
    name = " ".join(draft.name.split())
    if not name:
        raise Unprocessable("name_required")
    if len(name) > NAME_LIMIT:
        raise Unprocessable("words_too_long", limit=NAME_LIMIT)
    if draft.pointer is not None and decision is not ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE:
        raise Unprocessable("pointer_misplaced")
    return ReasonTemplate(
        template_id=template_id,
        version=version,
        decision=decision,
        consultation_id=consultation_id,
        name=name,
        text=checked(draft.text),
        pointer=draft.pointer,
        retired=False,
        written_by=actor.id,
        written_at=at,
    )
