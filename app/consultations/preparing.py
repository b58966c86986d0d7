"""From uploaded files to a consultation that a second person can open: read, correct, choose, hand over."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.consultations import preparations
from app.consultations.actions import Announcement, Rule
from app.consultations.importing import put_together, refuse_too_long
from app.consultations.lifecycle import REGIME_OF_KIND, ConsultationState
from app.consultations.models import Consultation, Preparation, PreparationText
from app.consultations.preparation import LIFECYCLE, PreparationEvent, PreparationState, TextPart
from app.consultations.settling import Settled, settle, tidied
from app.consultations.uploaded import ReadFiles
from app.departments import queries as departments
from app.departments.directory import Directory
from app.documents import corrections, extracted, stored_corrections
from app.documents import queries as documents
from app.documents.actions import add_version, store_version
from app.documents.chosen_units import chosen_units
from app.documents.corrections import Corrections, Wording
from app.documents.extracted import Clause, Extraction
from app.documents.models import DocumentVersion
from app.kit.crypto import content_hash
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.reasons import due
from app.permissions import EVERYWHERE, Actor, Permission, require


@dataclass(frozen=True)
class Correction:
    """One step of a person: what it is called in the audit trail, on which clause, and what it makes of the others."""

    what: str
    key: str
    apply: Callable[[Sequence[Clause], Corrections], Corrections]


def rewording(key: str, wording: Wording) -> Correction:
    """Another number, heading, text or other units of a clause."""
    return Correction("reworded", key, lambda read, before: corrections.reworded(read, before, key, wording))


def removal(key: str) -> Correction:
    """It is no clause."""
    return Correction("removed", key, lambda read, before: corrections.removed(read, before, key))


def merging(key: str) -> Correction:
    """It belongs to the clause before it."""
    return Correction("merged", key, lambda read, before: corrections.merged(read, before, key))


def splitting(key: str, line: int, number: str) -> Correction:
    """From that line of its text on, counted from 1, it is a clause of its own."""
    return Correction("split", key, lambda read, before: corrections.split(read, before, key, line, number))


def addition(after: str, wording: Wording) -> Correction:
    """A clause more, after that one."""
    return Correction("added", after, lambda read, before: corrections.with_added(read, before, after, wording))


def undoing(key: str) -> Correction:
    """As it was read."""
    return Correction("undone", key, lambda read, before: corrections.undone(read, before, key))


def looking_up(directory: Directory) -> Correction:
    """Every unit that was unknown when it was read is sought in the directory as it is now."""

    def apply(read: Sequence[Clause], before: Corrections) -> Corrections:
        found = {}
        for row in corrections.standing(corrections.laid_over(read, before)):
            units = row.clause.units
            now = chosen_units([(unit.name, unit.role) for unit in units], units, directory)
            if now != units and any(unit.department is None for unit in units):
                found[row.key] = now
        return corrections.with_units(read, before, found)

    return Correction("units_looked_up", "", apply)


def begin(session: Session, actor: Actor, at: datetime, read: ReadFiles) -> Preparation:
    """Keeps what was read from files. The files themselves are not kept."""
    require(actor, Permission.MANAGE_CONSULTATIONS, within=EVERYWHERE)
    found = extracted.to_json(read.found) | {
        "places": [list(place) if place else None for place in read.places],
        "rules": [[rule.heading, rule.text] for rule in read.rules],
        "attachments": list(read.attachments),
        "draft_text": read.draft_text,
        "holds": [part for part in TextPart if part in read.holds],
    }
    draft = read.texts[TextPart.DRAFT]
    preparation = Preparation(
        state=PreparationState.IN_PROGRESS,
        title=read.values["title"] or draft.name[:300],
        prepared_by=actor.id,
        created_at=at,
        changed_at=at,
        found=found,
        corrections={},
        choices=dict(read.values),
    )
    session.add(preparation)
    session.flush()
    for part, source in read.texts.items():
        session.add(
            PreparationText(
                preparation_id=preparation.id,
                part=part,
                source_name=source.name[:200],
                source_hash=content_hash(source.text),
                text=source.text,
            )
        )
    audit.record(
        session,
        actor,
        at,
        "preparation.begun",
        ("preparation", preparation.id),
        files=[source.name for source in read.texts.values()],
        clauses=len(read.found.clauses),
        doubts=len(read.found.doubts),
    )
    return preparation


def correct(
    session: Session, actor: Actor, at: datetime, preparation_id: uuid.UUID, revision: int, correction: Correction
) -> None:
    """One correction. What was read stays kept beside it.

    Raises NotFound, Conflict when somebody else changed it since, InvalidTransition when it was handed over,
    Unprocessable for what can't be a clause.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    preparation = _at_revision(session, preparation_id, revision)
    preparation.state = LIFECYCLE.after(preparation.state, PreparationEvent.CHANGE)
    now = preparations.reviewed(preparation)
    after = correction.apply(now.read.clauses, now.corrections)
    preparation.corrections, preparation.changed_at = stored_corrections.to_json(after), at
    labels = {row.key: row.clause.label for row in now.rows}
    audit.record(
        session,
        actor,
        at,
        f"preparation.clause_{correction.what}",
        ("preparation", preparation.id),
        clause=labels.get(correction.key),
    )


