"""What can be done to a consultation after its opening. Each change is told to the public by a note of its own.

`revision` is that of the consultation as the person saw it. Every verb raises NotFound for an unknown consultation,
Conflict("changed_meanwhile") when somebody changed it since, InvalidTransition where its life has no such step,
Unprocessable without a reason or with one that is too long. What a change does to the window stands in `effects`.
"""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.consultations import queries
from app.consultations.effects import EFFECT_ON_WINDOW, NoteKind, WindowEffect
from app.consultations.lifecycle import LIFECYCLE, ConsultationEvent, ConsultationState
from app.consultations.models import Consultation, ConsultationNote
from app.documents.models import DocumentVersion, VersionRole
from app.jobs import ledger as jobs
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.reasons import due
from app.permissions import Actor, Permission, require

TELL = "tell_affected"
"""The job that tells everybody whom a note concerns."""


def reschedule(
    session: Session, actor: Actor, at: datetime, slug: str, revision: int, opens_at: datetime, reason: str
) -> ConsultationNote:
    """Another opening instant, as long as it hasn't begun. Put off, it closes as many whole days later.

    Raises Conflict("begun_already"), Unprocessable("opening_not_ahead") for an instant that isn't ahead.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _at_revision(session, slug, revision)
    state = LIFECYCLE.after(consultation.state, ConsultationEvent.RESCHEDULE)
    note = _note(consultation, NoteKind.RESCHEDULE, actor, at, reason)
    if consultation.opens_at <= at:
        raise Conflict("begun_already")
    if opens_at <= at or opens_at == consultation.opens_at:
        raise Unprocessable("opening_not_ahead")
    closes_at = queries.closes_after_change(session, consultation, note.kind, at, opens_at)
    note.opens_before, note.opens_after = consultation.opens_at, opens_at
    consultation.opens_at = opens_at
    _put(session, consultation, note, state, closes_at)
    audit.record(session, actor, at, "consultation.rescheduled", ("consultation", consultation.id), reason=note.text)
    jobs.enqueue(session, TELL, at, note_id=str(note.id))
    return note


def extend(
    session: Session, actor: Actor, at: datetime, slug: str, revision: int, closes_at: datetime, reason: str
) -> ConsultationNote:
    """A later closing instant. A window that has ended is not extended: what follows it is a second round.

    Raises Conflict("window_is_over"), Unprocessable("closing_not_later").
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _at_revision(session, slug, revision)
    state = LIFECYCLE.after(consultation.state, ConsultationEvent.EXTEND)
    note = _note(consultation, NoteKind.EXTENSION, actor, at, reason)
    _refuse_ended(consultation, at)
    if closes_at <= consultation.closes_at:
        raise Unprocessable("closing_not_later")
    _put(session, consultation, note, state, closes_at)
    audit.record(session, actor, at, "consultation.extended", ("consultation", consultation.id), reason=note.text)
    jobs.enqueue(session, TELL, at, note_id=str(note.id))
    return note


def suspend(session: Session, actor: Actor, at: datetime, slug: str, revision: int, reason: str) -> ConsultationNote:
    """No comments are taken from this instant on, until it is resumed. Raises Conflict("window_is_over")."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _at_revision(session, slug, revision)
    state = LIFECYCLE.after(consultation.state, ConsultationEvent.SUSPEND)
    note = _note(consultation, NoteKind.SUSPENSION, actor, at, reason)
    _refuse_ended(consultation, at)
    _put(session, consultation, note, state, consultation.closes_at)
    audit.record(session, actor, at, "consultation.suspended", ("consultation", consultation.id), reason=note.text)
    jobs.enqueue(session, TELL, at, note_id=str(note.id))
    return note


def resume(session: Session, actor: Actor, at: datetime, slug: str, revision: int, reason: str) -> ConsultationNote:
    """Comments are taken again, for at least as long as was left: the lost time is added in whole days.

    So it is open again even where its old closing instant has passed meanwhile.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _at_revision(session, slug, revision)
    state = LIFECYCLE.after(consultation.state, ConsultationEvent.RESUME)
    note = _note(consultation, NoteKind.RESUMPTION, actor, at, reason)
    closes_at = queries.closes_after_change(session, consultation, note.kind, at)
    _put(session, consultation, note, state, closes_at)
    audit.record(session, actor, at, "consultation.resumed", ("consultation", consultation.id), reason=note.text)
    jobs.enqueue(session, TELL, at, note_id=str(note.id))
    return note


