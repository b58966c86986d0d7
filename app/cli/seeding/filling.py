"""Storing what `rows` makes, and bringing the counts up to it."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from app.cli.seeding import opening
from app.cli.seeding.loading import Row, load
from app.cli.seeding.rows import COLUMNS, Maker, Tables
from app.config import Secrets
from app.counters import ledger
from app.desk.mending import take_time
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.permissions import Actor
from app.submissions import search_index
from app.submissions.receipts import Receipts
from app.submissions.vault import Vault

BATCH = 5_000
FOLDED = 200_000


def fill(
    database: Database,
    secrets: Secrets,
    actor: Actor,
    now: datetime,
    total: int,
    *,
    start: int = 1,
    search: bool = True,
) -> Iterator[int]:
    """Adds `total` submissions that came in the days before `now`; after each batch, how many it was.

    Each batch is one transaction: whatever ends this leaves whole submissions and right counts.
    """
    with database.writing() as session:
        places = opening.places(session, actor, now)
        people = opening.reviewers(session, actor, now)
    vault = Vault(Sealer.of(secrets), secrets.index, secrets.index_hash)
    maker = Maker(places, people, vault, Receipts(secrets.signing), start)
    for tables in maker.batches(places[0].opens_at + timedelta(minutes=1), now, total, BATCH):
        _store(database, tables, search=search)
        yield len(tables["submissions"])


def fold(database: Database) -> Iterator[int]:
    """Folds all changes of counts; after each step, how many it was."""
    folded = FOLDED
    while folded == FOLDED:
        with database.writing() as session:
            take_time(session)
            folded = ledger.fold(session, FOLDED)
        yield folded


def _store(database: Database, tables: Tables, *, search: bool) -> None:
    with database.writing() as session:
        take_time(session)
        for table, columns in COLUMNS.items():
            if tables[table]:
                load(session, table, columns, tables[table])
        if search:
            search_index.add(session, [_findable(row) for row in tables["submissions"]])


class _Findable(NamedTuple):
    id: uuid.UUID
    consultation_id: uuid.UUID
    title: str
    comment: str


_FOUND_BY = itemgetter(*map(COLUMNS["submissions"].index, _Findable._fields))


def _findable(row: Row) -> _Findable:
    return _Findable(*_FOUND_BY(row))