def look_at_doubts(
    session: Session, actor: Actor, at: datetime, preparation_id: uuid.UUID, revision: int, doubts: Sequence[int]
) -> None:
    """A person has looked at these doubts, by their places in the list. Raises as `correct`."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    preparation = _at_revision(session, preparation_id, revision)
    preparation.state = LIFECYCLE.after(preparation.state, PreparationEvent.CHANGE)
    now = preparations.reviewed(preparation)
    if not set(doubts) <= set(range(len(now.read.doubts))):
        raise NotFound("no_such_doubt")
    after = replace(now.corrections, looked_at=now.corrections.looked_at | set(doubts))
    preparation.corrections, preparation.changed_at = stored_corrections.to_json(after), at
    audit.record(
        session, actor, at, "preparation.doubts_looked_at", ("preparation", preparation.id), count=len(set(doubts))
    )


def choose(
    session: Session,
    actor: Actor,
    at: datetime,
    preparation_id: uuid.UUID,
    revision: int,
    values: Mapping[str, str],
) -> None:
    """Keeps what a person chose. Raises as `correct`; Unprocessable with the first problem of `settling.settle`."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    preparation = _at_revision(session, preparation_id, revision)
    preparation.state = LIFECYCLE.after(preparation.state, PreparationEvent.CHANGE)
    chosen = {**preparation.choices, **tidied(values)}
    _settled(session, chosen, preparation.consultation_id, at)
    preparation.choices, preparation.title, preparation.changed_at = chosen, chosen["title"], at
    audit.record(session, actor, at, "preparation.chosen", ("preparation", preparation.id))


def hand_over(session: Session, actor: Actor, at: datetime, preparation_id: uuid.UUID, revision: int) -> Consultation:
    """Makes the consultation that a second person can open, or brings the one that was returned up to date.

    Raises as `choose`; Unprocessable("no_clauses") where nothing could be commented on, Conflict("opened_already").
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    preparation = _at_revision(session, preparation_id, revision)
    preparation.state = LIFECYCLE.after(preparation.state, PreparationEvent.HAND_OVER)
    settled = _settled(session, preparation.choices, preparation.consultation_id, at)
    found = replace(preparations.reviewed(preparation).corrected(), title=settled.values["title"])
    if not found.clauses:
        raise Unprocessable("no_clauses")
    consultation = _consultation(session, actor, at, preparation, settled, found)
    preparation.consultation_id, preparation.changed_at = consultation.id, at
    preparation.handed_over_by, preparation.handed_over_at, preparation.remark = actor.id, at, None
    audit.record(
        session,
        actor,
        at,
        "preparation.handed_over",
        ("preparation", preparation.id),
        consultation=str(consultation.id),
        clauses=len(found.clauses),
        doubts=len(found.doubts),
    )
    return consultation


def return_to_preparer(
    session: Session, actor: Actor, at: datetime, preparation_id: uuid.UUID, revision: int, remark: str
) -> None:
    """Back to be corrected, with a remark; its consultation can't be opened meanwhile.

    Raises NotFound, InvalidTransition, Conflict("opened_already"), Unprocessable without a remark.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    preparation = _at_revision(session, preparation_id, revision)
    preparation.state = LIFECYCLE.after(preparation.state, PreparationEvent.RETURN)
    words = due(remark, "remark_required")
    _refuse_opened(session.get_one(Consultation, preparation.consultation_id, with_for_update=True))
    preparation.remark, preparation.changed_at = words, at
    audit.record(session, actor, at, "preparation.returned", ("preparation", preparation.id), remark=words)


