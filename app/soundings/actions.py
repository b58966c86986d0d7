"""A letter's own life: drafted, its organs invited, sent, its due day moved, closed and reopened."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import audit
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.departments.lifecycle import DepartmentState
from app.documents.models import DocumentVersion
from app.kit.clock import beijing_day
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.identifiers import new_id
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.soundings import earlier, queries
from app.soundings.fields import day_between, line
from app.soundings.lifecycle import LIFECYCLE, SoundingEvent, SoundingState
from app.soundings.models import NUMBER_LENGTH, ORGAN_LENGTH, TITLE_LENGTH, SoundedOrgan, Sounding

MOST_ORGANS = 300


@dataclass(frozen=True)
class Letter:
    """What a letter says. Number (文号) and day of issue may still be missing while it is drafted."""

    title: str
    version_id: uuid.UUID
    due_on: date
    document_number: str = ""
    issued_on: date | None = None
    silence_counts: bool = False


def draft(session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, letter: Letter) -> Sounding:
    """A letter about one text of the consultation's draft, which needn't be open for comment.

    Raises NotFound, Unprocessable("sounding_title_required"), Unprocessable("sounding_version_wrong") for a text of
    another draft, Unprocessable("name_too_long").
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    consultation = session.get(Consultation, consultation_id)
    if consultation is None:
        raise NotFound("no_such_consultation")
    require(actor, Permission.MANAGE_SOUNDINGS, within=consultation.id)
    _refuse_foreign_text(session, consultation, letter.version_id)
    made = Sounding(
        id=new_id(),
        consultation_id=consultation.id,
        version_id=letter.version_id,
        title=line(letter.title, TITLE_LENGTH, "sounding_title_required"),
        document_number=line(letter.document_number, NUMBER_LENGTH),
        issued_on=letter.issued_on,
        due_on=letter.due_on,
        silence_counts=letter.silence_counts,
        state=SoundingState.DRAFTED,
        created_by=actor.id,
        created_at=at,
    )
    session.add(made)
    audit.record(session, actor, at, "sounding.drafted", ("sounding", made.id), within=consultation.id)
    return made


def edit(session: Session, actor: Actor, at: datetime, sounding_id: uuid.UUID, revision: int, letter: Letter) -> None:
    """Changes a letter that nobody has got yet.

    Raises as `draft`, and InvalidTransition once it was sent, Conflict("changed_meanwhile").
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    row = _at_revision(session, actor, sounding_id, revision)
    state = LIFECYCLE.after(row.state, SoundingEvent.EDIT)
    _refuse_foreign_text(session, session.get_one(Consultation, row.consultation_id), letter.version_id)
    title = line(letter.title, TITLE_LENGTH, "sounding_title_required")
    row.state, row.title, row.version_id = state, title or "", letter.version_id
    row.document_number = line(letter.document_number, NUMBER_LENGTH)
    row.issued_on, row.due_on, row.silence_counts = letter.issued_on, letter.due_on, letter.silence_counts
    audit.record(session, actor, at, "sounding.edited", ("sounding", row.id), within=row.consultation_id)


def invite(
    session: Session, actor: Actor, at: datetime, sounding_id: uuid.UUID, ids: Sequence[str], names: Sequence[str]
) -> None:
    """Asks further organs: departments of the directory by id, others by name; also after the letter was sent.

    A name that the directory knows as it stands becomes that department. Raises NotFound, InvalidTransition once it is
    closed, Unprocessable("organ_required") for none, ("organ_invited_already"), ("organ_ended"), ("too_many_organs"),
    ("name_too_long").
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    row = queries.held_letter(session, sounding_id)
    require(actor, Permission.MANAGE_SOUNDINGS, within=row.consultation_id)
    row.state = LIFECYCLE.after(row.state, SoundingEvent.INVITE)
    wanted = _wanted(session, ids, names)
    present = queries.names_and_last_place(session, row.id)
    if present.names & wanted.keys():
        raise Unprocessable("organ_invited_already")
    if len(present.names) + len(wanted) > MOST_ORGANS:
        raise Unprocessable("too_many_organs", limit=MOST_ORGANS)
    session.add_all(
        SoundedOrgan(
            sounding_id=row.id,
            consultation_id=row.consultation_id,
            place=place,
            department_id=department_id,
            name=name,
            invited_at=at,
        )
        for place, (name, department_id) in enumerate(wanted.items(), present.last_place + 1)
    )
    audit.record(
        session,
        actor,
        at,
        "sounding.invited",
        ("sounding", row.id),
        within=row.consultation_id,
        changes=list(wanted),
    )


