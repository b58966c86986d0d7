"""Keeping what a record said before it was changed."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.permissions import Actor
from app.soundings.lifecycle import EarlierKind
from app.soundings.models import OrganOpinion, SoundedOrgan, Sounding, SoundingEarlier

KEPT: dict[EarlierKind, tuple[str, ...]] = {
    EarlierKind.LETTER: ("due_on",),
    EarlierKind.REPLY: ("state", "replied_on", "document_number", "signer", "file_id", "entered_by", "entered_at"),
    EarlierKind.OPINION: (
        *("clause_id", "words", "proposed", "entered_by", "entered_at"),
        *("adoption", "reason", "handled_by", "handled_at", "disagreement", "coordination"),
    ),
}
"""The columns of each kind of record that a change can take away."""
KINDS = {Sounding: EarlierKind.LETTER, SoundedOrgan: EarlierKind.REPLY, OrganOpinion: EarlierKind.OPINION}


def keep(session: Session, by: Actor, at: datetime, row: Sounding | SoundedOrgan | OrganOpinion, reason: str) -> None:
    """Part of an action that is about to change the row; the action's own audit entry tells of it."""
    kind = KINDS[type(row)]
    session.add(
        SoundingEarlier(
            consultation_id=row.consultation_id,
            kind=kind,
            record_id=row.id,
            number=row.revision,
            content=dict(_content(row, KEPT[kind])),
            replaced_by=by.id,
            replaced_at=at,
            reason=reason,
        )
    )


def _content(row: object, names: Iterable[str]) -> Iterable[tuple[str, Any]]:
    for name in names:
        value = getattr(row, name)
        if isinstance(value, date):
            value = value.isoformat()
        yield name, str(value) if isinstance(value, uuid.UUID) else value