def discard(session: Session, actor: Actor, at: datetime, preparation_id: uuid.UUID, revision: int) -> None:
    """It is not gone on with. Raises NotFound, Conflict, InvalidTransition when it was handed over."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    preparation = _at_revision(session, preparation_id, revision)
    preparation.state = LIFECYCLE.after(preparation.state, PreparationEvent.DISCARD)
    preparation.changed_at = at
    audit.record(session, actor, at, "preparation.discarded", ("preparation", preparation.id))


def _at_revision(session: Session, preparation_id: uuid.UUID, revision: int) -> Preparation:
    """What the person saw, for this transaction alone. Raises NotFound, Conflict."""
    preparation = session.get(Preparation, preparation_id, with_for_update=True)
    if preparation is None:
        raise NotFound("no_such_preparation")
    if preparation.revision != revision:
        raise Conflict("changed_meanwhile")
    return preparation


def _settled(session: Session, values: Mapping[str, str], consultation_id: uuid.UUID | None, at: datetime) -> Settled:
    settled = settle(values, departments.directory(session), at)
    if not isinstance(settled, Settled):
        raise Unprocessable("choices_incomplete", field=next(iter(settled)), problem=next(iter(settled.values())))
    if preparations.slug_is_taken(session, values.get("slug", ""), consultation_id):
        raise Conflict("slug_taken", slug=values["slug"])
    return settled


def _consultation(
    session: Session, actor: Actor, at: datetime, preparation: Preparation, settled: Settled, found: Extraction
) -> Consultation:
    source = session.get_one(PreparationText, (preparation.id, TextPart.DRAFT))
    if preparation.consultation_id is None:
        rules = [Rule(heading, text) for heading, text in preparation.found["rules"]]
        version = store_version(session, actor, at, source.source_name, source.text, found)
        return put_together(session, actor, at, settled.announcement(version.id), rules)
    consultation = session.get_one(Consultation, preparation.consultation_id, with_for_update=True)
    _refuse_opened(consultation)
    version = session.get_one(DocumentVersion, consultation.version_id)
    if not _says_the_same(session, version, found):
        version = add_version(session, actor, at, version.document_id, source.source_name, source.text, found)
    announcement = settled.announcement(version.id)
    # Without a word of a person's choice it keeps the address that it was given by chance.
    _renew(consultation, replace(announcement, slug=settled.values.get("slug") or consultation.slug))
    return consultation


def _refuse_opened(consultation: Consultation) -> None:
    if consultation.state is not ConsultationState.DRAFT:
        raise Conflict("opened_already")


def _says_the_same(session: Session, version: DocumentVersion, found: Extraction) -> bool:
    stored = [
        (row.label, row.heading, row.text, [(unit.name, unit.role, unit.department_id) for unit in row.units])
        for row in documents.clauses_of(session, version.id)
    ]
    return stored == [
        (row.label, row.heading, row.text or "", [(unit.name, unit.role.value, unit.department) for unit in row.units])
        for row in found.clauses
    ]


def _renew(consultation: Consultation, announcement: Announcement) -> None:
    refuse_too_long(announcement)
    for name, value in vars(announcement).items():
        setattr(consultation, name, value)
    consultation.display_regime = REGIME_OF_KIND[announcement.kind]
