"""What staff and the worker do with mails; taking one in as a submission is put together in `taking`."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Conflict
from app.kit.reasons import due
from app.mail import queries
from app.mail.lifecycle import LIFECYCLE, MailEvent, MailReason, MailSource, MailState
from app.mail.models import Mail, MailImport
from app.permissions import EVERYWHERE, Actor, Permission, require

KEPT_FOR = timedelta(days=1)
"""How long an import waits to be confirmed."""


@dataclass(frozen=True)
class NewMail:
    """A mail whose sealed whole is kept already under `blob_key`."""

    id: uuid.UUID
    source: MailSource
    received_at: datetime | None
    size: int
    content_hash: str
    message_hash: str | None
    blob_key: str
    summary: bytes
    import_id: uuid.UUID | None = None
    place: int = 0
    problem: MailReason | None = None


@dataclass(frozen=True)
class Settled:
    """What became of a mail: TAKE with a submission, ASK and IGNORE with a reason. `decided_reason` is a person's."""

    event: MailEvent
    reason: MailReason | None = None
    consultation_id: uuid.UUID | None = None
    submission_id: uuid.UUID | None = None
    summary: bytes | None = None
    decided_reason: str | None = None


def keep_import(session: Session, actor: Actor, at: datetime, import_id: uuid.UUID, blob_key: str, mails: int) -> None:
    """Whoever sent the files can have them taken in for KEPT_FOR; older ones that nobody confirmed are forgotten."""
    require(actor, Permission.ENTER_SUBMISSIONS, within=EVERYWHERE)
    unconfirmed = update(MailImport).where(MailImport.made_at < at - KEPT_FOR, MailImport.finished_at.is_(None))
    session.execute(unconfirmed.values(blob_key=None, finished_at=at))
    session.add(MailImport(id=import_id, made_by=actor.id, made_at=at, blob_key=blob_key, mails=mails))
    audit.record(session, actor, at, "mail_import.kept", ("mail_import", import_id), mails=mails)


def finish_import(session: Session, actor: Actor, at: datetime, import_id: uuid.UUID) -> None:
    """All its mails are kept by themselves now. Raises NotFound, Conflict where that was done already."""
    require(actor, Permission.ENTER_SUBMISSIONS, within=EVERYWHERE)
    found = queries.own_import(session, import_id, actor.id)
    if found.finished_at is not None:
        raise Conflict("import_finished")
    found.finished_at, found.blob_key = at, None
    audit.record(session, actor, at, "mail_import.taken", ("mail_import", import_id), mails=found.mails)


def keep_mail(session: Session, actor: Actor, at: datetime, new: NewMail) -> None:
    """Raises Conflict at the end of the transaction where the same mail was kept meanwhile.

    One with the Message-ID of another, and other content, is kept too, and waits for a person.
    """
    require(actor, Permission.ENTER_SUBMISSIONS)
    is_known = new.message_hash is not None and queries.is_known_id(session, new.message_hash)
    session.add(
        Mail(
            id=new.id,
            source=new.source,
            state=MailState.KEPT,
            reason=new.problem or (MailReason.SAME_ID if is_known else None),
            kept_at=at,
            received_at=new.received_at,
            size=new.size,
            content_hash=new.content_hash,
            message_hash=None if is_known else new.message_hash,
            blob_key=new.blob_key,
            summary=new.summary,
            import_id=new.import_id,
            place=new.place,
        )
    )
    audit.record(session, actor, at, "mail.kept", ("mail", new.id), source=new.source.value)


def settle(session: Session, actor: Actor, at: datetime, mail_id: uuid.UUID, revision: int, settled: Settled) -> None:
    """Raises NotFound, InvalidTransition, Conflict where another settled it since it was read at this revision."""
    require(actor, Permission.ENTER_SUBMISSIONS)
    mail = queries.get(session, mail_id)
    if mail.revision != revision:
        raise Conflict("changed_meanwhile")
    mail.state = LIFECYCLE.after(mail.state, settled.event)
    mail.reason, mail.submission_id = settled.reason, settled.submission_id
    mail.consultation_id = settled.consultation_id or mail.consultation_id
    mail.decided_at, mail.decided_by, mail.decided_reason = at, actor.id, settled.decided_reason
    mail.summary = settled.summary or mail.summary
    audit.record(
        session,
        actor,
        at,
        f"mail.{mail.state}",
        ("mail", mail_id),
        within=mail.consultation_id,
        reason=settled.decided_reason or (settled.reason.value if settled.reason else ""),
    )


def set_aside(session: Session, actor: Actor, at: datetime, mail_id: uuid.UUID, revision: int, reason: str) -> None:
    """It is no opinion on a consultation; it stays kept.

    Raises NotFound, Conflict, InvalidTransition, Unprocessable without a reason.
    """
    require(actor, Permission.ENTER_SUBMISSIONS, within=EVERYWHERE)
    mail = queries.get(session, mail_id)
    if mail.revision != revision:
        raise Conflict("changed_meanwhile")
    state, words = LIFECYCLE.after(mail.state, MailEvent.SET_ASIDE), due(reason)
    mail.state, mail.decided_at, mail.decided_by, mail.decided_reason = state, at, actor.id, words
    audit.record(session, actor, at, "mail.set_aside", ("mail", mail_id), reason=words)
