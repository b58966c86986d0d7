"""`yanlu seed`: a store with as many submissions as one wants to see the desk with."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from app.cli.seeding import filling
from app.cli.store import me, opened
from app.cli.terminal import say
from app.config import ConfigurationError, Environment, load_secrets, load_settings
from app.counters import ledger
from app.kit.clock import SystemClock


def seed(
    submissions: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many submissions to add.")] = 10_000,
    search: Annotated[bool, typer.Option("--search/--no-search", help="Make them findable by their words.")] = True,
    start: Annotated[int, typer.Option(help="Another number gives other words and fates.")] = 1,
    really: Annotated[
        bool, typer.Option("--even-in-production", help="Add invented submissions to a production store.")
    ] = False,
) -> None:
    """Add invented submissions to invented consultations, to try the desk with as many as one expects."""
    settings = load_settings()
    if settings.environment is Environment.PRODUCTION and not really:
        raise ConfigurationError(
            "invented submissions are refused with YANLU_ENVIRONMENT=production; --even-in-production adds them"
        )
    secrets, now = load_secrets(settings), SystemClock().now()
    with opened(settings) as database, _progress() as progress:
        task = progress.add_task("submissions", total=submissions)
        for stored in filling.fill(database, secrets, me(), now, submissions, start=start, search=search):
            progress.advance(task, stored)
        with database.reading() as session:
            task = progress.add_task("counts", total=ledger.waiting(session))
        for folded in filling.fold(database):
            progress.advance(task, folded)
    say(f"{submissions} submissions were added")


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True))
