"""The transparency log: print its head, prove that it is whole, prove that a receipt stands in it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.store import opened
from app.cli.terminal import complain, print_json, say
from app.config import load_secrets, load_settings
from app.kit.signing import Signer
from app.submissions import queries as submissions
from app.submissions.receipt_file import receipt_file
from app.submissions.receipts import read_number
from app.transparency import heads, verifying
from app.transparency.heads import SignedHead
from app.transparency.keys import signer_of, trusted

group = typer.Typer(
    help="The transparency log: print its signed head, verify all of it, prove a receipt.", no_args_is_help=True
)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@group.command()
def head() -> None:
    """Print the newest signed head, as one line of JSON, to be kept elsewhere."""
    signer = _signer()
    with opened() as database, database.reading() as session:
        newest = heads.newest(session, signer)
    if newest is None:
        complain("the log has no leaf yet")
        raise typer.Exit(1)
    say(newest.line())


@group.command()
def verify(
    kept: Annotated[
        Path | None, typer.Option("--heads", help="File of heads that was kept elsewhere; shows a rewritten log.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Hash the whole log anew; exit 1 and name what doesn't hold."""
    given = _heads(kept) if kept else []
    keys = trusted(_signer(), load_settings().earlier_signature_keys)
    with opened() as database, database.reading() as session:
        report = verifying.verify(session, given, keys)
    if as_json:
        print_json(vars(report) | {"faults": list(report.faults)})
    elif not report.faults:
        say(f"whole: {report.leaves} leaves, {report.entries} entries, {report.waiting} wait, {len(given)} heads fit")
    for fault in report.faults:
        complain(fault)
    if report.faults:
        raise typer.Exit(1)


@group.command()
def prove(number: Annotated[str, typer.Argument(help="Receipt number.")]) -> None:
    """Print the receipt file of a submission; it holds the text of the comment."""
    signer = _signer()
    with opened() as database, database.reading() as session:
        found = submissions.by_number(session, read_number(number))
        made = receipt_file(session, signer, found) if found else None
    if made is None or made.content is None:
        complain(f"no file: {made.why_not.value if made and made.why_not else 'no such receipt'}")
        raise typer.Exit(1)
    say(json.dumps(made.content, ensure_ascii=False, indent=1))


def _signer() -> Signer:
    settings = load_settings()
    return signer_of(settings.signature_seed, load_secrets(settings).signing)


def _heads(path: Path) -> list[SignedHead]:
    with path.open(encoding="utf-8") as lines:
        try:
            return heads.read(lines)
        except heads.BadHeads as error:
            raise typer.BadParameter(f"{path}: {error}", param_hint="--heads") from error
