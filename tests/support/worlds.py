"""Fixtures of an open store, empty or with one open consultation, on each of the two stores.

The world is made once and its store copied for every test: making it costs more than most tests.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.consultations.lifecycle import DisplayRegime
from app.consultations.models import Consultation
from app.consultations.queries import public_consultation
from app.kit.database import Database
from app.submissions.intake import DirectIntake
from tests.support import journey, postgres
from tests.support.journey import SLUG, World


@dataclass(frozen=True)
class Original:
    """A world that is never changed, and the URL of its store, to which nothing is connected."""

    url: str
    world: World

    @contextmanager
    def copied(self, url: str) -> Iterator[World]:
        """The same world in a store that is a copy of this one's."""
        database = Database(url)
        with database.reading() as session:
            consultation = public_consultation(session, SLUG)
        intake = DirectIntake(database, self.world.vault, self.world.receipts)
        yield replace(self.world, database=database, consultation=consultation, intake=intake)
        database.close()


def _made_in(url: str) -> Original:
    database = Database(url)
    world = journey.opened(database)
    database.close()
    return Original(url, world)


@pytest.fixture(scope="session")
def _sqlite_world(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Original:
    path = tmp_path_factory.mktemp("world") / "yanlu.sqlite3"
    return _made_in(f"sqlite:///{shutil.copy(_sqlite_template, path)}")


@pytest.fixture(scope="session")
def _postgres_world(postgres_databases: postgres.Databases) -> Original:
    return _made_in(postgres_databases.create())


@pytest.fixture
def sqlite_world(_sqlite_world: Original, tmp_path: Path) -> Iterator[World]:
    """A government document is out for comment: instant display."""
    path = shutil.copy(_sqlite_world.url.removeprefix("sqlite:///"), tmp_path / "world.sqlite3")
    with _sqlite_world.copied(f"sqlite:///{path}") as world:
        yield world


@pytest.fixture
def postgres_world(_postgres_world: Original, postgres_databases: postgres.Databases) -> Iterator[World]:
    """A government document is out for comment: instant display."""
    url = postgres_databases.create(like=_postgres_world.url)
    with _postgres_world.copied(url) as world:
        yield world
    postgres_databases.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty migrated store; the test runs on each of the two stores. A world has a store of its own."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def instant_world(request: pytest.FixtureRequest) -> World:
    """A government document is out for comment: instant display; the test runs on each of the two stores."""
    made: World = request.getfixturevalue(f"{request.param}_world")
    return made


@pytest.fixture
def world(instant_world: World) -> World:
    """What most tests begin with; a module whose tests need another one says so under this name."""
    return instant_world


def screened(world: World) -> World:
    """From now on the world's comments are shown only when somebody publishes them."""
    with world.database.writing() as session:
        consultation = session.get_one(Consultation, world.consultation.id)
        consultation.display_regime = DisplayRegime.SCREENED
    return replace(world, consultation=consultation)


@pytest.fixture
def screened_world(instant_world: World) -> World:
    return screened(instant_world)
