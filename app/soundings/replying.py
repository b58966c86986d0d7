"""Entering what organs reply: the reply itself, its opinions one by one, and that an organ was reminded."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.documents.models import Clause
from app.kit.clock import beijing_day
from app.kit.errors import Conflict, Unprocessable
from app.kit.identifiers import new_id
from app.kit.reasons import due, optional
from app.permissions import Actor, Permission, require
from app.soundings import earlier, queries
from app.soundings.fields import OPINION_LIMIT, day_between, line, text
from app.soundings.holding import opinion_at
from app.soundings.lifecycle import (
    LIFECYCLE,
    ORGAN_LIFECYCLE,
    Disagreement,
    OrganEvent,
    OrganState,
    SoundingEvent,
)
from app.soundings.models import (
    NUMBER_LENGTH,
    SIGNER_LENGTH,
    OrganOpinion,
    SoundedOrgan,
    Sounding,
    SoundingFile,
    SoundingReminder,
)
from app.submissions.attachments import CLOSED, NewFile
from app.submissions.file_kinds import ScanState

MOST_OPINIONS = 500
"""Of one organ."""


@dataclass(frozen=True)
class Reply:
    """A reply as the paper says it. Without a `file` the scan stays the one that is kept, if there is one."""

    with_opinions: bool
    replied_on: date | None
    document_number: str = ""
    signer: str = ""
    file: NewFile | None = None


@dataclass(frozen=True)
class Wording:
    """One opinion in the organ's own words, and the wording that it wants; no clause: about the draft as a whole."""

    words: str
    proposed: str = ""
    clause_id: uuid.UUID | None = None


def enter_reply(
    session: Session, actor: Actor, at: datetime, organ_id: uuid.UUID, revision: int, reply: Reply, reason: str = ""
) -> SoundedOrgan:
    """Keeps the reply; a further one corrects it, needs a reason, and the earlier one stays known.

    Of two people who enter the reply of one organ at once one succeeds. Raises NotFound, InvalidTransition unless
    replies are taken, Conflict("changed_meanwhile"), Conflict("opinions_standing") where a reply without opinions is
    to follow opinions that stand, Unprocessable("reply_day_wrong") for a day before the letter or ahead,
    Unprocessable("reason_required"), Unprocessable("name_too_long").
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    letter, organ = _held(session, actor, organ_id)
    if organ.revision != revision:
        raise Conflict("changed_meanwhile")
    letter.state = LIFECYCLE.after(letter.state, SoundingEvent.REPLY)
    event = OrganEvent.REPLY_WITH if reply.with_opinions else OrganEvent.REPLY_WITHOUT
    state = ORGAN_LIFECYCLE.after(organ.state, event)
    is_correction = organ.state is not OrganState.WAITING
    why = due(reason) if is_correction else ""
    if not reply.with_opinions and queries.has_opinions(session, organ.id):
        raise Conflict("opinions_standing")
    replied_on = day_between(reply.replied_on, letter.issued_on, beijing_day(at), "reply_day_wrong")
    if is_correction:
        earlier.keep(session, actor, at, organ, why)
    organ.file_id = _kept_file(session, organ, reply.file)
    organ.document_number = line(reply.document_number, NUMBER_LENGTH)
    organ.signer = line(reply.signer, SIGNER_LENGTH)
    organ.state, organ.replied_on, organ.entered_by, organ.entered_at = state, replied_on, actor.id, at
    audit.record(
        session,
        actor,
        at,
        "organ_reply.corrected" if is_correction else "organ_reply.entered",
        ("sounded_organ", organ.id),
        within=organ.consultation_id,
        state=state.value,
        reason=why or None,
        sha256=reply.file.sha256 if reply.file else None,
    )
    return organ


def enter_opinion(session: Session, actor: Actor, at: datetime, organ_id: uuid.UUID, wording: Wording) -> OrganOpinion:
    """Adds one opinion to a reply with opinions.

    Raises NotFound, InvalidTransition unless replies are taken, Conflict("no_opinions_replied"),
    Unprocessable("text_required"), ("text_too_long"), ("no_such_clause"), ("too_many_opinions").
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    letter, organ = _held(session, actor, organ_id)
    letter.state = LIFECYCLE.after(letter.state, SoundingEvent.REPLY)
    if organ.state is not OrganState.WITH_OPINIONS:
        raise Conflict("no_opinions_replied")
    place = queries.last_opinion(session, organ.id) + 1
    if place > MOST_OPINIONS:
        raise Unprocessable("too_many_opinions", limit=MOST_OPINIONS)
    made = OrganOpinion(
        id=new_id(),
        organ_id=organ.id,
        sounding_id=letter.id,
        consultation_id=letter.consultation_id,
        place=place,
        clause_id=_clause(session, letter, wording.clause_id),
        words=text(wording.words, OPINION_LIMIT, "text_required"),
        proposed=text(wording.proposed, OPINION_LIMIT),
        entered_by=actor.id,
        entered_at=at,
        disagreement=Disagreement.NONE,
    )
    session.add(made)
    audit.record(session, actor, at, "organ_opinion.entered", ("organ_opinion", made.id), within=letter.consultation_id)
    return made


