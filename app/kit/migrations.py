"""Schema versions: the same Alembic scripts on both stores.

A store may be newer than the program, while several of them are brought to a new version one after another: its
migrations leave a mark that says which is the oldest program that works with it (docs/migrations.md).

Alembic is loaded where a schema is changed: whoever only asks whether it serves has eleven MiB less to hold.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, delete, insert, inspect, select, table

from app.kit.database import changing, make_engine
from app.kit.schema_marks import SchemaMark

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"
EXPANDING_FROM = "0046"
"""The revision after which every migration only expands, unless it says otherwise (`OLDEST_PROGRAM`)."""
OLDEST_PROGRAM = "oldest_program"
DIGITS = 4
"""Each script's name begins with its revision, a number of as many digits; they follow one another as counted."""

_versions = table("alembic_version", column("version_num"))


class MigrationRefused(Exception):
    """The words say why, in one sentence."""


def configuration(url: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Brings the store to a revision; does nothing when it is there already. Raises MigrationRefused."""
    _go(url, revision, back=False)


def downgrade(url: str, revision: str = "base") -> None:
    """Brings it back, with the loss of what newer revisions brought. Raises MigrationRefused."""
    _go(url, revision, back=True)


def _go(url: str, revision: str, *, back: bool) -> None:
    from alembic import command
    from alembic.util import CommandError

    try:
        (command.downgrade if back else command.upgrade)(configuration(url), revision)
    except CommandError as error:
        raise MigrationRefused(str(error)) from error
    _mark(url)


@cache
def head() -> str:
    """The newest revision that this code knows, as it stood when it was first asked for: the scripts of a newer
    program, laid in their place while this one still runs, are none of its own."""
    return max(_scripts())


def is_known(revision: str) -> bool:
    """Whether this program has the migration that leads there."""
    return revision in _history(head())


def current(url: str) -> str | None:
    """The revision that the store is at; None for an empty store."""
    return _read(url)[0]


def serves(url: str) -> bool:
    """Whether this program works with the store: at its own revision, or at a newer one that only added to it."""
    revision, oldest = _read(url)
    if revision == head():
        return True
    return revision is not None and not is_known(revision) and oldest is not None and is_known(oldest)


def oldest_program(revision: str) -> str:
    """The revision of the oldest program that works with a store at that revision."""
    from alembic.script import ScriptDirectory

    history = _history(revision)
    scripts = ScriptDirectory.from_config(configuration(""))
    said = [getattr(scripts.get_revision(known).module, "OLDEST_PROGRAM", EXPANDING_FROM) for known in history]
    return max([EXPANDING_FROM, *said], key=lambda name: history.index(name) if name in history else -1)


def _history(revision: str) -> list[str]:
    """From the first revision up to that one."""
    return [known for known in _scripts() if known <= revision]


def _scripts() -> list[str]:
    return sorted(path.name[:DIGITS] for path in (SCRIPTS / "versions").glob(f"{'[0-9]' * DIGITS}_*.py"))


def _read(url: str) -> tuple[str | None, str | None]:
    """The store's revision, and the mark of the oldest program where it bears one."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            revision = _revision(connection)
            return revision, None if revision in (None, head()) else _oldest(connection)
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    """Where Alembic has noted that the store is."""
    if not inspect(connection).has_table(_versions.name):
        return None
    return connection.scalar(select(_versions.c.version_num))


def _oldest(connection: Connection) -> str | None:
    if not inspect(connection).has_table(SchemaMark.__tablename__):
        return None
    return connection.scalar(select(SchemaMark.value).where(SchemaMark.name == OLDEST_PROGRAM))


def _mark(url: str) -> None:
    """Leaves word for older programs, where the store has room for it."""
    engine = make_engine(url)
    try:
        _leave_mark(engine)
    finally:
        engine.dispose()


def _leave_mark(engine: Engine) -> None:
    with engine.connect() as connection:
        revision = _revision(connection)
        has_room = inspect(connection).has_table(SchemaMark.__tablename__)
        if revision is None or not has_room or _oldest(connection) == oldest_program(revision):
            return
    with changing(engine) as connection:
        connection.execute(delete(SchemaMark).where(SchemaMark.name == OLDEST_PROGRAM))
        connection.execute(insert(SchemaMark).values(name=OLDEST_PROGRAM, value=oldest_program(revision)))
