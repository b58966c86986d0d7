"""The audit log: prove it, export it, print its head, move its oldest part into files."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from sqlalchemy.orm import Session

from app import audit
from app.audit import archiving, heads, sealing, verifying
from app.audit.canonical import line
from app.audit.heads import KeptHead
from app.audit.models import AuditSegment
from app.audit.verifying import Break, Fault, Report
from app.cli.store import me, opened
from app.cli.terminal import complain, print_json, say
from app.config import load_settings
from app.exports import ledger as exports
from app.kit.clock import SystemClock
from app.kit.signing import Signer

group = typer.Typer(
    help="The audit log: verify its chain, export it, print its head, archive its oldest part.", no_args_is_help=True
)

WORDS = {
    Fault.DELETED: "an entry is missing",
    Fault.ALTERED: "an entry is not the one that was sealed",
    Fault.REORDERED: "an entry stands in another's place",
    Fault.INSERTED: "an entry was put in that was never sealed here",
    Fault.CUT: "the end was cut off: a head tells of more entries",
    Fault.REWRITTEN: "the chain was sealed anew: its seal differs from a head",
    Fault.FORGED_HEAD: "a head is not signed by this key",
}
LONGEST_MONTH = timedelta(days=31)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@group.command()
def verify(
    kept: Annotated[
        Path | None, typer.Option("--heads", help="File of heads that was kept elsewhere; shows a cut end.")
    ] = None,
    public_key: Annotated[
        list[str] | None,
        typer.Option(help="Base64 key that must have signed every head; again for each that was used before."),
    ] = None,
    archive: Annotated[Path | None, typer.Option(help="Folder of archived segments, to be hashed anew, too.")] = None,
    as_json: Json = False,
) -> None:
    """Hash the whole chain anew; exit 1 and name the first broken place where it doesn't hold."""
    given = _heads(kept) if kept else []
    with opened() as database, database.reading() as session:
        broken = archiving.verify_files(session, archive) if archive else None
        report = verifying.verify(session, given, tuple(public_key or ()))
    broken = broken or report.fault
    if as_json:
        print_json(_as_json(report, broken))
    elif broken is None:
        _tell(report, archive is not None)
    if broken is not None:
        complain(f"the chain is broken{_at(broken)}: {WORDS[broken.fault]}")
        raise typer.Exit(1)


@group.command()
def export(
    to: Annotated[Path | None, typer.Option("--to", help="File to write; else standard output.")] = None,
) -> None:
    """Write all entries that are not archived, one JSON object a line, with position and seal."""
    with opened() as database:
        with database.writing() as session:
            exports.note(session, me(), SystemClock().now(), "audit", verifying.number_of_entries(session))
        with database.reading() as session, _output(to) as file:
            _write(session, file)


@group.command()
def head(as_json: Json = False) -> None:
    """Print the newest seal, to be kept elsewhere: it covers every entry before it."""
    settings = load_settings()
    signer = Signer(settings.signature_seed) if settings.signature_seed else None
    with opened(settings) as database, database.reading() as session:
        newest = heads.kept(sealing.head(session), signer)
    if as_json:
        print_json({"head": vars(newest), "public_key": signer.public if signer else None})
        return
    say(newest.line())


@group.command()
def archive(
    folder: Annotated[Path, typer.Argument(help="Folder for the files; keep them apart from the database.")],
) -> None:
    """Move sealed entries older than YANLU_AUDIT_KEPT_MONTHS into checksummed files, a whole segment at a time."""
    settings, moved = load_settings(), 0
    with opened(settings) as database:
        now = SystemClock().now()
        before = now - LONGEST_MONTH * settings.audit_kept_months
        while True:
            with database.reading() as session:
                segment = _segment(session, before, folder)
            if segment is None:
                break
            with database.writing() as session:
                archiving.let_go(session, segment, now)
                audit.record(
                    session,
                    me(),
                    now,
                    "audit.archived",
                    ("audit_segment", segment.first),
                    last=segment.last,
                    sha256=segment.sha256,
                )
            moved += 1
            say(f"{segment.file_name}  sha256 {segment.sha256}")
    say(f"{moved} segments moved; entries sealed since {before:%Y-%m-%d} stay")


def _segment(session: Session, before: datetime, folder: Path) -> AuditSegment | None:
    try:
        return archiving.write_segment(session, before, folder)
    except archiving.BrokenChain as error:
        complain(str(error))
        raise typer.Exit(1) from error


def _heads(path: Path) -> list[KeptHead]:
    with path.open(encoding="utf-8") as lines:
        try:
            return heads.read(lines)
        except heads.BadHeads as error:
            raise typer.BadParameter(f"{path}: {error}", param_hint="--heads") from error


def _write(session: Session, file: BinaryIO) -> None:
    for link in verifying.links(session):
        if link.entry:
            file.write(line(link.entry, link.position, link.seal))
    for entry in sealing.unsealed(session):
        file.write(line(entry, None, None))


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with path.open("xb") as file:
        yield file


def _tell(report: Report, with_files: bool) -> None:
    say(f"whole: {report.checked} entries, {report.unsealed} wait for their seal, {report.heads} heads fit")
    if report.archived and not with_files:
        say(f"{report.archived} archived entries were not looked at; --archive names their folder")
    say(f"head {report.head.position} {report.head.seal.hex()}")


def _at(broken: Break) -> str:
    return f" at position {broken.position}" if broken.position else f" at entry {broken.entry_id}"


def _as_json(report: Report, broken: Break | None) -> dict[str, object]:
    return {
        "whole": broken is None,
        "checked": report.checked,
        "archived": report.archived,
        "unsealed": report.unsealed,
        "heads": report.heads,
        "head": {"position": report.head.position, "seal": report.head.seal.hex()},
        "broken": {"fault": broken.fault.value, "position": broken.position, "entry": broken.entry_id}
        if broken
        else None,
    }
