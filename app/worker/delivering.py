"""Sending what was promised, beside the jobs and in a thread of its own.

A message is taken in one transaction, sent outside of any, and settled in another: a slow mail server holds nothing up.
"""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from threading import Event

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.config import Settings, load_secrets
from app.deliveries import ledger
from app.deliveries.channels import (
    Channel,
    Encryption,
    FolderChannel,
    MailServer,
    NotDelivered,
    Refused,
    SmtpChannel,
    Unreachable,
)
from app.deliveries.lifecycle import DeliveryChannel, DeliveryEvent
from app.deliveries.messages import Sender, compose
from app.deliveries.models import Delivery
from app.deliveries.texts import FolderTextChannel, Text, TextChannel, fitted
from app.kit.clock import Clock, SystemClock
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.kit.errors import Conflict
from app.submissions.models import Submission, SubmitterIdentity
from app.submissions.vault import Vault
from app.webhooks.ledger import CONTACT
from app.webhooks.models import WebhookEndpoint
from app.worker.alerts import ALERTS, BECAUSE, webhook_disabled
from app.worker.failures import place_of
from app.worker.letters import TEMPLATES, Column, outcome_text, outcomes
from app.worker.together import TOGETHER, ToldElsewhere, address_of, told_together

PAUSE_SECONDS = 1.0
PAUSE_WHEN_UNREACHABLE_SECONDS = 30.0
LONGEST_ERROR = 80
TEXTS = "sms"
"""The folder for short messages, beside the other data of this installation."""
ALERT = "alert_address"
"""The kind of recipient that is no sender but whoever is on duty here."""

log = structlog.get_logger("yanlu.deliveries")


@dataclass(frozen=True)
class Post:
    """All that sending needs."""

    channel: Channel
    sender: Sender
    column: Column
    vault: Vault
    texts: TextChannel | None = None
    alert_to: str = ""
    staff_url: str = ""


class Nobody(NotDelivered):
    """There is no address to write to."""

    def __init__(self) -> None:
        super().__init__("no address")


def post_of(settings: Settings) -> Post | None:
    """The way out that the settings name; None when they name none, and promised messages wait.

    Raises ConfigurationError when the keys that open addresses are missing.
    """
    channel = _channel_of(settings)
    if channel is None:
        return None
    secrets = load_secrets(settings)
    return Post(
        channel=channel,
        sender=Sender(settings.mail_sender, settings.mail_from),
        column=Column(settings.mail_sender, f"{settings.public_url}/receipts"),
        vault=Vault(Sealer.of(secrets), secrets.index, secrets.index_hash),
        texts=FolderTextChannel(settings.var_dir / TEXTS),
        alert_to=settings.referral_alert_to,
        staff_url=settings.staff_url,
    )


def run(database: Database, post: Post, stop: Event) -> None:
    """Sends until `stop` is set; the message in hand is settled first. Nothing that goes wrong ends it."""
    clock = SystemClock()
    try:
        while not stop.is_set():
            pause = _try_once(database, clock, post)
            if pause:
                stop.wait(pause)
    finally:
        post.channel.close()


def deliver_once(database: Database, clock: Clock, post: Post) -> DeliveryEvent | None:
    """Sends the one message that has been due longest and says what came of it; None when nothing is due.

    Raises Unreachable, after settling, when it was the server and not this message.
    """
    with database.reading() as session:
        if not ledger.is_due(session, clock.now()):
            return None
    with database.writing() as session:
        held = ledger.claim(session, clock.now())
    if held is None:
        return None
    event, trouble = _attempt(database, clock.now(), post, held)
    error = _told(trouble)
    with database.writing() as session:
        kept = ledger.settle(session, held, clock.now(), event, error)
    log.info("delivery", id=str(held.id), template=held.template, came_to=event.value, error=error, kept=kept)
    if isinstance(trouble, Unreachable):
        raise trouble
    return event


def _try_once(database: Database, clock: Clock, post: Post) -> float:
    """How long to rest before the next one."""
    try:
        return 0.0 if deliver_once(database, clock, post) else PAUSE_SECONDS
    except Unreachable:
        return PAUSE_WHEN_UNREACHABLE_SECONDS
    except (OperationalError, Conflict) as error:
        log.warning("store_unavailable", error=type(error).__name__)
        return PAUSE_SECONDS
    except Exception as error:  # whatever is wrong with one message, the others must still go out
        log.error("delivery_failed", error=place_of(error))
        return PAUSE_SECONDS


