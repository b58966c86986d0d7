"""The index by which submissions are found."""

import typer
from rich.console import Console
from rich.progress import Progress

from app.cli.store import opened
from app.cli.terminal import say
from app.kit.database import Database
from app.submissions import search_index

BATCH = 2_000

group = typer.Typer(help="The index by which submissions are found.", no_args_is_help=True)


@group.command()
def rebuild() -> None:
    """Empty the index and fill it again; until that is done the desk finds less. May be interrupted and run again."""
    with opened() as database, Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("indexing", total=None)
        with database.writing() as session:
            search_index.forget_all(session)
        while _indexed(database):
            progress.advance(task, BATCH)
        with database.reading() as session:
            done = search_index.count(session)
    say(f"{done} submissions can be found")


def _indexed(database: Database) -> bool:
    """Whether a whole batch was waiting, so that more may be."""
    with database.writing() as session:
        found = search_index.waiting(session, BATCH)
        search_index.add(session, found)
        return len(found) == BATCH
