"""A place for a restore that is only tried: it is gone afterwards."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url, text

from app.backups.refusals import BackupRefused
from app.kit.database import passing_engine

PREFIX = "yanlu_verify_"


@contextmanager
def throw_away(kind: str, within: str | None) -> Iterator[str]:
    """The address of a database that isn't there yet (SQLite), or of a new empty one beside `within` (PostgreSQL)."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="yanlu-verify-") as folder:
            yield f"sqlite:///{Path(folder) / 'restored.sqlite3'}"
        return
    if within is None or make_url(within).get_backend_name() != "postgresql":
        raise BackupRefused("it is a backup of PostgreSQL: name a database with --in postgresql+psycopg://…")
    name = f"{PREFIX}{os.getpid()}_{uuid.uuid4().hex[:8]}"
    engine = passing_engine(within, "AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"))
        try:
            yield make_url(within).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
