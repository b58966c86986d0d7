"""Packages for the archive: order one, save it, check one that arrived, and open the contacts in it."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from app.archives import actions, bags, queries
from app.archives.actions import Package
from app.archives.bags import BadBag
from app.archives.retention import Retention
from app.backups import stream
from app.cli.store import me, opened
from app.cli.terminal import complain, print_json, say
from app.config import load_secrets, load_settings
from app.consultations import queries as consultations
from app.departments import queries as departments
from app.exports import ordering
from app.exports import queries as exports
from app.exports.keeping import Keeper, Lost
from app.kit.clock import SystemClock
from app.kit.crypto import Sealer
from app.kit.errors import NotFound
from app.kit.object_blobs import blobs_at
from app.records import queries as records

group = typer.Typer(help="Packages for the archive: order, save, verify, open contacts.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@group.command()
def make(
    slug: Annotated[str, typer.Argument(help="The consultation.")],
    file_number: Annotated[str, typer.Option("--file-number", help="The 档号 that the archivists gave.")],
    retention: Annotated[Retention, typer.Option(help="Keeping period.")] = Retention.PERMANENT,
) -> None:
    """Order the package of a concluded consultation, without contacts; the worker writes and reads it back."""
    with opened() as database, database.writing() as session:
        found = consultations.find(session, slug)
        if found is None:
            raise NotFound("no_such_consultation", slug=slug)
        package = Package(
            consultation_id=found.id,
            file_number=file_number,
            retention=retention,
            unit=departments.names(session)[found.drafting_department_id],
            is_concluded=records.conclusion(session, found.id) is not None,
        )
        archive = actions.order(session, me(), SystemClock().now(), package)
        number = exports.order(session, archive.order_id).number
    say(number)


@group.command()
def save(
    number: Annotated[str, typer.Argument(help="What yanlu archive make printed.")],
    to: Annotated[Path, typer.Option("--to", help="New file.")],
) -> None:
    """Save a package that was ordered on this command line and is written; that it leaves is on record."""
    settings = load_settings()
    secrets = load_secrets(settings)
    blobs = blobs_at(settings.files_url, settings.var_dir / "files", settings.files_access)
    keeper = Keeper(blobs, Sealer(secrets.sealing, secrets.sealing_id))
    with opened(settings) as database:
        with database.writing() as session:
            order = ordering.take(session, me(), SystemClock().now(), exports.by_number(session, number).id)
        with database.reading() as session:
            pieces, sha256 = exports.pieces(session, order.id), queries.of_order(session, order.id).sha256
        with to.open("xb") as file:
            to.chmod(0o600)
            try:
                file.writelines(keeper.content(pieces))
            except Lost as error:
                raise OSError(f"the kept file of {number} is damaged; order it again") from error
    say(f"{sha256}  {to}")


@group.command()
def verify(file: Annotated[Path, typer.Argument(help="A package.")], as_json: Json = False) -> None:
    """Read a package whole and compare every part with its checksum; needs no database. Exit 1 where one differs."""
    with file.open("rb") as package:
        try:
            checked = bags.check(package)
        except BadBag as error:
            complain(f"{file}: {error}")
            raise typer.Exit(1) from error
        package.seek(0)
        sha256 = hashlib.file_digest(package, "sha256").hexdigest()
    if as_json:
        print_json({"whole": True, "sha256": sha256, "parts": checked.parts, "bytes": checked.size, **checked.info})
        return
    say(f"whole: {checked.parts} parts, {checked.size} bytes")
    for name, value in checked.info.items():
        say(f"{name}: {value}")
    say(f"SHA-256 {sha256}")


@group.command()
def contacts(
    sealed: Annotated[Path, typer.Argument(help="contacts.sealed of a package.")],
    key: Annotated[Path, typer.Option("--key", help="File with the archive's private key.")],
    number: Annotated[str, typer.Option("--number", help="Internal-Sender-Identifier of bag-info.txt.")],
    to: Annotated[Path, typer.Option("--to", help="New file for the CSV.")],
) -> None:
    """Open the senders' contacts of a package with the archive's private key."""
    private = stream.read_key(key.read_text(encoding="ascii"))
    with sealed.open("rb") as file, to.open("xb") as plain:
        to.chmod(0o600)
        try:
            plain.writelines(stream.opened(file, private, f"archive|{number}"))
        except stream.Damaged as error:
            to.unlink()
            complain(f"{sealed}: it is damaged, of another package or sealed for another key")
            raise typer.Exit(1) from error
