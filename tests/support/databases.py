"""Fixtures that give a test the URL of an empty migrated database of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import pooler, postgres
from tests.support.template import sqlite_template


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sqlite_template(tmp_path_factory.mktemp("template") / "yanlu.sqlite3")


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[postgres.Databases]:
    """Makes as many databases as a test wants; it drops them itself."""
    with postgres.server() as url:
        databases = postgres.Databases(url)
        with _before(databases):
            yield databases
        databases.close()


@contextmanager
def _before(databases: postgres.Databases) -> Iterator[None]:
    if not pooler.asked():
        yield
        return
    databases.alter(pooler.role_settings(str(databases.owner.username)))
    with pooler.pooled(databases.owner) as port:
        databases.go_through(port)
        yield


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """An empty migrated SQLite database."""
    return f"sqlite:///{shutil.copy(_sqlite_template, tmp_path / 'yanlu.sqlite3')}"


@pytest.fixture
def postgres_url(postgres_databases: postgres.Databases) -> Iterator[str]:
    """An empty migrated PostgreSQL database, dropped after the test with every connection to it."""
    url = postgres_databases.create()
    yield url
    postgres_databases.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty migrated database; the test runs on each of the two stores."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
