"""The incident page: who reached what, whom it concerns, and stopping exports and keys meanwhile."""

import csv
import io
import uuid
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.exports import ledger
from app.permissions import Actor, ActorKind, Role
from app.submissions import queries as submissions
from app.submissions import unlocking
from tests.support import journey
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import START, StoppedClock, World

PAGE = "/staff/incidents"
SOMEBODY = Actor(ActorKind.STAFF, str(uuid.UUID(int=9)), frozenset())


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        signed_in(client, Role.SECURITY_ADMINISTRATOR)
        yield client


def sent(world: World, person: int) -> tuple[uuid.UUID, str]:
    receipt = journey.submit(world, person=person)
    with world.database.reading() as session:
        found = submissions.by_number(session, receipt.number)
    assert found
    return found.id, receipt.number


def looked(world: World, id: uuid.UUID) -> None:
    with world.database.writing() as session:
        unlocking.unlock(session, world.staff.manager, START, id, "核实。")


def exported(world: World, *ids: uuid.UUID) -> None:
    with world.database.writing() as session:
        ledger.note(session, SOMEBODY, START, "results", len(ids), [("submission", id) for id in ids])


def stop(browser: TestClient, what: str, verb: str = "/freeze", reason: str = "核查异常导出。") -> int:
    page = browser.get(PAGE).text
    form = page.partition(f'id="{what}-title"')[2]
    assert verb in form
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    sent = {"csrf_token": token, "what": what, "reason": reason}
    return int(browser.post(PAGE + verb, data=sent).status_code)


def test_looks_and_exports_lead_to_the_people_they_concern(browser: TestClient, world: World) -> None:
    (one, first), (two, second), (_other, third) = sent(world, 1), sent(world, 2), sent(world, 3)
    looked(world, one)
    exported(world, one, two)
    page = words(browser.get(PAGE).text)
    assert "2份意见" in page
    assert "2位提出人" in page
    numbers = "".join(page.split())
    assert first in numbers
    assert second in numbers
    assert third not in numbers
    assert "139000" not in page


def test_one_account_and_a_period_narrow_it(browser: TestClient, world: World) -> None:
    one, _number = sent(world, 1)
    looked(world, one)
    exported(world, one)
    assert "1份意见" in words(browser.get(PAGE, params={"who": SOMEBODY.id}).text)
    assert "0份意见" in words(browser.get(PAGE, params={"who": "nobody"}).text)
    assert "0份意见" in words(browser.get(PAGE, params={"until": "2026-05-10"}).text)


def test_the_list_for_the_notice_names_numbers_and_is_on_record(browser: TestClient, world: World) -> None:
    one, number = sent(world, 1)
    exported(world, one)
    answer = press(browser, PAGE, "/list")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["receipt_number"] for row in rows] == [number]
    signed_in(browser, Role.AUDITOR)
    assert "incident_list" in browser.get("/staff/audit?about=exports").text


def test_stopped_exports_leave_the_list_for_the_notice_open(browser: TestClient, world: World) -> None:
    one, _number = sent(world, 1)
    exported(world, one)
    assert stop(browser, "exports") == 303
    assert press(browser, PAGE, "/list").status_code == 200
    signed_in(browser, Role.AUDITOR)
    assert press(browser, "/staff/audit", "/export", format="csv").status_code == 409
    signed_in(browser, Role.SECURITY_ADMINISTRATOR)
    assert "核查异常导出。" in words(browser.get(PAGE).text)
    assert stop(browser, "exports", "/lift") == 303
    signed_in(browser, Role.AUDITOR)
    assert press(browser, "/staff/audit", "/export", format="csv").status_code == 200


def test_stopped_keys_open_nothing_and_open_again(browser: TestClient, world: World) -> None:
    headers = {"Authorization": f"Bearer {journey.api_key(world)}"}
    assert browser.get("/api/v1/assignments", headers=headers).status_code == 200
    assert stop(browser, "keys") == 303
    refused = browser.get("/api/v1/assignments", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "keys_frozen")
    assert stop(browser, "keys", "/lift") == 303
    assert browser.get("/api/v1/assignments", headers=headers).status_code == 200


def test_a_stop_needs_a_reason(browser: TestClient) -> None:
    assert stop(browser, "exports", reason=" ") == 422


def test_the_auditor_looks_and_stops_nothing(browser: TestClient) -> None:
    signed_in(browser, Role.AUDITOR)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "/freeze" not in page.text


def test_the_page_costs_the_same_for_one_and_three(browser: TestClient, world: World) -> None:
    ids = [sent(world, person)[0] for person in (1, 2, 3)]
    exported(world, ids[0])
    looked(world, ids[0])
    with statements(world.database) as one:
        browser.get(PAGE)
    exported(world, *ids)
    for id in ids:
        looked(world, id)
    with statements(world.database) as three:
        browser.get(PAGE)
    assert len(three) == len(one)
