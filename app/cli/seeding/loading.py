"""Putting many rows into a table at once, by whatever the store is quickest with."""

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

Row = tuple[Any, ...]


def load(session: Session, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """All or none, with the session's transaction. The store's triggers and constraints hold as ever."""
    connection: Any = session.connection().connection.driver_connection
    names = ", ".join(columns)
    if session.get_bind().dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        spelt = (tuple(map(_for_sqlite, row)) for row in rows)
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", spelt)  # noqa: S608 - names of ours
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(tuple(map(_for_postgresql, row)))


_SQLITE: dict[type, Callable[[Any], Any]] = {
    uuid.UUID: lambda value: value.hex,
    datetime: lambda value: value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
    list: lambda value: json.dumps(value, ensure_ascii=False),
}


def _for_sqlite(value: Any) -> Any:
    """As SQLAlchemy's own types write it."""
    if isinstance(value, StrEnum):
        return value.value
    spell = _SQLITE.get(type(value))
    return spell(value) if spell else value


def _for_postgresql(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
