"""A row's values as JSON has them, and back as its columns hold them."""

import uuid
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Enum, LargeBinary, Table, Uuid

from app.bundles.file_format import Record
from app.kit.database import Instant
from app.transparency.commitments import canonical, instant


def plain(value: Any) -> Any:
    """Bytes in base64, instants by RFC 3339, ids and enums as words; what JSON holds stays as it is."""
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, uuid.UUID) else value


def plain_row(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """By the columns' names in the store; a model's attributes may have others."""
    return {name: plain(value) for name, value in values.items() if name in table.c}


_READ: Sequence[tuple[type[Any], Callable[[str], Any]]] = (
    (Instant, datetime.fromisoformat),
    (Date, date.fromisoformat),
    (Uuid, uuid.UUID),
    (LargeBinary, b64decode),
)


def valued(column: Column[Any], value: Any) -> Any:
    """Raises ValueError, TypeError for what the column can't hold."""
    if value is None:
        return None
    kind = column.type
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    read = next((read for of, read in _READ if isinstance(kind, of)), None)
    return read(value) if read else value


def valued_row(table: Table, row: Record) -> dict[str, Any]:
    """Raises KeyError for a column that isn't there, and what `valued` raises."""
    return {name: valued(table.c[name], value) for name, value in row.items()}


def key_text(key: Sequence[Any]) -> str:
    """The key of a record in one word, the same on both sides."""
    return canonical([plain(part) for part in key]).decode()
