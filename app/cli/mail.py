"""Mails: taken in from files, or picked up from the mailbox once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from app.cli.store import me, opened
from app.cli.terminal import in_beijing, print_json, print_table
from app.config import ConfigurationError, Settings, load_secrets, load_settings
from app.kit.clamd import Clamd
from app.kit.clock import SystemClock
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.kit.object_blobs import NoSuchPlace, blobs_at
from app.mail.attached import Cabinet
from app.mail.boxes import RawMail, mails_of
from app.mail.keeping import MailKeeper
from app.mail.lifecycle import MACHINE_MADE, MailSource
from app.mail.previewing import Preview, previews
from app.mail.queries import get
from app.mail.taking import Arrived, Post
from app.permissions import Actor
from app.submissions.intake import DirectIntake
from app.submissions.receipts import Receipts
from app.submissions.vault import Vault

group = typer.Typer(help="Comments that come by e-mail: take them in from files.", no_args_is_help=True)


@group.callback()
def mail() -> None:
    """Keeps the group a group while it has one command."""


@dataclass(frozen=True)
class Told:
    """What became of a mail, or would: `name` is the file's, with the mail's number in an mbox."""

    name: str
    state: str
    reason: str
    received_at: str
    consultation: str


@group.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(help=".eml files, or mbox files of many mails.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would become of each.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Take in comments that came by e-mail: each mail once, whichever way it comes.

    A mail is kept sealed before it is looked at. What can't be sorted by its subject waits on the staff's page.
    """
    settings, mails = load_settings(), [mail for path in files for mail in mails_of(path.name, path.read_bytes())]
    with opened(settings) as database:
        post, keeper = _post(settings, database)
        told = _previewed(database, keeper, mails) if dry_run else _taken(database, post, me(), mails)
    if as_json:
        print_json({"mails": [vars(one) for one in told], "counts": dict(Counter(one.state for one in told))})
        return
    rows = [(one.name, one.state, one.reason, one.received_at, one.consultation) for one in told]
    print_table(("mail", "state", "reason", "received", "consultation"), rows, empty="there is no mail in it")


def _taken(database: Database, post: Post, actor: Actor, mails: Sequence[RawMail]) -> list[Told]:
    """One after the other, so that what is interrupted is done again by the same command and nothing twice."""
    return [_take(database, post, actor, mail) for mail in mails]


def _take(database: Database, post: Post, actor: Actor, mail: RawMail) -> Told:
    now = SystemClock().now()
    mail_id = post.keep(actor, now, Arrived(mail.content, MailSource.FILE, mail.name))
    if mail_id is None:
        return Told(mail.name, "known", "", "", "")
    state = post.work(actor, now, mail_id)
    with database.reading() as session:
        row = get(session, mail_id)
        named = str(row.consultation_id or "")
    return Told(mail.name, state.value, (row.reason or "").strip(), in_beijing(row.received_at), named)


def _previewed(database: Database, keeper: MailKeeper, mails: Sequence[RawMail]) -> list[Told]:
    with database.reading() as session:
        return [_would_be(one) for one in previews(session, keeper, mails, SystemClock().now())]


def _would_be(one: Preview) -> Told:
    state = (
        "known" if one.repeats else "ignored" if one.reason in MACHINE_MADE else "waiting" if one.reason else "taken"
    )
    return Told(one.name, state, one.reason or "", in_beijing(one.received_at), one.consultation)


def _post(settings: Settings, database: Database) -> tuple[Post, MailKeeper]:
    """Raises ConfigurationError."""
    secrets = load_secrets(settings)
    try:
        blobs = blobs_at(settings.files_url, settings.var_dir / "files", settings.files_access)
    except NoSuchPlace as error:
        raise ConfigurationError(str(error)) from None
    sealer = Sealer.of(secrets)
    vault, receipts = Vault(sealer, secrets.index, secrets.index_hash), Receipts(secrets.signing)
    intake = DirectIntake(database, vault, receipts, owes_receipts=settings.sends_mail)
    keeper = MailKeeper(sealer, secrets.index, blobs)
    return Post(database, keeper, intake, Cabinet(blobs, Clamd(settings.clamd) if settings.clamd else None)), keeper
