"""All that a store holds, for showing that a refusal changed nothing."""

from collections.abc import Iterator
from typing import Any

from app.kit.database import Database
from app.tables import metadata

Dump = dict[str, list[dict[str, Any]]]


def dump(database: Database) -> Dump:
    """Table → its rows, in the order of their primary keys; every column of every table."""
    with database.reading() as session:
        return {
            table.name: [
                dict(row._mapping) for row in session.execute(table.select().order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }


def values(kept: Dump) -> Iterator[tuple[str, bytes]]:
    """`table.column` and the bytes of each value, text as UTF-8."""
    for table, rows in kept.items():
        for row in rows:
            for column, value in row.items():
                yield f"{table}.{column}", value if isinstance(value, bytes) else str(value).encode()
