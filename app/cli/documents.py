"""Reading drafts, and comparing two versions of one."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.files import read_text
from app.cli.terminal import print_json, print_table, say
from app.departments.directory import Directory, load_seed
from app.documents import comparison, extraction
from app.documents.extraction import Extraction, extract

group = typer.Typer(help="Drafts: read one into clauses and departments, compare two versions.", no_args_is_help=True)


@group.command("extract")
def extract_file(
    file: Annotated[
        Path, typer.Argument(help="A draft or a saved page: .txt .md .html .docx .pdf, and .doc .wps with LibreOffice.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    pretty: Annotated[bool, typer.Option("--pretty", help="Indent the JSON object.")] = False,
) -> None:
    """Read a draft's clauses and who is responsible for each; needs no database."""
    found = extract(read_text(file), Directory(load_seed()))
    if as_json or pretty:
        print_json(extraction.to_json(found), pretty=pretty)
    else:
        _print_for_people(found)


@group.command("compare")
def compare_files(
    draft: Annotated[Path, typer.Argument(help="The earlier version.")],
    final: Annotated[Path, typer.Argument(help="The later version.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    pretty: Annotated[bool, typer.Option("--pretty", help="Indent the JSON object.")] = False,
) -> None:
    """Tell what became of each clause from one version to the other; needs no database."""
    directory = Directory(load_seed())
    earlier, later = (extract(read_text(file), directory) for file in (draft, final))
    found = comparison.compare(earlier, later, directory.successor_ids)
    if as_json or pretty:
        print_json(comparison.to_json(found), pretty=pretty)
        return
    print_table(
        ("draft", "final", "relation", "heading", "units added", "units removed"),
        [_compared(row) for row in found.clauses],
        empty="no clauses were found",
    )


def _compared(row: comparison.ClauseComparison) -> tuple[str, ...]:
    return (
        row.draft.label if row.draft else "",
        row.final.label if row.final else "",
        row.relation.value,
        "changed" if row.heading_changed else "",
        ", ".join(row.unit_changes.added),
        ", ".join(row.unit_changes.removed),
    )


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
