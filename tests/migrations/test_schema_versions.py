"""The schema's versions on both stores: up, down and up again, and the newest is what the models say."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, Inspector, Table, inspect, text

from app.audit import queries as audit_queries
from app.audit import record
from app.consultations.queries import public_consultation
from app.documents.queries import clauses_of
from app.kit import migrations
from app.kit.database import Database, make_engine
from app.permissions import operator
from app.tables import is_modelled, metadata
from tests.support.journey import START, World

VERSIONS = "alembic_version"
FIRST = "0001"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


def _tables(url: str) -> set[str]:
    engine = make_engine(url)
    try:
        return set(inspect(engine).get_table_names()) - {VERSIONS}
    finally:
        engine.dispose()


def _shape(url: str) -> list[Any]:
    engine = make_engine(url)
    inspector = inspect(engine)
    try:
        names = sorted(name for name in inspector.get_table_names() if is_modelled(name, "table", None))
        return [(name, _structure(inspector, name)) for name in names if name != VERSIONS]
    finally:
        engine.dispose()


def _structure(inspector: Inspector, name: str) -> tuple[list[tuple[str, bool]], set[str]]:
    """Columns with whether they may be null, and the names of everything that constrains or finds rows."""
    columns = [(column["name"], bool(column["nullable"])) for column in inspector.get_columns(name)]
    named = {str(index["name"]) for index in inspector.get_indexes(name) if "duplicates_constraint" not in index}
    named |= {str(inspector.get_pk_constraint(name)["name"])}
    for kind in (inspector.get_unique_constraints, inspector.get_foreign_keys, inspector.get_check_constraints):
        named |= {str(constraint["name"]) for constraint in kind(name)}
    return columns, named


def _as_modelled(table: Table) -> tuple[list[tuple[str, bool]], set[str]]:
    columns = [(column.name, bool(column.nullable)) for column in table.columns]
    return columns, {str(constraint.name) for constraint in table.constraints} | {
        str(index.name) for index in table.indexes
    }


def test_there_is_one_newest_version_and_one_way_to_it() -> None:
    scripts = ScriptDirectory.from_config(migrations.configuration(""))
    assert scripts.get_heads() == [migrations.head()]
    assert len(scripts.get_bases()) == 1
    assert not any(script.is_merge_point or script.is_branch_point for script in scripts.walk_revisions())


def test_the_scripts_names_tell_their_revisions_in_order() -> None:
    scripts = ScriptDirectory.from_config(migrations.configuration(""))
    newest_first = list(scripts.walk_revisions())
    assert [script.revision for script in newest_first] == sorted(map(_number, newest_first), reverse=True)
    assert all(migrations.is_known(script.revision) for script in newest_first)
    assert not migrations.is_known("9999")
    assert not migrations.is_known("")


def test_a_revision_that_nobody_knows_is_refused_in_words(empty_url: str) -> None:
    with pytest.raises(migrations.MigrationRefused, match="9999"):
        migrations.upgrade(empty_url, "9999")
    assert migrations.current(empty_url) is None


def _number(script: Script) -> str:
    return Path(script.path).name[: migrations.DIGITS]


def test_up_down_and_up_again(empty_url: str) -> None:
    assert migrations.current(empty_url) is None
    migrations.upgrade(empty_url)
    assert migrations.current(empty_url) == migrations.head()
    first = _shape(empty_url)
    assert {name for name, _ in first} == set(metadata.tables)
    migrations.downgrade(empty_url)
    assert migrations.current(empty_url) is None
    assert _tables(empty_url) == set()
    migrations.upgrade(empty_url)
    assert migrations.current(empty_url) == migrations.head()
    assert _shape(empty_url) == first


def test_rows_survive_the_way_down_to_the_first_version_and_up_again(world: World) -> None:
    url = world.database.engine.url.render_as_string(hide_password=False)
    world.database.close()
    migrations.downgrade(url, FIRST)
    assert migrations.current(url) == FIRST
    migrations.upgrade(url)
    database = Database(url)
    with database.reading() as session:
        found = public_consultation(session, world.consultation.slug)
        assert found.title == world.consultation.title
        assert clauses_of(session, found.version_id) == world.clauses
    database.close()


def _differences(connection: Connection) -> Sequence[Any]:
    """As the environment of the scripts compares, so that `revision --autogenerate` would write the same."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "target_metadata": metadata, "include_name": is_modelled}
    )
    differences: Sequence[Any] = compare_metadata(context, metadata)
    return differences


def test_the_newest_version_is_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        assert _differences(connection) == []


def test_names_and_nullability_are_what_the_models_say(database_url: str) -> None:
    """Names of primary keys, checks and foreign keys are not compared by Alembic; later versions need them."""
    assert _shape(database_url) == [(name, _as_modelled(metadata.tables[name])) for name in sorted(metadata.tables)]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("ALTER TABLE jobs ADD COLUMN planted VARCHAR(3)", "remove_column"),
        ("DROP INDEX ix_jobs_due", "add_index"),
        ("CREATE TABLE planted (id INTEGER PRIMARY KEY)", "remove_table"),
    ],
)
def test_a_planted_difference_is_seen(engine: Engine, change: str, kind: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(change))
        assert [difference[0] for difference in _differences(connection)] == [kind]


def test_an_upgrade_of_what_is_newest_changes_nothing(database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as session:
        record(session, operator("tests"), START, "store.filled", ("store", "1"), words="意见")
    before = _shape(database_url)
    migrations.upgrade(database_url)
    with database.reading() as session:
        (entry,) = audit_queries.of_record(session, "store", "1")
    assert (entry.action, entry.at, entry.detail) == ("store.filled", START, {"words": "意见"})
    assert _shape(database_url) == before
    database.close()


def test_both_stores_have_the_same_shape(sqlite_url: str, postgres_url: str) -> None:
    assert _shape(sqlite_url) == _shape(postgres_url)
