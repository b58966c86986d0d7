"""The sandbox: a place of its own for each program, which no test key leaves and no live key enters."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select

from app.accounts import actions as accounts
from app.accounts.keys import Terms
from app.accounts.models import ApiClient
from app.api.application import create_api, create_sides
from app.api.sandbox import places
from app.api.sandbox.dispatch import ByKey
from app.kit import migrations
from app.kit.database import Database
from app.permissions import DEPARTMENT_SCOPES
from tests.support import files, journey
from tests.support.journey import DRAFTING, START, StoppedClock, World

Opens = Callable[..., TestClient]


@pytest.fixture
def world(sqlite_world: World) -> World:
    """A sandbox is SQLite whatever the live store is."""
    return sqlite_world


@pytest.fixture
def sides(world: World, clock: StoppedClock, tmp_path: Path, _sqlite_template: Path) -> Iterator[ByKey]:
    folder = tmp_path / "sandbox"
    folder.mkdir()
    shutil.copy(_sqlite_template, folder / f"empty-{migrations.head()}.sqlite3")
    made = create_sides(create_api(world.database, clock, world.intake), world.database, clock, folder)
    yield made
    made.sandbox.state.sandboxes.close()


@pytest.fixture
def tries(world: World, sides: ByKey) -> Opens:
    """Makes a client with a test key."""

    def make(name: str = "tries", department: str | None = DRAFTING, channel: str | None = None) -> TestClient:
        scopes = [*(DEPARTMENT_SCOPES if department else ()), *(["submissions:write"] if channel else ())]
        with world.database.writing() as session:
            admin = world.staff.administrator
            key = accounts.add_client(session, admin, START, department, name, scopes, channel, Terms(test=True))
        return TestClient(sides, headers={"X-API-Key": key.text, "Accept-Language": "en"})

    return make


def test_it_holds_invented_assignments_and_none_that_are_real(world: World, tries: Opens) -> None:
    real = journey.assignment(world)
    client = tries()
    assert client.get("/whoami").json()["mode"] == "test"
    items = client.get("/assignments").json()["items"]
    assert {(one["state"], one["role"]) for one in items} == {("delivered", "lead"), ("delivered", "cooperating")}
    assert str(real) not in {one["id"] for one in items}
    assert client.get(f"/assignments/{real}").status_code == 404
    assert client.post(f"/assignments/{real}/acknowledge").status_code == 404


def test_whatever_a_test_key_asks_the_live_store_is_asked_of_keys_alone(world: World, tries: Opens) -> None:
    client = tries("both", DRAFTING, "hotline")
    asked: list[str] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    first = client.get("/assignments").json()["items"][0]["id"]
    described = client.get("/openapi.json").json()
    slug = client.get("/consultations").json()["items"][0]["slug"]
    for path, methods in described["paths"].items():
        ids = dict.fromkeys(("assignment_id", "webhook_id", "delivery_id", "event_id", "file_id"), first)
        address = path.format(slug=slug, number=1, **ids)
        for method in methods:
            body = {"reason": "理由。", "disposition": "noted", "text": "进展。"} if method == "post" else None
            client.request(method.upper(), address, json=body, params={"wait": 0} if path == "/events" else None)
    sent = {"external_id": "1", "consultation": slug, "comment": "意见。"}
    assert client.post("/submissions", json=sent).status_code == 200
    tables = {"api_keys", "api_clients", "freezes", "departments"}
    for statement in asked:
        words = statement.split()
        assert words[0] in {"SELECT", "UPDATE", "BEGIN", "PRAGMA"}, statement
        if words[0] == "SELECT":
            assert words[words.index("FROM") + 1] in tables, statement
        if words[0] == "UPDATE":
            assert words[1] == "api_keys", statement


def test_forms_of_keys_decide_and_neither_opens_the_others_door(
    world: World, sides: ByKey, tries: Opens, clock: StoppedClock
) -> None:
    tried, live = tries().headers["X-API-Key"], journey.api_key(world)
    assert TestClient(sides, headers={"X-API-Key": live}).get("/whoami").json()["mode"] == "live"
    disguised = [tried.replace("yl_test_", "yl_"), live.replace("yl_", "yl_test_")]
    for key in disguised:
        for headers in ({"X-API-Key": key}, {"Authorization": f"Bearer {key}"}):
            assert TestClient(sides, headers=headers).get("/assignments").json()["code"] == "wrong_key"
    alone = TestClient(create_api(world.database, clock), headers={"X-API-Key": tried})
    assert alone.get("/assignments").json()["code"] == "wrong_key"
    refused = TestClient(sides, headers={"X-API-Key": live}).post("/sandbox/reset")
    assert (refused.status_code, refused.json()["code"]) == (403, "sandbox_only")


def test_each_program_has_its_own_and_may_begin_anew(tries: Opens) -> None:
    ours, theirs = tries("ours"), tries("theirs", "health")
    first = ours.get("/assignments").json()["items"][0]["id"]
    ours.post(f"/assignments/{first}/acknowledge")
    assert theirs.get(f"/assignments/{first}").status_code == 404
    ours.post("/sandbox/clock", json={"at": (START + timedelta(days=3)).isoformat()})
    assert ours.post("/sandbox/reset").json()["ahead_seconds"] == 0
    anew = ours.get("/assignments").json()["items"]
    assert {one["state"] for one in anew} == {"delivered"}
    assert first not in {one["id"] for one in anew}


def test_the_clock_is_moved_and_what_is_due_happens(tries: Opens) -> None:
    client = tries()
    first = client.get("/assignments").json()["items"][0]
    late = client.post("/sandbox/clock", json={"at": (START + timedelta(days=40)).isoformat()}).json()
    assert late["ahead_seconds"] == 40 * 24 * 3600
    assert client.get("/whoami").json()["now"] == "2026-06-20T01:30:00Z"
    begun = client.post(f"/assignments/{first['id']}/begin").json()
    assert begun["in_progress_at"] == "2026-06-20T01:30:00Z"
    kinds = {one["kind"] for one in client.get("/events", params={"limit": 500}).json()["items"]}
    assert {"assignment.overdue", "assignment.in_progress"} <= kinds
    for at in (START - timedelta(hours=1), START + timedelta(days=4000)):
        refused = client.post("/sandbox/clock", json={"at": at.isoformat()})
        assert refused.json()["code"] == "clock_out_of_bounds"


def test_the_drafting_department_answers_as_the_words_ask(tries: Opens) -> None:
    client = tries()
    first, second, third = [one["id"] for one in client.get("/assignments").json()["items"]][:3]
    for one, reason in ((first, "理由【退回】。"), (second, "理由【确认】。"), (third, "理由。")):
        client.post(f"/assignments/{one}/answer", json={"disposition": "noted", "reason": reason})
    states = {one["id"]: one for one in client.get("/assignments").json()["items"]}
    assert (states[first]["state"], states[first]["returned"]["remark"]) == (
        "in_progress",
        "沙箱模拟：请补充理由后重新答复。",
    )
    assert (states[second]["state"], states[third]["state"]) == ("confirmed", "answered")


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("unavailable", 503, "unavailable"),
        ("internal_error", 500, "internal_error"),
        ("too_many_requests", 429, "too_many_requests"),
        ("changed_meanwhile", 409, "changed_meanwhile"),
        ("anything", 422, "no_such_scenario"),
    ],
)
def test_rare_refusals_can_be_asked_for(tries: Opens, asked: str, status: int, code: str) -> None:
    client = tries()
    refused = client.get("/assignments", headers={"X-Sandbox-Scenario": asked})
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_live_key_is_never_simulated_with(world: World, sides: ByKey) -> None:
    client = TestClient(sides, headers={"X-API-Key": journey.api_key(world), "X-Sandbox-Scenario": "unavailable"})
    assert client.get("/assignments").status_code == 200


def test_a_revoked_client_tries_nothing_any_more(world: World, tries: Opens) -> None:
    client = tries()
    assert client.get("/whoami").status_code == 200
    with world.database.writing() as session:
        found = session.scalars(select(ApiClient.id)).one()
        accounts.revoke_client(session, world.staff.administrator, START, found)
    assert client.get("/whoami").status_code == 401


def test_a_sandbox_application_has_no_store(sides: ByKey) -> None:
    assert sides.sandbox.state.database is None
    assert isinstance(sides.live.state.database, Database)


def test_webhooks_are_kept_and_their_messages_wait(tries: Opens) -> None:
    client = tries()
    made = client.post("/webhooks", json={"url": "https://oa.example.cn/in"})
    assert made.status_code == 200
    first = client.get("/assignments").json()["items"][0]["id"]
    client.post(f"/assignments/{first}/acknowledge")
    path = f"/webhooks/{made.json()['id']}"
    (message,) = client.get(f"{path}/deliveries").json()["items"]
    assert (message["kind"], message["state"], message["attempts"]) == ("assignment.acknowledged", "pending", [])
    assert client.post(f"{path}/reveal-secret").json()["secret"].startswith("whsec_")


def test_files_of_a_sandbox_are_its_own_and_bounded(tries: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    client = tries()
    first = client.get("/assignments").json()["items"][0]["id"]
    sent = {"file": ("签批件.png", files.png())}
    made = client.post(f"/assignments/{first}/files", files=sent).json()
    assert client.get(f"/assignments/{first}/files/{made['id']}").content == files.png()
    monkeypatch.setattr(places, "MOST_BYTES", 10)
    full = client.post(f"/assignments/{first}/files", files={"file": ("x.png", files.png((9, 9)))})
    assert (full.status_code, full.json()["code"]) == (503, "unavailable")
