"""Reading drafts."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.files import read_text
from app.cli.terminal import print_json, print_table, say
from app.departments.directory import Directory, load_seed
from app.documents.extraction import Extraction, extract, to_json

group = typer.Typer(help="Drafts: read one into clauses and responsible departments.", no_args_is_help=True)


@group.command("extract")
def extract_file(
    file: Annotated[Path, typer.Argument(help="A draft or a saved page: .txt, .md or .html.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    pretty: Annotated[bool, typer.Option("--pretty", help="Indent the JSON object.")] = False,
) -> None:
    """Read a draft's clauses and who is responsible for each; needs no database."""
    found = extract(read_text(file), Directory(load_seed()))
    if as_json or pretty:
        print_json(to_json(found), pretty=pretty)
    else:
        _print_for_people(found)


def _print_for_people(found: Extraction) -> None:
    say(f"{found.title or 'no title'} ({found.issuer or 'no issuer'})")
    print_table(
        ("clause", "heading", "units"),
        [
            (clause.label, clause.heading or "", ", ".join(unit.name for unit in clause.units))
            for clause in found.clauses
        ],
        empty="no clauses were found",
    )
    for doubt in found.doubts:
        say(f"doubt: {doubt.where}: {doubt.what} {doubt.suggestion}".rstrip())
