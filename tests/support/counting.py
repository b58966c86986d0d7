"""How many statements a store is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.kit.database import Database


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The SQL of every statement that the block sends to the store, as it is sent; beginning and ending are none."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SET LOCAL statement_timeout")):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
