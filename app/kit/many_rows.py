"""Many rows of several tables at once, in as few statements as the store can do with.

A statement has its price whatever is in it: it is written, sent, read and answered. PostgreSQL takes the rows of all
tables in one, as one JSON text for each table, instead of a parameter for each value; SQLite, which lies in the same
process, gets a statement of many rows for each table.
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
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
    alike: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = {}
    for row in rows:
        values = _values(row)
        alike.setdefault((_table(type(row)), tuple(sorted(values))), []).append(values)
    return [Batch(table, names, said) for (table, names), said in alike.items()]


def _values(row: Model) -> dict[str, Any]:
    """What was said of its columns, and what the others begin with where the store itself doesn't know that."""
    names, all_said = _table(type(row)).c.keys(), vars(row)
    said = {name: all_said[name] for name in names if name in all_said}
    for name, default, is_made in _defaults(type(row)):
        if name not in said:
            said[name] = default(None) if is_made else default
    return said


@lru_cache
def _defaults(model: type[Model]) -> tuple[tuple[str, Any, bool], ...]:
    """Column, its default, and whether that is to be called for each row; the number of revisions begins here too."""
    counted = inspect(model).version_id_col
    own = [
        (one.key, one.default.arg, one.default.is_callable)
        for one in _table(model).columns
        if isinstance(one.default, ScalarElementColumnDefault | CallableColumnDefault)
    ]
    return (*own, *([] if counted is None else [(str(counted.key), FIRST_REVISION, False)]))


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


def _written(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_as_text)


def _as_text(value: object) -> str:
    """As PostgreSQL reads it. Raises ValueError for a naive instant, TypeError for what no column here holds."""
    match value:
        case datetime() if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        case datetime():
            return value.isoformat()
        case uuid.UUID():
            return value.hex
        case bytes():
            return f"\\x{value.hex()}"
    raise TypeError(type(value).__name__)
