"""The department API on a migrated store, with one open consultation."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.api.application import DepartmentApi, create_api
from app.kit.database import Database
from tests.support import journey
from tests.support.journey import DRAFTING, StoppedClock, World

Client = Callable[..., TestClient]


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Each test that stores something runs on both stores."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def world(database: Database) -> World:
    return journey.opened(database)


@pytest.fixture
def api(database: Database, clock: StoppedClock) -> DepartmentApi:
    return create_api(database, clock)


@pytest.fixture
def anonymous(api: DepartmentApi) -> TestClient:
    """A client without a key, that reads English."""
    return TestClient(api, headers={"Accept-Language": "en"})


@pytest.fixture
def client_of(world: World, api: DepartmentApi) -> Client:
    """Makes a client with a new key of a department."""

    def make(department: str = DRAFTING, **given: Any) -> TestClient:
        key = journey.api_key(world, department, **given)
        return TestClient(api, headers={"Authorization": f"Bearer {key}", "Accept-Language": "en"})

    return make


@pytest.fixture
def client(client_of: Client) -> TestClient:
    """The drafting department's program."""
    return client_of()