def _attempt(database: Database, at: datetime, post: Post, held: Delivery) -> tuple[DeliveryEvent, Exception | None]:
    try:
        if held.channel is DeliveryChannel.SMS:
            _send_text(database, post, held)
        else:
            with database.reading() as session:
                message = _message(session, at, post, held)
            post.channel.send(message)
    except ToldElsewhere as error:
        return DeliveryEvent.JOIN, error
    except Refused as error:
        return DeliveryEvent.REFUSE, error
    except Nobody as error:
        return DeliveryEvent.FIND_NOBODY, error
    except Exception as error:  # busy or unreachable, or a fault of ours that a newer version mends
        return DeliveryEvent.POSTPONE, error
    return DeliveryEvent.SEND, None


def _message(session: Session, at: datetime, post: Post, held: Delivery) -> EmailMessage:
    """The message with its address, which is unsealed here and kept nowhere else."""
    if held.recipient_kind == ALERT:
        return _alert(at, post, held)
    if held.recipient_kind == CONTACT:
        return _to_contact(session, at, post, held)
    letter_of = TEMPLATES[held.template]
    submission, recipient = _recipient(session, post, held)
    if held.template in TOGETHER:
        together = told_together(session, post.vault, held, submission)
        letter = outcomes(session, held, together, post.column)
    else:
        letter = letter_of(session, held, submission, post.column)
    with suppress(ValueError):
        return compose(held.id, post.sender, recipient, letter, at)
    raise Nobody


def _send_text(database: Database, post: Post, held: Delivery) -> None:
    with database.reading() as session:
        submission, number = _recipient(session, post, held)
        words = outcome_text(session, told_together(session, post.vault, held, submission), post.column)
    if post.texts is None:
        raise Nobody
    post.texts.send(Text(held.id, number, fitted(words)))


def _recipient(session: Session, post: Post, held: Delivery) -> tuple[Submission, str]:
    """The submission that the message is about, and where its sender is reached. Raises Nobody, Unreadable."""
    submission = session.get(Submission, uuid.UUID(held.recipient_id))
    sealed = session.get(SubmitterIdentity, uuid.UUID(held.recipient_id))
    if submission is None or sealed is None:
        raise Nobody
    recipient = address_of(post.vault, sealed, held.channel)
    if recipient is None:
        raise Nobody
    return submission, recipient


def _alert(at: datetime, post: Post, held: Delivery) -> EmailMessage:
    """To an address of our own, which the settings name."""
    if not post.alert_to:
        raise Nobody
    return compose(held.id, post.sender, post.alert_to, ALERTS[held.template](held, post.staff_url), at)


def _to_contact(session: Session, at: datetime, post: Post, held: Delivery) -> EmailMessage:
    """To whom the department named for its receiver, as long as that is disabled without anybody's wish."""
    endpoint = session.get(WebhookEndpoint, uuid.UUID(held.recipient_id))
    because = endpoint.disabled_because if endpoint else None
    if endpoint is None or not endpoint.contact_email or because is None or because not in BECAUSE:
        raise Nobody
    with suppress(ValueError):
        return compose(held.id, post.sender, endpoint.contact_email, webhook_disabled(endpoint, because), at)
    raise Nobody


def _channel_of(settings: Settings) -> Channel | None:
    if settings.mail_folder is not None:
        return FolderChannel(settings.mail_folder)
    if not settings.mail_server:
        return None
    server = MailServer(
        host=settings.mail_server,
        port=settings.mail_port,
        encryption=Encryption(settings.mail_encryption),
        user=settings.mail_user,
        password=settings.mail_password.get_secret_value(),
        timeout=float(settings.mail_timeout),
        ca_file=settings.mail_ca_file,
    )
    return SmtpChannel(server, settings.mail_from.rpartition("@")[2])


def _told(trouble: Exception | None) -> str | None:
    if trouble is None or isinstance(trouble, NotDelivered):
        return trouble.error if trouble else None
    return place_of(trouble)[:LONGEST_ERROR]
