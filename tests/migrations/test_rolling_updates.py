"""While programs are brought to a new version one after another, those of the version before go on serving."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, MetaData, Row, Table, func, insert, select, text

from app.kit import migrations
from app.kit.database import Database, make_engine
from app.kit.migrations import EXPANDING_FROM
from tests.migrations.expanding import problems, revisions, says_that_it_contracts
from tests.support.app import serving
from tests.support.journey import StoppedClock, World, submit

VERSIONS = migrations.SCRIPTS / "versions"
SINCE = revisions(VERSIONS, EXPANDING_FROM)
EXCEPTIONS: dict[str, str] = {}
"""Revision → why it may do what else isn't allowed."""
UNIQUE: dict[str, Callable[[], Any]] = {
    "id": uuid.uuid4,
    "submission_id": uuid.uuid4,
    "token": lambda: uuid.uuid4().hex,
    "receipt_number": lambda: uuid.uuid4().hex[:16],
}
PAUSE = 0.01
"""Seconds between two of its transactions: as many people write as SQLite bears beside a migration."""
READ = ("suggestions", "assignments", "jobs", "deliveries", "staff_sessions", "displayed_comments", "export_orders")
WRITTEN = ("submissions", "submitter_identities", "audit_entries")


@pytest.mark.parametrize("revision", sorted(SINCE))
def test_a_migration_only_expands_or_says_which_programs_it_breaks(revision: str) -> None:
    if not says_that_it_contracts(SINCE[revision]) and revision not in EXCEPTIONS:
        assert problems(SINCE[revision]) == []


@pytest.mark.parametrize(
    ("step", "begins"),
    [
        ('op.drop_column("submissions", "title")', "drop_column"),
        ('op.drop_table("jobs")', "drop_table"),
        ('op.rename_table("jobs", "work")', "rename_table"),
        ('op.alter_column("jobs", "name", nullable=False)', "alter_column"),
        ('op.add_column("jobs", sa.Column("a", sa.Integer(), nullable=False))', "add_column"),
        ('op.create_index("ix_a", "submissions", ["title"])', "create_index"),
        ('op.create_index("ix_a", "walls", ["title"], unique=True)', "create_index"),
        ('op.create_foreign_key("fk_a", "jobs", "work", ["a"], ["id"])', "create_foreign_key"),
        ('op.execute("ALTER TABLE jobs ADD CONSTRAINT a CHECK (b > 0)")', "execute"),
        ('op.execute("ALTER TABLE jobs RENAME TO work")', "execute"),
        ('op.execute(sa.text("UPDATE submissions SET title = 1"))', "execute"),
        ('_elsewhere()\n\ndef _elsewhere():\n    op.drop_table("jobs")', "drop_table"),
    ],
)
def test_a_planted_step_that_breaks_something_is_seen(step: str, begins: str) -> None:
    (found,) = problems(f"def upgrade():\n    {step}\n")
    assert found.startswith(f"{begins}:")


@pytest.mark.parametrize(
    "step",
    [
        'op.add_column("jobs", sa.Column("a", sa.Integer(), nullable=True))',
        'op.add_column("jobs", sa.Column("a", sa.Integer(), nullable=False, server_default="0"))',
        'op.create_index("ix_a", "submissions", ["title"], postgresql_concurrently=True)',
        'op.create_table("new", sa.Column("a", sa.Integer()))\n    op.create_index("ix_a", "new", ["a"], unique=True)',
        'op.execute("ALTER TABLE jobs ADD CONSTRAINT a CHECK (b > 0) NOT VALID")',
        'pass\n\ndef downgrade():\n    op.drop_table("jobs")',
    ],
)
def test_an_expanding_step_is_let_through(step: str) -> None:
    assert problems(f"def upgrade():\n    {step}\n") == []


class FormerProgram:
    """Writes and reads with the columns of a former revision alone, as the SQL of that version's models does."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(begin="BEGIN IMMEDIATE")
        self._tables, self.rounds = MetaData(), 0
        self.broken: Exception | None = None
        with engine.connect() as connection:
            self._tables.reflect(connection, only=[*WRITTEN, *READ])
            self._like = {name: connection.execute(select(self._tables.tables[name])).first() for name in WRITTEN}

    def work(self, until: threading.Event) -> None:
        try:
            while not until.wait(PAUSE):
                self.once()
        except Exception as error:
            self.broken = error

    def once(self) -> None:
        with self._engine.begin() as connection:
            self._write(connection)
        with self._engine.connect() as connection:
            for table in self._tables.tables.values():
                connection.execute(select(table).limit(1)).all()
        self.rounds += 1

    def _write(self, connection: Connection) -> None:
        id = uuid.uuid4()
        for name in WRITTEN:
            row, table = self._like[name], self._tables.tables[name]
            assert row is not None
            connection.execute(insert(table).values(_again(row, table, id)))

    def written(self) -> int:
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(self._tables.tables["submissions"])) or 0


def _again(row: Row[Any], table: Table, id: uuid.UUID) -> dict[str, Any]:
    values = dict(row._mapping)
    for column in table.primary_key.columns:
        values[column.name] = id if not isinstance(values[column.name], str) else id.hex
    return values | {name: UNIQUE[name]() for name in ("token", "receipt_number") if name in values}


@pytest.fixture
def former(world: World) -> str:
    """The URL of a store with data, at the revision after which migrations only expand."""
    submit(world, person=1)
    url = world.database.engine.url.render_as_string(hide_password=False)
    world.database.close()
    migrations.downgrade(url, EXPANDING_FROM)
    return url


def test_each_migration_runs_while_the_version_before_goes_on_writing_and_reading(former: str) -> None:
    for revision in sorted(SINCE):
        if says_that_it_contracts(SINCE[revision]):
            migrations.upgrade(former, revision)
            continue
        engine = make_engine(former)
        program, end = FormerProgram(engine), threading.Event()
        before = program.written()
        worker = threading.Thread(target=program.work, args=(end,))
        worker.start()
        migrations.upgrade(former, revision)
        end.set()
        worker.join()
        assert program.broken is None, (revision, program.broken)
        program.once()
        assert program.written() == before + program.rounds
        engine.dispose()


def test_a_program_is_ready_with_a_newer_store_that_only_expanded(database_url: str) -> None:
    database = Database(database_url)
    with serving(database, StoppedClock(), database_url=database_url) as browser:
        assert browser.get("/readyz").status_code == 200
        _at(database, "9001", EXPANDING_FROM)
        assert browser.get("/readyz").status_code == 200
        _at(database, "9001", "9000")
        assert browser.get("/readyz").status_code == 503
        _at(database, "9001", None)
        assert browser.get("/readyz").status_code == 503
        _at(database, EXPANDING_FROM, EXPANDING_FROM)
        assert browser.get("/readyz").status_code == 503


def _at(database: Database, revision: str, oldest: str | None) -> None:
    """As a newer version's migrations would leave the store."""
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        session.execute(text("DELETE FROM schema_marks"))
        if oldest:
            session.execute(text("INSERT INTO schema_marks VALUES ('oldest_program', :oldest)"), {"oldest": oldest})


def test_migrations_leave_word_for_older_programs(database_url: str) -> None:
    database = Database(database_url)
    with database.reading() as session:
        assert session.execute(text("SELECT name, value FROM schema_marks")).all() == [
            ("oldest_program", migrations.oldest_program(migrations.head()))
        ]
    database.close()
