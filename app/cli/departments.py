"""The directory of responsible units."""

from typing import Annotated

import typer

from app.cli.store import me, opened
from app.cli.terminal import print_json, print_table, say
from app.departments import actions, queries
from app.departments.directory import load_seed
from app.kit.clock import SystemClock

group = typer.Typer(help="The directory of responsible units: seed, list.", no_args_is_help=True)


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
                    {"id": entry.id, "name": entry.name, "aliases": list(entry.aliases), "level": entry.level}
                    for entry in entries
                ]
            }
        )
        return
    print_table(
        ("id", "name", "level"),
        [(entry.id, entry.name, entry.level) for entry in entries],
        empty="the directory is empty; yanlu departments seed fills it",
    )
