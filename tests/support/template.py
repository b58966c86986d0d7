"""An empty migrated store, made once and copied for every test."""

import sqlite3
from pathlib import Path


def migrate(url: str) -> None:
    """Brings the store to the newest revision by the service's own migrations."""
    from app.kit.migrations import upgrade

    upgrade(url)


def sqlite_template(path: Path) -> Path:
    """A migrated SQLite database in one file, nothing of it left in the write-ahead log."""
    migrate(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path
