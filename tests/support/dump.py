"""All that a store holds, for showing that a refusal changed nothing."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, text

from app.kit.database import Database
from app.tables import metadata

Dump = dict[str, list[dict[str, Any]]]
WHICH_HOLD_ROWS = " UNION ALL ".join(
    f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM {table.name})" for table in metadata.sorted_tables
)
"""Most tables are empty in most tests: one question instead of one for each."""


def dump(database: Database) -> Dump:
    """Table → its rows, in the order of their primary keys; every column of every table."""
    with database.reading() as session:
        filled = set(session.scalars(text(WHICH_HOLD_ROWS)))
        return {
            table.name: [dict(row._mapping) for row in session.execute(_in_order(table))]
            if table.name in filled
            else []
            for table in metadata.sorted_tables
        }


@cache
def _in_order(table: Table) -> Select[Any]:
    return table.select().order_by(*table.primary_key.columns)


def values(kept: Dump) -> Iterator[tuple[str, bytes]]:
    """`table.column` and the bytes of each value, text as UTF-8."""
    for table, rows in kept.items():
        for row in rows:
            for column, value in row.items():
                yield f"{table}.{column}", value if isinstance(value, bytes) else str(value).encode()