def correct_opinion(
    session: Session,
    actor: Actor,
    at: datetime,
    opinion_id: uuid.UUID,
    revision: int,
    wording: Wording,
    reason: str,
) -> None:
    """Puts right what was entered; what it said before stays known. What was made of the former words is taken off.

    Raises NotFound, InvalidTransition unless replies are taken, Conflict("changed_meanwhile"),
    Conflict("opinion_withdrawn"), Unprocessable as `enter_opinion` and without a reason.
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    letter, opinion = opinion_at(session, actor, opinion_id, revision)
    letter.state = LIFECYCLE.after(letter.state, SoundingEvent.REPLY)
    why, clause_id = due(reason), _clause(session, letter, wording.clause_id)
    words = text(wording.words, OPINION_LIMIT, "text_required") or ""
    proposed = text(wording.proposed, OPINION_LIMIT)
    earlier.keep(session, actor, at, opinion, why)
    opinion.clause_id, opinion.words, opinion.proposed = clause_id, words, proposed
    opinion.entered_by, opinion.entered_at = actor.id, at
    opinion.adoption = opinion.reason = opinion.handled_by = opinion.handled_at = opinion.coordination = None
    opinion.disagreement = Disagreement.NONE
    audit.record(
        session,
        actor,
        at,
        "organ_opinion.corrected",
        ("organ_opinion", opinion.id),
        within=opinion.consultation_id,
        reason=why,
    )


def withdraw_opinion(
    session: Session, actor: Actor, at: datetime, opinion_id: uuid.UUID, revision: int, reason: str
) -> None:
    """The organ took it back, or it was entered by mistake: it stays readable and counts nowhere.

    Raises NotFound, InvalidTransition unless replies are taken, Conflict("changed_meanwhile"),
    Conflict("opinion_withdrawn"), Unprocessable without a reason.
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    letter, opinion = opinion_at(session, actor, opinion_id, revision)
    letter.state = LIFECYCLE.after(letter.state, SoundingEvent.REPLY)
    why = due(reason)
    opinion.withdrawn_at = at
    audit.record(
        session,
        actor,
        at,
        "organ_opinion.withdrawn",
        ("organ_opinion", opinion.id),
        within=opinion.consultation_id,
        reason=why,
    )


def remind(
    session: Session,
    actor: Actor,
    at: datetime,
    organ_id: uuid.UUID,
    sent_on: date | None,
    document_number: str,
    remark: str,
) -> None:
    """Notes that an organ which hasn't replied was reminded in writing.

    Raises NotFound, InvalidTransition, Conflict("replied_already"), Unprocessable("reminder_day_wrong"),
    Unprocessable("name_too_long").
    """
    require(actor, Permission.MANAGE_SOUNDINGS)
    letter, organ = _held(session, actor, organ_id)
    letter.state = LIFECYCLE.after(letter.state, SoundingEvent.REMIND)
    if organ.state is not OrganState.WAITING:
        raise Conflict("replied_already")
    number, words = line(document_number, NUMBER_LENGTH), optional(remark)
    session.add(
        SoundingReminder(
            organ_id=organ.id,
            consultation_id=organ.consultation_id,
            sent_on=day_between(sent_on, letter.issued_on, beijing_day(at), "reminder_day_wrong"),
            document_number=number,
            remark=words,
            recorded_by=actor.id,
            recorded_at=at,
        )
    )
    audit.record(
        session,
        actor,
        at,
        "sounded_organ.reminded",
        ("sounded_organ", organ.id),
        within=organ.consultation_id,
        document_number=number,
        remark=words,
    )


def open_scan(session: Session, actor: Actor, at: datetime, file_id: uuid.UUID) -> SoundingFile:
    """Lets somebody have the scan of a reply; that they had it stays known.

    Raises NotFound, Conflict with a code of CLOSED while nobody may.
    """
    require(actor, Permission.READ_SOUNDINGS)
    file = queries.file(session, file_id)
    require(actor, Permission.READ_SOUNDINGS, within=file.consultation_id)
    if file.scan in CLOSED:
        raise Conflict(CLOSED[file.scan])
    audit.record(
        session,
        actor,
        at,
        "organ_reply.scan_opened",
        ("sounding_file", file.id),
        within=file.consultation_id,
        sha256=file.sha256,
    )
    return file


def _held(session: Session, actor: Actor, organ_id: uuid.UUID) -> tuple[Sounding, SoundedOrgan]:
    letter, organ = queries.held_organ(session, organ_id)
    require(actor, Permission.MANAGE_SOUNDINGS, within=letter.consultation_id)
    return letter, organ


def _kept_file(session: Session, organ: SoundedOrgan, file: NewFile | None) -> uuid.UUID | None:
    if file is None:
        return organ.file_id
    made = SoundingFile(
        id=new_id(),
        consultation_id=organ.consultation_id,
        name=file.name,
        kind=file.kind,
        size=file.size,
        sha256=file.sha256,
        scan=file.scan,
        scanned_at=file.taken_at if file.scan is ScanState.CLEAN else None,
    )
    session.add(made)
    session.flush()
    return made.id


def _clause(session: Session, letter: Sounding, clause_id: uuid.UUID | None) -> uuid.UUID | None:
    """Raises Unprocessable("no_such_clause") for one of another text than the letter was about."""
    if clause_id is None:
        return None
    about = select(Clause.id).where(Clause.id == clause_id, Clause.version_id == letter.version_id)
    if session.scalar(about) is None:
        raise Unprocessable("no_such_clause")
    return clause_id
