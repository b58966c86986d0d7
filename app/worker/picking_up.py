"""Mails that come by themselves, beside the jobs and in a thread of their own: kept here first, then put away there.

A mail is durable here before anything is done to it in the mailbox; whatever is cut off in between is done again, and a
mail that is kept already only put away. What is kept is sorted and taken in afterwards, imported mails too.
"""

import uuid
from dataclasses import dataclass
from threading import Event

import structlog

from app.config import ConfigurationError, Settings, load_secrets
from app.kit.clock import Clock, SystemClock
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.mail import mailboxes, queries
from app.mail.attached import Cabinet
from app.mail.keeping import MailKeeper
from app.mail.lifecycle import MailSource
from app.mail.mailboxes import Address, Mailbox, MailboxGone
from app.mail.taking import WORKER, Arrived, Post
from app.submissions.intake import DirectIntake
from app.submissions.receipts import Receipts
from app.submissions.vault import Vault
from app.worker import filing
from app.worker.failures import place_of

PAUSE_SECONDS = 30.0
AT_ONCE = 200

log = structlog.get_logger("yanlu.mail")


@dataclass(frozen=True)
class PostOffice:
    """What takes mails in, and the mailbox that they are picked up from, if there is one."""

    post: Post
    mailbox: Address | None


def post_office_of(settings: Settings, database: Database) -> PostOffice:
    """Raises ConfigurationError."""
    secrets, cabinet = load_secrets(settings), filing.cabinet_of(settings)
    sealer = Sealer.of(secrets)
    vault, receipts = Vault(sealer, secrets.index, secrets.index_hash), Receipts(secrets.signing)
    intake = DirectIntake(database, vault, receipts, owes_receipts=settings.sends_mail)
    keeper = MailKeeper(sealer, secrets.index, cabinet.blobs)
    post = Post(database, keeper, intake, Cabinet(cabinet.blobs, cabinet.scanner))
    return PostOffice(post, mailbox_of(settings))


def mailbox_of(settings: Settings) -> Address | None:
    """None where the settings name none. Raises ConfigurationError."""
    if not settings.inbox:
        return None
    password, timeout = settings.inbox_password.get_secret_value(), float(settings.mail_timeout)
    try:
        return mailboxes.address_of(settings.inbox, password, settings.inbox_done, timeout, settings.mail_ca_file)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None


def run(database: Database, office: PostOffice, stop: Event) -> None:
    """Works until `stop` is set. A mailbox, a store or a place for files that can't be reached is tried again."""
    clock = SystemClock()
    while not stop.is_set():
        try:
            if office.mailbox is not None:
                pick_up(office.post, office.mailbox, clock, stop)
        except MailboxGone as error:
            log.warning("mailbox_unavailable", error=error.error)
        except Exception as error:  # the store or the place for files; the mails are still in the mailbox
            log.warning("mail_not_kept", error=place_of(error))
        sort_kept(database, office.post, clock, stop)
        stop.wait(PAUSE_SECONDS)


def pick_up(post: Post, address: Address, clock: Clock, stop: Event | None = None) -> int:
    """How many mails were new here. Raises MailboxGone, OSError, and what the store raises."""
    with mailboxes.signed_in(address) as mailbox:
        return sum(_fetch(post, mailbox, uid, clock) for uid in mailbox.waiting() if not (stop and stop.is_set()))


def _fetch(post: Post, mailbox: Mailbox, uid: str, clock: Clock) -> int:
    letter = mailbox.fetch(uid)
    if letter is None:
        return 0
    arrived = Arrived(letter.raw, MailSource.IMAP, received_at=letter.received_at, problem=letter.problem)
    kept = post.keep(WORKER, clock.now(), arrived)
    mailbox.put_away(letter)
    log.info("mail_kept", id=str(kept) if kept else None, was_known=kept is None)
    return int(kept is not None)


def sort_kept(database: Database, post: Post, clock: Clock, stop: Event | None = None) -> int:
    """How many were sorted. What goes wrong with one keeps no other waiting; it is tried again."""
    try:
        with database.reading() as session:
            waiting = queries.kept(session, AT_ONCE)
    except Exception as error:  # the store can't be reached
        log.warning("store_unavailable", error=place_of(error))
        return 0
    return sum(_is_sorted(post, clock, mail_id) for mail_id in waiting if not (stop and stop.is_set()))


def _is_sorted(post: Post, clock: Clock, mail_id: uuid.UUID) -> bool:
    try:
        state = post.work(WORKER, clock.now(), mail_id)
    except Exception as error:  # its whole can't be had, or the store can't; it stays kept
        log.error("mail_failed", id=str(mail_id), error=place_of(error))
        return False
    log.info("mail_sorted", id=str(mail_id), state=state.value)
    return True
