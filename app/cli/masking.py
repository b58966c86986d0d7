"""Personal data in comments covered up on the command line."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.files import read_batch
from app.cli.terminal import complain, print_json
from app.masking.anonymise import Masked
from app.masking.anonymise import anonymise as mask


def anonymise(
    keep: Annotated[
        list[str] | None, typer.Option("--keep", help="What must stay, such as an office's telephone; repeatable.")
    ] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help='Many texts: a file with one {"id", "text"} a line; always JSON.')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with the places found.")] = False,
) -> None:
    """Cover personal data in a text from standard input, or in many; needs no database."""
    kept = keep or []
    if batch is not None:
        for identifier, text in list(read_batch(batch, identifiers=(object,))):
            print_json({"id": identifier, **_to_json(mask(text, kept))})
        return
    masked = mask(_standard_input(), kept)
    if as_json:
        print_json(_to_json(masked))
    else:
        typer.echo(masked.text.encode(), nl=False)


def _to_json(masked: Masked) -> dict[str, Any]:
    """Places are code points of the input, line ends and a byte order mark included; the end is exclusive."""
    spans = [{"type": span.kind, "start": span.start, "end": span.end} for span in masked.spans]
    return {"text": masked.text, "spans": spans}


def _standard_input() -> str:
    """The text exactly as it came: no line end is turned into another, which would move every place behind it."""
    if sys.stdin.isatty():
        complain("reading the text from the terminal until it ends")
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise typer.TyperException(f"standard input is no UTF-8 (byte {error.start})") from error
