"""`yanlu seed`: a store with as many submissions as one wants to see the desk with."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from app.cli.seeding import opening
from app.cli.seeding.loading import Row, load
from app.cli.seeding.rows import COLUMNS, Maker, Tables
from app.cli.store import me, opened
from app.cli.terminal import say
from app.config import ConfigurationError, Environment, Secrets, load_secrets, load_settings
from app.counters import ledger
from app.desk.mending import take_time
from app.kit.clock import SystemClock
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.submissions import search_index
from app.submissions.models import Submission
from app.submissions.receipts import Receipts
from app.submissions.vault import Vault

BATCH = 5_000
FOLDED = 200_000


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
    with opened(settings) as database, _progress() as progress:
        for tables in _made(database, load_secrets(settings), submissions, start, progress):
            _store(database, tables, search=search)
        _fold(database, progress)
    say(f"{submissions} submissions were added")


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True))


def _made(database: Database, secrets: Secrets, total: int, start: int, progress: Progress) -> Iterator[Tables]:
    now = SystemClock().now()
    with database.writing() as session:
        places = opening.places(session, me(), now)
        people = opening.reviewers(session, me(), now)
    vault = Vault(Sealer(secrets.sealing, secrets.sealing_id), secrets.index)
    maker = Maker(places, people, vault, Receipts(secrets.signing), start)
    task = progress.add_task("submissions", total=total)
    for tables in maker.batches(places[0].opens_at + timedelta(minutes=1), now, total, BATCH):
        yield tables
        progress.advance(task, len(tables["submissions"]))


def _store(database: Database, tables: Tables, *, search: bool) -> None:
    with database.writing() as session:
        take_time(session)
        for table, columns in COLUMNS.items():
            if tables[table]:
                load(session, table, columns, tables[table])
        if search:
            search_index.add(session, [_findable(row) for row in tables["submissions"]])


def _findable(row: Row) -> Submission:
    values = dict(zip(COLUMNS["submissions"], row, strict=True))
    return Submission(**{name: values[name] for name in ("id", "consultation_id", "title", "comment")})


def _fold(database: Database, progress: Progress) -> None:
    with database.reading() as session:
        task = progress.add_task("counts", total=ledger.waiting(session))
    while True:
        with database.writing() as session:
            take_time(session)
            folded = ledger.fold(session, FOLDED)
        progress.advance(task, folded)
        if folded < FOLDED:
            return
