"""The counts and lists that the store keeps: whether they are right, and making them so."""

import typer
from rich.console import Console

from app.cli.store import opened
from app.cli.terminal import print_table, say
from app.counters import ledger
from app.desk import mending
from app.kit.database import Database

group = typer.Typer(help="Check and put right the lists and counts that the desk shows.", no_args_is_help=True)


@group.command()
def check() -> None:
    """Count everything anew and compare; exit 1 where something differs. The service may go on running."""
    with opened() as database:
        found = _differences(database)
        with database.reading() as session:
            waiting = ledger.waiting(session)
    print_table(["name", "scope", "value", "state", "difference"], found, f"right; {waiting} changes wait to be folded")
    if found:
        raise typer.Exit(1)


@group.command()
def rebuild() -> None:
    """Put wrong lists and counts right. The service may go on running: nothing that happens meanwhile is lost."""
    with opened() as database, Console(stderr=True).status("counting"):
        with database.writing() as session:
            mending.take_time(session)
            mending.mend_lists(session)
        with database.reading() as session:
            mending.take_time(session)
            wrong = mending.count_differences(session)
        with database.writing() as session:
            ledger.correct(session, wrong)
        while _fold(database):
            pass
    say(f"{len(wrong)} counts were put right")


def _fold(database: Database) -> int:
    with database.writing() as session:
        return ledger.fold(session)


def _differences(database: Database) -> list[list[str]]:
    with database.reading() as session:
        mending.take_time(session)
        lists = mending.list_differences(session)
        counts = mending.count_differences(session)
    rows = [[f"list {name}", "", "", "missing", str(found.missing)] for name, found in lists.items()]
    rows += [[f"list {name}", "", "", "surplus", str(found.surplus)] for name, found in lists.items()]
    return rows + [[*cell, f"{n:+}"] for cell, n in counts.items()]