def uninvite(session: Session, actor: Actor, at: datetime, organ_id: uuid.UUID, revision: int) -> None:
    """Takes an organ off a letter that nobody has got yet.

    Raises NotFound, InvalidTransition once it was sent, Conflict("changed_meanwhile").
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    letter, organ = queries.held_organ(session, organ_id)
    require(actor, Permission.MANAGE_SOUNDINGS, within=letter.consultation_id)
    letter.state = LIFECYCLE.after(letter.state, SoundingEvent.UNINVITE)
    if organ.revision != revision:
        raise Conflict("changed_meanwhile")
    session.delete(organ)
    audit.record(
        session,
        actor,
        at,
        "sounding.uninvited",
        ("sounding", letter.id),
        within=letter.consultation_id,
        changes=[organ.name],
    )


def send(session: Session, actor: Actor, at: datetime, sounding_id: uuid.UUID, revision: int) -> None:
    """Notes that the letter went out; the house's own post carries it.

    Raises NotFound, InvalidTransition, Conflict("changed_meanwhile"), Unprocessable("organ_required"),
    ("sounding_number_required"), ("sounding_issue_day_wrong") for none or one ahead, ("sounding_due_day_wrong") for a
    due day before the day of issue.
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    row = _at_revision(session, actor, sounding_id, revision)
    state = LIFECYCLE.after(row.state, SoundingEvent.SEND)
    if not queries.names_and_last_place(session, row.id).names:
        raise Unprocessable("organ_required")
    if row.document_number is None:
        raise Unprocessable("sounding_number_required")
    issued = day_between(row.issued_on, None, beijing_day(at), "sounding_issue_day_wrong")
    if row.due_on < issued:
        raise Unprocessable("sounding_due_day_wrong")
    row.state, row.sent_at = state, at
    audit.record(
        session,
        actor,
        at,
        "sounding.sent",
        ("sounding", row.id),
        within=row.consultation_id,
        document_number=row.document_number,
    )


def extend(
    session: Session, actor: Actor, at: datetime, sounding_id: uuid.UUID, revision: int, due_on: date, note: str
) -> None:
    """Gives every organ more time; the earlier due day stays known.

    Raises NotFound, InvalidTransition, Conflict("changed_meanwhile"), Unprocessable("due_day_not_later"), and
    Unprocessable without a note.
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    row = _at_revision(session, actor, sounding_id, revision)
    state, words = LIFECYCLE.after(row.state, SoundingEvent.EXTEND), due(note)
    if due_on <= row.due_on:
        raise Unprocessable("due_day_not_later")
    before = row.due_on
    earlier.keep(session, actor, at, row, words)
    row.state, row.due_on = state, due_on
    audit.record(
        session,
        actor,
        at,
        "sounding.extended",
        ("sounding", row.id),
        within=row.consultation_id,
        reason=words,
        changes=[f"{before.isoformat()} → {due_on.isoformat()}"],
    )


def close(session: Session, actor: Actor, at: datetime, sounding_id: uuid.UUID, revision: int) -> None:
    """No more replies are entered; opinions are still dealt with. Who hasn't replied stays as it stands.

    Raises NotFound, InvalidTransition, Conflict("changed_meanwhile").
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    row = _at_revision(session, actor, sounding_id, revision)
    row.state, row.closed_at = LIFECYCLE.after(row.state, SoundingEvent.CLOSE), at
    audit.record(session, actor, at, "sounding.closed", ("sounding", row.id), within=row.consultation_id)


def reopen(session: Session, actor: Actor, at: datetime, sounding_id: uuid.UUID, revision: int, reason: str) -> None:
    """For a reply that came after all. Raises as `close`, and Unprocessable without a reason."""
    require(actor, Permission.MANAGE_SOUNDINGS)
    row = _at_revision(session, actor, sounding_id, revision)
    state, words = LIFECYCLE.after(row.state, SoundingEvent.REOPEN), due(reason)
    row.state, row.closed_at = state, None
    audit.record(
        session, actor, at, "sounding.reopened", ("sounding", row.id), within=row.consultation_id, reason=words
    )


def _at_revision(session: Session, actor: Actor, sounding_id: uuid.UUID, revision: int) -> Sounding:
    row = queries.held_letter(session, sounding_id)
    require(actor, Permission.MANAGE_SOUNDINGS, within=row.consultation_id)
    if row.revision != revision:
        raise Conflict("changed_meanwhile")
    return row


def _refuse_foreign_text(session: Session, consultation: Consultation, version_id: uuid.UUID) -> None:
    present, wanted = (session.get(DocumentVersion, each) for each in (consultation.version_id, version_id))
    if present is None or wanted is None or present.document_id != wanted.document_id:
        raise Unprocessable("sounding_version_wrong")


def _wanted(session: Session, ids: Sequence[str], names: Sequence[str]) -> dict[str, str | None]:
    """Name → id of the department, or None outside the directory; in the order in which they were given."""
    found: dict[str, str | None] = {}
    for department_id in dict.fromkeys(ids):
        department = departments.find(session, department_id)
        if department.state is not DepartmentState.ACTIVE:
            raise Unprocessable("organ_ended")
        found[department.name] = department.id
    written = [name for given in names if (name := line(given, ORGAN_LENGTH))]
    if written:
        known = {name: department_id for department_id, name in departments.names(session).items()}
        found |= {name: known.get(name) for name in written}
    if not found:
        raise Unprocessable("organ_required")
    return found
