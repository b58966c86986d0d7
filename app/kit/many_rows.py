"""Many rows of several tables at once, in as few statements as the store can do with.

A statement has its price whatever is in it: it is written, sent, read and answered. PostgreSQL takes the rows of all
tables in one, as one JSON text for each table, instead of a parameter for each value; SQLite, which lies in the same
process, gets a statement of many rows for each table.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    Select,
    String,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    inspect,
    literal_column,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault
from sqlalchemy.types import TypeEngine

from app.kit.database import Model

FIRST_REVISION = 1
_UNSAID = object()
"""Where nothing was said of a column and it has no default of ours, the statement leaves it out."""


@dataclass(frozen=True)
class Batch:
    """Rows of one table of which the same columns were said."""

    table: Table
    names: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]


def insert_rows(session: Session, rows: Iterable[Model]) -> None:
    """Inserts them all, each with what was said of it and the defaults of its other columns.

    They stay out of the session. Tables are filled in the order in which they come first, so that what others point to
    goes before them. A column of JSON takes None only where it keeps that as NULL. A broken constraint is raised as the
    store's IntegrityError.
    """
    batches = _batches(rows)
    connection = session.connection()
    if not batches:
        return
    if connection.dialect.name == "postgresql":
        statement = _of_all(tuple((batch.table, batch.names) for batch in batches))
        connection.execute(statement, {_rows_of(place): _written(one.rows) for place, one in enumerate(batches)})
        return
    for batch in batches:
        # Asked for what it inserted, the statement holds all rows; else the driver would run it once for each.
        connection.execute(insert(batch.table).returning(*batch.table.primary_key), batch.rows)


def _batches(rows: Iterable[Model]) -> list[Batch]:
    alike: dict[tuple[type[Model], tuple[str, ...]], list[dict[str, Any]]] = {}
    for row in rows:
        values = _values(row)
        alike.setdefault((type(row), tuple(values)), []).append(values)
    return [Batch(_table(model), names, said) for (model, names), said in alike.items()]


def _values(row: Model) -> dict[str, Any]:
    """What was said of its columns, and what the others begin with where the store itself doesn't know that."""
    all_said, values = vars(row), {}
    for name, default, is_made in _beginnings(type(row)):
        if name in all_said:
            values[name] = all_said[name]
        elif default is not _UNSAID:
            values[name] = default(None) if is_made else default
    return values


@lru_cache
def _beginnings(model: type[Model]) -> tuple[tuple[str, Any, bool], ...]:
    """Column, what it begins with, and whether that is to be called for each row; the number of revisions begins here
    too."""
    counted = inspect(model).version_id_col
    return tuple(
        (one.key, FIRST_REVISION, False) if one is counted else (one.key, *_beginning(one.default))
        for one in _table(model).columns
    )


def _beginning(default: object) -> tuple[Any, bool]:
    if isinstance(default, ScalarElementColumnDefault | CallableColumnDefault):
        return default.arg, default.is_callable
    return _UNSAID, False


@lru_cache
def _table(model: type[Model]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _rows_of(place: int) -> str:
    return f"rows_{place}"


@lru_cache
def _of_all(shapes: tuple[tuple[Table, tuple[str, ...]], ...]) -> Select[Any]:
    """One statement that fills all these tables; PostgreSQL looks at keys and runs triggers when all rows are there."""
    filled = [_of_one(table, names, place) for place, (table, names) in enumerate(shapes)]
    return select(literal_column("1")).add_cte(*filled)


def _of_one(table: Table, names: tuple[str, ...], place: int) -> CTE:
    columns = [column(name, _as_read(table.c[name].type)) for name in names]
    text = cast(bindparam(_rows_of(place), type_=Text()), JSON)
    given = func.json_to_recordset(text).table_valued(*columns).render_derived(f"given_{place}", with_types=True)
    # A text that is too long is refused when it comes into the table; read as a short one it would be cut.
    return insert(table).from_select(list(names), select(*given.c), include_defaults=False).cte(f"filled_{place}")


def _as_read(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return Text() if isinstance(kind, String) else kind


def _of_instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a naive datetime is not an instant")
    return value.isoformat()


_TEXTS: Mapping[type, Callable[[Any], str]] = {
    datetime: _of_instant,
    uuid.UUID: lambda value: str(value.hex),
    bytes: lambda value: f"\\x{value.hex()}",
}
"""What JSON has no kind for, as PostgreSQL reads it."""


def _as_text(value: object) -> str:
    """Raises ValueError for a naive instant, TypeError for what no column here holds."""
    as_text = _TEXTS.get(type(value))
    if as_text is None:
        raise TypeError(type(value).__name__)
    return as_text(value)


_written = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_as_text).encode
