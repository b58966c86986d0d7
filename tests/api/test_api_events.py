"""The feed over HTTP: a department's own events, each once by position, however often its client dies."""

import threading
import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.api import waiting
from app.api.application import DepartmentApi
from app.api.limiting import TooManyRequests
from app.api.v1 import events as route
from app.api.waiting import MOST_WAITING_EACH, Waiters
from app.events import numbering
from app.events.ledger import emit
from app.kit.database import Database
from tests.api.conftest import Client
from tests.support.journey import DRAFTING, START


def tell(database: Database, number: int = 1, department: str = DRAFTING) -> None:
    with database.writing() as session:
        for _ in range(number):
            emit(session, START, department, "assignment.delivered", ("assignment", uuid.uuid4()), role="lead")
    with database.writing() as session:
        numbering.number(session)


def read(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.get("/events", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_an_event_has_a_stable_shape_and_ids_only(database: Database, client: TestClient) -> None:
    tell(database)
    page = read(client)
    (item,) = page["items"]
    assert (page["position"], page["more"]) == (1, False)
    assert set(item) == {"position", "id", "kind", "happened_at", "record", "detail"}
    assert (item["position"], item["kind"], item["happened_at"]) == (1, "assignment.delivered", "2026-05-11T01:30:00Z")
    assert (set(item["record"]), item["detail"]) == ({"kind", "id"}, {"role": "lead"})


def test_a_client_that_is_killed_again_and_again_has_each_event_once(database: Database, client: TestClient) -> None:
    """It keeps the position with its work; what it hadn't kept when it died, it gets again."""
    done: list[str] = []
    kept: dict[str, int] = {}
    for turn in range(12):
        tell(database, 2)
        tell(database, 1, "finance")
        page = read(client, limit=3, **kept)
        if turn % 3 != 1:  # else killed before it kept anything
            done += [item["id"] for item in page["items"]]
            kept = {"after": page["position"]}
    while (page := read(client, limit=3, **kept))["items"]:
        done += [item["id"] for item in page["items"]]
        kept = {"after": page["position"]}
    whole = read(client, limit=500)["items"]
    assert done == [item["id"] for item in whole]
    assert len(set(done)) == 24


def test_more_says_whether_to_ask_again_at_once(database: Database, client: TestClient) -> None:
    tell(database, 3)
    assert [read(client, limit=2)["more"], read(client, limit=3)["more"]] == [True, False]


def test_another_departments_events_are_not_there(database: Database, client: TestClient, client_of: Client) -> None:
    tell(database, 2)
    assert read(client_of("finance"))["items"] == []
    assert len(read(client)["items"]) == 2


def test_what_lets_a_program_read(database: Database, client_of: Client) -> None:
    for scope in ("events:read", "assignments:read", "assignments:write", "webhooks:write"):
        assert client_of(scopes=[scope]).get("/events").status_code == 200


def test_a_position_that_is_no_longer_kept_is_410_with_the_oldest(database: Database, client: TestClient) -> None:
    tell(database, 4)
    with database.writing() as session:
        numbering.forget(session, START.replace(year=2027), 3)
    answer = client.get("/events", params={"after": 1})
    assert (answer.status_code, answer.json()["code"]) == (410, "position_forgotten")
    assert answer.json()["parameters"] == {"oldest": 3}
    assert [item["position"] for item in read(client)["items"]] == [4]
    assert [item["position"] for item in read(client, after=3)["items"]] == [4]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"after": 5}, "no_such_position"),
        ({"after": -1}, "invalid_fields"),
        ({"after": 2**60}, "invalid_fields"),
        ({"limit": 0}, "invalid_fields"),
        ({"limit": 501}, "invalid_fields"),
        ({"wait": 26}, "invalid_fields"),
        ({"since": 1}, "invalid_fields"),
    ],
)
def test_what_can_not_be_asked(world: object, client: TestClient, asked: dict[str, int], code: str) -> None:
    answer = client.get("/events", params=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (waiting, route):
        monkeypatch.setattr(module, "PAUSE_SECONDS", 0.01)


@pytest.fixture
def waiting_at(api: DepartmentApi, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once a client has found nothing and waits."""
    begun = threading.Event()
    plain = Waiters.place

    def place(self: Waiters, client: str) -> Any:
        begun.set()
        return plain(self, client)

    monkeypatch.setattr(Waiters, "place", place)
    return begun


def test_a_waiting_client_is_answered_as_soon_as_its_own_event_is_there(
    database: Database, client: TestClient, short_pauses: None, waiting_at: threading.Event
) -> None:
    answered: list[dict[str, Any]] = []
    asking = threading.Thread(target=lambda: answered.append(read(client, wait=25)))
    asking.start()
    assert waiting_at.wait(20)
    tell(database, 1, "finance")
    tell(database, 1)
    asking.join(20)
    assert [item["position"] for item in answered[0]["items"]] == [2]


def test_when_the_time_is_over_the_answer_is_empty_and_says_where_to_go_on(
    database: Database, client: TestClient, short_pauses: None
) -> None:
    tell(database, 2)
    assert read(client, after=2, wait=1) == {"items": [], "position": 2, "more": False}


def test_waiting_places_are_bounded() -> None:
    waiters = Waiters()
    held = [waiters.place("a") for _ in range(MOST_WAITING_EACH)]
    for one in held:
        one.__enter__()
    with pytest.raises(TooManyRequests), waiters.place("a"):
        pass
    with waiters.place("b"):
        pass
    held[0].__exit__(None, None, None)
    with waiters.place("a"):
        pass


def test_all_places_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITING", 1)
    waiters = Waiters()
    with waiters.place("a"), pytest.raises(TooManyRequests), waiters.place("b"):
        pass
