"""What a record's page shows of the work of others: who has it open, notes and questions."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.permissions import Actor, Permission
from app.teamwork import queries as teamwork
from app.teamwork.models import Flag, StaffNote
from app.teamwork.records import RecordKind
from app.web.i18n import gettext as _
from app.web.staff.leasing import decides
from app.web.words import clock


@dataclass(frozen=True)
class LeaseView:
    """Somebody else has the record open, until that instant if nothing more is heard of them."""

    by: str
    since: datetime
    until: datetime
    may_take_over: bool


@dataclass(frozen=True)
class NoteView:
    """`place` counts from 1; `corrects` and `corrected_by` are the places of other notes."""

    id: uuid.UUID
    place: int
    by: str
    at: datetime
    text: str
    corrects: int | None
    corrected_by: int | None


@dataclass(frozen=True)
class FlagView:
    id: uuid.UUID
    revision: int
    question: str
    raised_by: str
    raised_at: datetime
    answer: str | None
    resolved_by: str
    resolved_at: datetime | None


@dataclass(frozen=True)
class Discussion:
    """What staff told each other about a record. `open` is the question that waits for an answer."""

    kind: RecordKind
    record_id: uuid.UUID
    notes: Sequence[NoteView]
    flags: Sequence[FlagView]
    open: FlagView | None
    may_write: bool


def context(session: Session, actor: Actor, now: datetime, kind: RecordKind, id: uuid.UUID) -> dict[str, object]:
    """For templates/staff/case/lease.html and notes.html."""
    return {
        "lease": lease(session, actor, now, kind, id),
        "holds": decides(actor, kind),
        "notes": discussion(session, actor, kind, id),
        "team_kind": kind,
        "team_id": id,
    }


def lease(session: Session, actor: Actor, now: datetime, kind: RecordKind, id: uuid.UUID) -> LeaseView | None:
    """None where nobody else has it open."""
    held = teamwork.lease_on(session, kind, id, now)
    if held is None or held.holder == actor.id:
        return None
    names = accounts.names_of(session, [held.holder])
    by = names.get(held.holder, held.holder)
    return LeaseView(by, held.since, held.until, actor.may(Permission.DISCUSS_CASES))


def open_with(lease: LeaseView) -> str:
    return _("%(name)s has this open, until %(time)s.") % {"name": lease.by, "time": clock(lease.until)}


def discussion(session: Session, actor: Actor, kind: RecordKind, id: uuid.UUID) -> Discussion:
    notes, flags = teamwork.notes_of(session, kind, id), teamwork.flags_of(session, kind, id)
    names = accounts.names_of(session, [*(note.written_by for note in notes), *_people_of(flags)])
    shown = [_flag(flag, names) for flag in flags]
    waiting = next((flag for flag in shown if flag.resolved_at is None), None)
    return Discussion(kind, id, _notes(notes, names), shown, waiting, actor.may(Permission.DISCUSS_CASES))


def _people_of(flags: Iterable[Flag]) -> list[str]:
    return [person for flag in flags for person in (flag.raised_by, flag.resolved_by) if person]


def _notes(notes: Sequence[StaffNote], names: dict[str, str]) -> list[NoteView]:
    places = {note.id: place for place, note in enumerate(notes, start=1)}
    corrected = {note.corrects_id: places[note.id] for note in notes if note.corrects_id}
    return [
        NoteView(
            note.id,
            places[note.id],
            names.get(note.written_by, note.written_by),
            note.written_at,
            note.text,
            places.get(note.corrects_id) if note.corrects_id else None,
            corrected.get(note.id),
        )
        for note in notes
    ]


def _flag(flag: Flag, names: dict[str, str]) -> FlagView:
    return FlagView(
        flag.id,
        flag.revision,
        flag.question,
        names.get(flag.raised_by, flag.raised_by),
        flag.raised_at,
        flag.answer,
        names.get(flag.resolved_by or "", flag.resolved_by or ""),
        flag.resolved_at,
    )
