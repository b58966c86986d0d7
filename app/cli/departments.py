"""The directory of responsible units."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.files import read_table_file
from app.cli.store import me, opened
from app.cli.terminal import print_json, print_table, say
from app.cli.words import sentence
from app.departments import actions, queries
from app.departments.directory import load_seed
from app.departments.importing import Outcome, Plan, PlannedRow, plan
from app.departments.tabular import read_table, write_table
from app.kit.clock import SystemClock

group = typer.Typer(help="The directory of responsible units: seed, list, export, import.", no_args_is_help=True)


@group.command()
def seed() -> None:
    """Add the reviewed departments that ship with the project; those already there are left alone."""
    with opened() as database, database.writing() as session:
        added = actions.add_departments(session, me(), SystemClock().now(), load_seed())
    say(f"{added} departments added")


@group.command("list")
def list_departments(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List all departments with their ids."""
    with opened() as database, database.reading() as session:
        entries = queries.directory(session).entries
    if as_json:
        print_json(
            {
                "departments": [
                    {
                        "id": entry.id,
                        "name": entry.name,
                        "aliases": list(entry.aliases),
                        "level": entry.level,
                        "state": entry.state,
                    }
                    for entry in entries
                ]
            }
        )
        return
    print_table(
        ("id", "name", "level", "state"),
        [(entry.id, entry.name, entry.level, entry.state) for entry in entries],
        empty="the directory is empty; yanlu departments seed fills it",
    )


@group.command("export")
def export_departments(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; default: standard output.")] = None,
) -> None:
    """Write the whole directory as a CSV table that `import` takes, and that a spreadsheet opens."""
    with opened() as database, database.reading() as session:
        table = write_table(queries.entries(session))
    if file is None:
        typer.echo(table.encode(), nl=False)
        return
    # Spreadsheets take a file without the mark for one in the system's old encoding.
    file.write_text(table, encoding="utf-8-sig", newline="")
    say(f"{file}: {table.count(chr(10)) - 1} departments")


@group.command("import")
def import_departments(
    file: Annotated[Path, typer.Argument(help="A CSV table in UTF-8 or GB18030, with the columns that export writes.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")] = False,
) -> None:
    """Add and change departments; those without a row stay. If any row is refused, nothing is changed."""
    rows = read_table(read_table_file(file))
    with opened() as database:
        with database.reading() as session:
            planned = plan(queries.entries(session), rows)
        _tell(planned)
        if dry_run and not planned.of(Outcome.REFUSED):
            return
        with database.writing() as session:
            actions.import_rows(session, me(), SystemClock().now(), rows)


def _tell(planned: Plan) -> None:
    told = [row for row in planned.rows if row.outcome is not Outcome.UNCHANGED]
    print_table(
        ("line", "id", "what", "why or how"),
        [(str(row.row.line), row.row.id, row.outcome.value, _why_or_how(row)) for row in told],
        empty="nothing differs",
    )
    say(", ".join(f"{len(planned.of(outcome))} {outcome.value}" for outcome in Outcome))


def _why_or_how(row: PlannedRow) -> str:
    if row.problem is not None:
        return sentence(row.problem)
    return "; ".join(map(str, row.changes)) or row.row.name
