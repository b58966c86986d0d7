"""Opening the store for one command."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

import app.tables  # noqa: F401  # a foreign key is resolved only when every model is known
from app.config import ConfigurationError, Settings, load_settings
from app.kit import migrations
from app.kit.database import Database
from app.permissions import Actor, operator


def me() -> Actor:
    """Whoever runs the command, by the name of the system's account."""
    try:
        return operator(getpass.getuser())
    except (KeyError, OSError):
        return operator(f"uid-{os.getuid()}")


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Database]:
    """The store that the settings name. Raises ConfigurationError unless this version works with its revision."""
    settings = settings or load_settings()
    require_migrated(settings)
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close()


def require_migrated(settings: Settings) -> None:
    """Raises ConfigurationError, with the mend, for a store that is missing, empty, behind or too far ahead."""
    path = sqlite_file(settings)
    if path is not None and not path.exists():
        raise ConfigurationError(f"there is no database at {path}; run: yanlu migrate")
    if not migrations.serves(settings.database_url):
        revision = migrations.current(settings.database_url)
        raise ConfigurationError(
            f"the database is at revision {revision or 'none'}, this version needs {migrations.head()}; "
            "run: yanlu migrate"
        )


def sqlite_file(settings: Settings) -> Path | None:
    """The database's file; None for a server."""
    url = make_url(settings.database_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def make_var_dir(settings: Settings) -> None:
    """The folder of everything that the service writes on this machine; nobody else may look into it."""
    settings.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
