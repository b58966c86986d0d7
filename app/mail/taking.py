"""The way of a mail: kept first, sealed and durable; then, as often as it takes, sorted and taken in once."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from app.consultations.models import Consultation
from app.deliveries import ledger as deliveries
from app.kit.database import Database
from app.kit.errors import Conflict, Unprocessable
from app.kit.identifiers import new_id
from app.kit.reasons import due, optional
from app.mail import actions, queries
from app.mail.actions import NewMail, Settled
from app.mail.attached import Attached, Cabinet, look_into
from app.mail.bounces import bounce_of
from app.mail.composing import Written, composed, needs_attachment, written
from app.mail.form_fields import fields_of
from app.mail.keeping import FileNote, MailKeeper, Summary
from app.mail.lifecycle import HOPELESS, LIFECYCLE, MailEvent, MailReason, MailSource, MailState
from app.mail.models import Mail
from app.mail.reading import ParsedMail, parse
from app.mail.sorting import OF_PHASE, Places, standing
from app.permissions import EVERYWHERE, Actor, ActorKind, Permission, require
from app.submissions.entering import EnteredSubmission
from app.submissions.intake import Intake, NewSubmission, NotTaken, Origin
from app.submissions.models import Submission

WORKER = Actor(ActorKind.WORKER, "mail", frozenset({Permission.ENTER_SUBMISSIONS}))
"""Whoever takes in what is picked up by itself."""
WORDS_SHOWN = 12_000


@dataclass(frozen=True)
class Arrived:
    """A mail as it came. `received_at` is the mailbox's own word for when, where it has one."""

    raw: bytes
    source: MailSource
    label: str = ""
    received_at: datetime | None = None
    import_id: uuid.UUID | None = None
    place: int = 0
    problem: MailReason | None = None


@dataclass(frozen=True)
class Chosen:
    """What a person decided about a waiting mail; `reason` is due where it came after the window."""

    consultation_id: uuid.UUID
    revision: int
    reason: str = ""


