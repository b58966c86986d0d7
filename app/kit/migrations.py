"""Schema versions: the same Alembic scripts on both stores.

A store may be newer than the program, while several of them are brought to a new version one after another: its
migrations leave a mark that says which is the oldest program that works with it (docs/migrations.md).
"""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, delete, insert, inspect, select

from app.kit.database import changing, make_engine
from app.kit.schema_marks import SchemaMark

SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"
EXPANDING_FROM = "0046"
"""The revision after which every migration only expands, unless it says otherwise (`OLDEST_PROGRAM`)."""
OLDEST_PROGRAM = "oldest_program"


def configuration(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Brings the store to a revision; does nothing when it is there already."""
    command.upgrade(configuration(url), revision)
    _mark(url)


def downgrade(url: str, revision: str = "base") -> None:
    command.downgrade(configuration(url), revision)
    _mark(url)


@cache
def head() -> str:
    """The newest revision that this code knows, as it stood when it was first asked for: the scripts of a newer
    program, laid in their place while this one still runs, are none of its own."""
    revision = ScriptDirectory.from_config(configuration("")).get_current_head()
    assert revision is not None
    return revision


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
    history = _history(revision)
    scripts = ScriptDirectory.from_config(configuration(""))
    said = [getattr(scripts.get_revision(known).module, "OLDEST_PROGRAM", EXPANDING_FROM) for known in history]
    return max([EXPANDING_FROM, *said], key=lambda name: history.index(name) if name in history else -1)


def _history(revision: str) -> list[str]:
    """From the first revision up to that one."""
    scripts = ScriptDirectory.from_config(configuration(""))
    return [script.revision for script in scripts.iterate_revisions(revision, "base")][::-1]


def _read(url: str) -> tuple[str | None, str | None]:
    """The store's revision, and the mark of the oldest program where it bears one."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
            return revision, None if revision in (None, head()) else _oldest(connection)
    finally:
        engine.dispose()


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
        revision = MigrationContext.configure(connection).get_current_revision()
        has_room = inspect(connection).has_table(SchemaMark.__tablename__)
        if revision is None or not has_room or _oldest(connection) == oldest_program(revision):
            return
    with changing(engine) as connection:
        connection.execute(delete(SchemaMark).where(SchemaMark.name == OLDEST_PROGRAM))
        connection.execute(insert(SchemaMark).values(name=OLDEST_PROGRAM, value=oldest_program(revision)))
