"""Which tables a question reads from one end to the other, by the store's own account of its plan."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from app.kit.database import Database

Said = tuple[str, Any]
"""A statement as the driver gets it, and its parameters."""
_NUMBERED = re.compile(r"_\d+$")


def scanned(database: Database, ask: Callable[[], object], least: int) -> list[str]:
    """The tables of `least` rows or more that the question's SELECTs scan without an index that leads to the rows.

    An index that is read in order until a LIMIT is reached is no scan. Raises whatever the question raises.
    """
    with _listening(database) as said:
        ask()
    with database.engine.connect() as connection:
        large = _large(connection, least)
        found = {table for statement in said for table in _scans(connection, statement)}
    return sorted(found & large)


@contextmanager
def _listening(database: Database) -> Iterator[list[Said]]:
    said: list[Said] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not many and statement.lstrip().upper().startswith(("SELECT", "WITH")):
            said.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)


def _large(connection: Connection, least: int) -> set[str]:
    if connection.dialect.name == "postgresql":
        asked = "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %(least)s"
        return {str(row[0]) for row in connection.exec_driver_sql(asked, {"least": least})}
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
    )
    return {name for (name,) in names.all() if _has(connection, name, least)}


def _has(connection: Connection, table: str, least: int) -> bool:
    asked = f"SELECT 1 FROM {table} LIMIT 1 OFFSET {least - 1}"  # noqa: S608 - a name of the store's own
    return connection.exec_driver_sql(asked).first() is not None


def _scans(connection: Connection, said: Said) -> Iterator[str]:
    statement, parameters = said
    if connection.dialect.name == "postgresql":
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters or None).scalar_one()
        yield from postgresql_scans(plan if isinstance(plan, list) else json.loads(plan))
        return
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters or ())
    yield from sqlite_scans([str(row[-1]) for row in rows], bounded="LIMIT" in statement.upper())


def sqlite_scans(details: list[str], *, bounded: bool) -> Iterator[str]:
    """Tables or names given to them that are scanned; an index in order counts unless the question has a LIMIT."""
    for detail in details:
        if not detail.startswith("SCAN ") or (bounded and " INDEX " in detail):
            continue
        yield _NUMBERED.sub("", detail.split()[1])


def postgresql_scans(plans: list[dict[str, Any]]) -> Iterator[str]:
    """Tables of every sequential scan of the plan."""
    for one in plans:
        node = one.get("Plan", one)
        if node["Node Type"] == "Seq Scan":
            yield node["Relation Name"]
        yield from postgresql_scans(node.get("Plans", []))