class Post:
    """Takes mails in; each step is durable by itself, and doing it again changes nothing."""

    def __init__(self, database: Database, keeper: MailKeeper, intake: Intake, cabinet: Cabinet) -> None:
        self._database = database
        self._keeper = keeper
        self._intake = intake
        self._cabinet = cabinet

    def keep(self, actor: Actor, at: datetime, arrived: Arrived) -> uuid.UUID | None:
        """Its id once it is durable; None where the same mail is kept already. Raises OSError, Conflict."""
        parsed = _bounded(parse(arrived.raw), arrived)
        content_hash = self._keeper.content_hash(parsed, arrived.raw)
        with self._database.reading() as session:
            if queries.known_as(session, content_hash) is not None:
                return None
        mail_id = new_id()
        received_at = arrived.received_at or parsed.received_at
        summary = replace(_summary(parsed), label=arrived.label)
        new = NewMail(
            id=mail_id,
            source=arrived.source,
            received_at=min(received_at, at) if received_at else None,
            size=len(arrived.raw),
            content_hash=content_hash,
            message_hash=self._keeper.message_hash(parsed),
            blob_key=self._keeper.put(arrived.raw, mail_id),
            summary=self._keeper.seal(summary, mail_id),
            import_id=arrived.import_id,
            place=arrived.place,
            problem=parsed.problem,
        )
        return self._kept(actor, at, new)

    def _kept(self, actor: Actor, at: datetime, new: NewMail, *, is_last: bool = False) -> uuid.UUID | None:
        """Two who keep the same mail at once: one does. Another mail under its Message-ID is kept at the second try."""
        try:
            with self._database.writing() as session:
                actions.keep_mail(session, actor, at, new)
        except Conflict as conflict:
            if conflict.code != "exists_already" or is_last:
                raise
            with self._database.reading() as session:
                if queries.known_as(session, new.content_hash) is not None:
                    return None
            return self._kept(actor, at, new, is_last=True)
        return new.id

    def work(self, actor: Actor, at: datetime, mail_id: uuid.UUID) -> MailState:
        """Sorts a kept mail and takes it in, or says why a person has to; one that is past that stays as it is.

        Raises OSError and Unreadable where the kept whole can't be had: it stays kept, and is tried again.
        """
        with self._database.reading() as session:
            mail = queries.get(session, mail_id)
        if mail.state is not MailState.KEPT:
            return mail.state
        parsed = self._opened(mail)
        if parsed.machine_made is not None:
            return self._ignore(actor, at, mail, parsed.machine_made)
        with self._database.reading() as session:
            found, reason = Places(session).place_of(parsed.subjects, mail.received_at)
        reason = parsed.problem or mail.reason or reason
        if reason is not None or found is None:
            return self._ask(actor, at, mail, reason or MailReason.NO_CONSULTATION, found)
        return self._take(actor, at, mail, parsed, found)

    def choose(self, actor: Actor, at: datetime, mail_id: uuid.UUID, chosen: Chosen) -> MailState:
        """A person names the consultation. Raises NotFound, Conflict (`changed_meanwhile`, `mail_not_taken` where none
        were taken then), InvalidTransition, Unprocessable where a reason is due (`mail_late_reason`) or nothing can be
        read (`mail_without_words`).
        """
        require(actor, Permission.ENTER_SUBMISSIONS, within=EVERYWHERE)
        with self._database.reading() as session:
            mail = queries.get(session, mail_id)
            consultation = queries.put_out_as(session, chosen.consultation_id)
            is_late = standing(session, consultation, mail.received_at) is MailReason.LATE
        if mail.revision != chosen.revision:
            raise Conflict("changed_meanwhile")
        LIFECYCLE.after(mail.state, MailEvent.TAKE)
        words = due(chosen.reason, "mail_late_reason") if is_late else optional(chosen.reason)
        state = self._take(actor, at, mail, self._opened(mail), consultation, words or "", late=is_late)
        if state is MailState.WAITING:
            raise Conflict("mail_not_taken")
        return state

    def summary(self, mail: Mail) -> Summary:
        """What staff are shown of it, and who sent it, which they aren't. Raises Unreadable."""
        return self._keeper.summary(mail)

    def _opened(self, mail: Mail) -> ParsedMail:
        if mail.blob_key is None:
            raise Conflict("mail_erased")
        return parse(self._keeper.get(mail.blob_key, mail.id))

    def _take(
        self,
        actor: Actor,
        at: datetime,
        mail: Mail,
        parsed: ParsedMail,
        consultation: Consultation,
        remark: str = "",
        *,
        late: bool = False,
    ) -> MailState:
        stored = self._stored(mail.id)
        if stored is None:
            attached = look_into(self._cabinet, parsed.attachments, mail.kept_at, read=needs_attachment(parsed))
            found = composed(parsed, written(parsed, attached.texts), mail.received_at or mail.kept_at, at, remark)
            if isinstance(found, MailReason):
                return self._without_words(actor, at, mail, found, consultation)
            entered, said = found
            new = self._submission(actor, at, mail, consultation, entered, attached, late)
            try:
                self._intake.store(new)
            except NotTaken as refused:
                return self._ask(actor, at, mail, OF_PHASE[refused.phase], consultation)
            except Conflict as conflict:
                if conflict.code != "token_reused":
                    raise
            mail.summary = self._keeper.seal(self._noted(mail, parsed, said, attached), mail.id)
            stored = self._stored(mail.id)
        assert stored is not None, "the intake has just stored it"
        settled = Settled(
            MailEvent.TAKE,
            consultation_id=stored.consultation_id,
            submission_id=stored.id,
            summary=mail.summary,
            decided_reason=remark or None,
        )
        return self._settle(actor, at, mail, settled)

    def _submission(
        self,
        actor: Actor,
        at: datetime,
        mail: Mail,
        consultation: Consultation,
        entered: EnteredSubmission,
        attached: Attached,
        late: bool,
    ) -> NewSubmission:
        """Not displayed by itself: who wrote a mail has not been told that it would be."""
        return NewSubmission(
            token=self._keeper.token(mail.id),
            consultation_id=consultation.id,
            version_id=consultation.version_id,
            channel=entered.channel,
            received_at=entered.received_at,
            title=entered.title,
            comment=entered.comment,
            occupation=entered.occupation,
            clauses=(),
            identity=entered.identity,
            display=False,
            keep=(),
            challenge=None,
            request_id=actor.request_id,
            late=late,
            submitter_kind=entered.submitter_kind,
            organisation_type=entered.organisation_type,
            files=attached.files,
            origin=Origin(actor, at, entered.missing, entered.remark),
        )

    def _noted(self, mail: Mail, parsed: ParsedMail, said: Written, attached: Attached) -> Summary:
        label = self._keeper.summary(mail).label
        return replace(_summary(parsed), label=label, files=attached.notes, fields=tuple(said.fields), wrong=said.wrong)

    def _stored(self, mail_id: uuid.UUID) -> Submission | None:
        """What a step that was cut off afterwards has stored of it."""
        with self._database.reading() as session:
            return session.scalar(select(Submission).where(Submission.token == self._keeper.token(mail_id)))

    def _without_words(
        self, actor: Actor, at: datetime, mail: Mail, reason: MailReason, consultation: Consultation
    ) -> MailState:
        if mail.state is not MailState.KEPT:
            raise Unprocessable("mail_without_words")
        return self._ask(actor, at, mail, reason, consultation)

    def _ask(
        self, actor: Actor, at: datetime, mail: Mail, reason: MailReason, consultation: Consultation | None
    ) -> MailState:
        if mail.state is not MailState.KEPT:
            return MailState.WAITING
        settled = Settled(MailEvent.ASK, reason, consultation.id if consultation else None)
        return self._settle(actor, at, mail, settled)

    def _ignore(self, actor: Actor, at: datetime, mail: Mail, reason: MailReason) -> MailState:
        bounce = bounce_of(self._keeper.get(mail.blob_key, mail.id)) if mail.blob_key else None
        if bounce is not None:
            with self._database.writing() as session:
                deliveries.note_bounce(session, at, bounce.delivery_id, bounce.status)
        return self._settle(actor, at, mail, Settled(MailEvent.IGNORE, reason))

    def _settle(self, actor: Actor, at: datetime, mail: Mail, settled: Settled) -> MailState:
        """One who comes second finds it settled, which is no error."""
        after = LIFECYCLE.after(mail.state, settled.event)
        try:
            with self._database.writing() as session:
                actions.settle(session, actor, at, mail.id, mail.revision, settled)
        except Conflict as conflict:
            if conflict.code != "changed_meanwhile":
                raise
        return after


def _bounded(parsed: ParsedMail, arrived: Arrived) -> ParsedMail:
    return replace(parsed, problem=parsed.problem or arrived.problem)


def _summary(parsed: ParsedMail) -> Summary:
    """Before anything was taken in: words without the form's fields, of which only the names are told."""
    own = fields_of(parsed.own.text)
    return Summary(
        subject=parsed.subject,
        sender=parsed.sender,
        words=own.comment[:WORDS_SHOWN],
        fields=tuple(own.values),
        files=[FileNote(one.name, len(one.content)) for one in parsed.attachments],
        left_out=parsed.own.left_out,
    )


def hopeless(reason: MailReason | None) -> bool:
    """Whether no choice of a consultation makes a submission of it."""
    return reason in HOPELESS