def correct(
    session: Session,
    actor: Actor,
    at: datetime,
    slug: str,
    revision: int,
    version_id: uuid.UUID,
    correction: str,
    *,
    substantive: bool,
) -> ConsultationNote:
    """Puts out a later version of the draft with its mistakes corrected; `correction` says what was (勘误).

    Opinions stay with the version that their senders read. A correction that changes what a clause means is
    `substantive`: the statutory minimum is then counted anew. A suspension goes on.

    Raises Conflict("window_is_over"), Unprocessable("no_later_version") for a text that can't follow the present one.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _at_revision(session, slug, revision)
    state = LIFECYCLE.after(consultation.state, ConsultationEvent.CORRECT)
    kind = NoteKind.SUBSTANTIVE_CORRECTION if substantive else NoteKind.CORRECTION
    note = _note(consultation, kind, actor, at, correction)
    _refuse_ended(consultation, at)
    version = _later_version(session, consultation, version_id)
    closes_at = queries.closes_after_change(session, consultation, kind, at)
    note.version_before, note.version_after = consultation.version_id, version.id
    consultation.version_id = version.id
    _put(session, consultation, note, state, closes_at)
    audit.record(session, actor, at, "consultation.corrected", ("consultation", consultation.id), reason=note.text)
    jobs.enqueue(session, TELL, at, note_id=str(note.id))
    return note


def replace(
    session: Session, actor: Actor, at: datetime, slug: str, revision: int, version_id: uuid.UUID, reason: str
) -> ConsultationNote:
    """Puts out another text in place of the draft. The statutory minimum is counted anew; a suspension ends.

    Opinions stay with the version that their senders read.

    Raises Conflict("window_is_over"), Unprocessable("no_later_version") for a text that can't follow the present one.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _at_revision(session, slug, revision)
    state = LIFECYCLE.after(consultation.state, ConsultationEvent.REPLACE)
    note = _note(consultation, NoteKind.REPLACEMENT, actor, at, reason)
    _refuse_ended(consultation, at)
    version = _later_version(session, consultation, version_id)
    closes_at = queries.closes_after_change(session, consultation, note.kind, at)
    note.version_before, note.version_after = consultation.version_id, version.id
    consultation.version_id = version.id
    _put(session, consultation, note, state, closes_at)
    audit.record(session, actor, at, "consultation.replaced", ("consultation", consultation.id), reason=note.text)
    jobs.enqueue(session, TELL, at, note_id=str(note.id))
    return note


def withdraw(session: Session, actor: Actor, at: datetime, slug: str, revision: int, reason: str) -> ConsultationNote:
    """Takes the draft back (撤回): no comments from this instant on, for good. Its page stays, with the note."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _at_revision(session, slug, revision)
    state = LIFECYCLE.after(consultation.state, ConsultationEvent.WITHDRAW)
    note = _note(consultation, NoteKind.WITHDRAWAL, actor, at, reason)
    _put(session, consultation, note, state, consultation.closes_at)
    audit.record(session, actor, at, "consultation.withdrawn", ("consultation", consultation.id), reason=note.text)
    jobs.enqueue(session, TELL, at, note_id=str(note.id))
    return note


def close_consultation(
    session: Session, actor: Actor, at: datetime, slug: str, revision: int, reason: str
) -> ConsultationNote | None:
    """Ends the window now. Where it has ended by itself, nothing changes for the public, and no note is made."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _at_revision(session, slug, revision)
    state = LIFECYCLE.after(consultation.state, ConsultationEvent.CLOSE)
    note = _note(consultation, NoteKind.EARLY_CLOSING, actor, at, reason)
    early = at < consultation.closes_at
    if early:
        _put(session, consultation, note, state, at)
    consultation.state = state
    audit.record(session, actor, at, "consultation.closed", ("consultation", consultation.id), reason=note.text)
    if early:
        jobs.enqueue(session, TELL, at, note_id=str(note.id))
    return note if early else None


def _at_revision(session: Session, slug: str, revision: int) -> Consultation:
    consultation = session.scalar(select(Consultation).where(Consultation.slug == slug))
    if consultation is None:
        raise NotFound("no_such_consultation", slug=slug)
    if consultation.revision != revision:
        raise Conflict("changed_meanwhile")
    return consultation


def _refuse_ended(consultation: Consultation, at: datetime) -> None:
    """A suspended window hasn't ended, whatever its closing instant: the lost time will be added."""
    if consultation.state is ConsultationState.OPENED and at >= consultation.closes_at:
        raise Conflict("window_is_over")


def _later_version(session: Session, consultation: Consultation, version_id: uuid.UUID) -> DocumentVersion:
    """A draft of the same document that came after the present one: a text once superseded doesn't come back."""
    present = session.get_one(DocumentVersion, consultation.version_id)
    version = session.get(DocumentVersion, version_id)
    if (
        version is None
        or version.document_id != present.document_id
        or version.role is not VersionRole.DRAFT
        or version.number <= present.number
    ):
        raise Unprocessable("no_later_version")
    return version


def _note(consultation: Consultation, kind: NoteKind, actor: Actor, at: datetime, reason: str) -> ConsultationNote:
    return ConsultationNote(
        consultation_id=consultation.id, kind=kind, at=at, text=due(reason), actor_kind=actor.kind, actor_id=actor.id
    )


def _put(
    session: Session,
    consultation: Consultation,
    note: ConsultationNote,
    state: ConsultationState,
    closes_at: datetime,
) -> None:
    note.closes_before, note.closes_after = consultation.closes_at, closes_at
    if EFFECT_ON_WINDOW[note.kind] is WindowEffect.RESTARTED:
        consultation.short_window_reason = None  # it has the whole statutory minimum now
    consultation.state, consultation.closes_at = state, closes_at
    session.add(note)
    session.flush()


def mark_concluded(consultation: Consultation, at: datetime) -> None:
    """Nothing is taken in from now on: called by the area that concludes, in its transaction."""
    consultation.concluded_at = at
