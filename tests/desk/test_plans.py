"""How the stores read the desk's lists: along an index in its order, never through or sorting a whole table."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.cli.seeding import filling
from app.desk import queries as desk
from app.desk.filters import Filters
from app.desk.views import View
from app.kit.database import Database
from app.kit.paging import Key
from app.permissions import operator
from tests.support.app import SECRETS
from tests.support.journey import World
from tests.support.queues import LATER, reader

HEAVY = (
    View.RECEIVED, View.MINE, View.UNCLAIMED, View.OVERDUE, View.DONE, View.ACCEPTED, View.TO_GATHER, View.FLAGGED,
    View.ALL, View.AWAITING_APPROVAL,
)  # fmt: skip
LARGE = ("submissions", "postings", "submission_clauses", "suggestions")


@contextmanager
def lists_asked(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that look for the rows of a list, with their values."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if "LIMIT" in statement and "ORDER BY" in statement:
            asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _asked(world: World, filters: Filters, at: Key | None) -> list[tuple[str, Any]]:
    with world.database.reading() as session, lists_asked(world.database) as asked:
        for view in HEAVY:
            desk.rows(session, view, filters, at, reader(world, LATER))
            desk.rows(session, view, filters, None, reader(world, LATER), before=at)
    assert len(asked) >= len(HEAVY)
    return asked


@pytest.fixture
def filled(world: World) -> World:
    for _ in filling.fill(world.database, SECRETS, operator("tests"), LATER, 120, search=False):
        pass
    return world


def test_no_list_scans_or_sorts_a_large_table(filled: World) -> None:
    at = Key(LATER, filled.clauses[0].id)
    with filled.database.reading() as session:
        everywhere = desk.rows(session, View.RECEIVED, Filters(), None, reader(filled, LATER)).items[0]
    for filters in (Filters(), Filters(consultation=everywhere.consultation_id)):
        for statement, parameters in _asked(filled, filters, at):
            plan = _plan(filled.database, statement, parameters)
            if filled.database.engine.dialect.name == "sqlite":
                _refuse_in_sqlite(statement, plan)
            else:
                _refuse_in_postgresql(statement, plan)


def _plan(database: Database, statement: str, parameters: Any) -> list[str]:
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return [row[3] for row in rows]
        # What PostgreSQL does with many rows: with few it finds reading all of them cheaper.
        connection.exec_driver_sql("SET enable_seqscan = off")
        connection.exec_driver_sql("SET enable_bitmapscan = off")
        return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]


def _refuse_in_sqlite(statement: str, plan: list[str]) -> None:
    assert not any(line == f"SCAN {table}" for table in LARGE for line in plan), (statement, plan)
    assert sum("USE TEMP B-TREE FOR ORDER BY" in line for line in plan) <= _sorts(statement), (statement, plan)


def _refuse_in_postgresql(statement: str, plan: list[str]) -> None:
    assert not any(f"Seq Scan on {table}" in line for table in LARGE for line in plan), (statement, plan)
    assert sum("Sort  (" in line for line in plan) <= _sorts(statement), (statement, plan)


def _sorts(statement: str) -> int:
    """What is already cut to a stretch of bounded length, or to a page of each of several sources, may be sorted."""
    return statement.count("(SELECT")
