"""Nobody on the desk sees who wrote, until somebody who may unlocks one identity, and then for minutes only."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.permissions import Role
from app.submissions import queries as submissions
from app.submissions.submitter import Guardian, Identity, Organisation
from tests.support import journey
from tests.support.app import press, serving, signed_in, words
from tests.support.journey import SLUG, StoppedClock, World

PERSON = Identity("欧阳测试", journey.id_number(7), "13900000007", "person7@example.com", None)
CHILD = Identity(
    "诸葛小试", journey.id_number(8), "13900000008", None, None, Guardian("诸葛大试", "father", "13900000009")
)
FIRM = Identity("司马联系", None, "13900000010", None, Organisation("某某测试公司", "91310000MA1FL0AB35"))
SECRETS = (
    "欧阳",
    "诸葛",
    "司马",
    "某某测试公司",
    "91310000MA1FL0AB35",
    "1390000",
    "person7@",
    journey.id_number(7)[:6],
)


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


def sent(world: World, who: Identity) -> uuid.UUID:
    receipt = journey.submit(world, who=who)
    with world.database.reading() as session:
        found = submissions.by_number(session, receipt.number)
    assert found
    return found.id


def unlock(browser: TestClient, page: str) -> None:
    answer = press(browser, page, "/identity", reason="来信威胁自伤，须联系本人。")
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("role", [Role.SCREENER, Role.EDITOR, Role.APPROVER, Role.PUBLISHER, Role.MANAGER])
def test_no_page_of_the_desk_names_who_wrote(browser: TestClient, world: World, role: Role) -> None:
    pages = [f"/staff/submissions/{sent(world, who)}" for who in (PERSON, CHILD, FIRM)]
    signed_in(browser, role)
    lists = ["/staff", f"/staff/queue?consultation={SLUG}&view=received"]
    for address in (*pages, *lists):
        answer = browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        for secret in SECRETS:
            assert secret not in answer.text, (address, secret)


def test_who_may_not_unlock_is_not_offered_it(browser: TestClient, world: World) -> None:
    page = f"/staff/submissions/{sent(world, PERSON)}"
    signed_in(browser, Role.SCREENER)
    assert "/identity" not in browser.get(page).text
    signed_in(browser, Role.MANAGER)
    assert page + "/identity" in browser.get(page).text


def test_an_identity_shows_for_ten_minutes_to_one_person(
    browser: TestClient, world: World, clock: StoppedClock
) -> None:
    page = f"/staff/submissions/{sent(world, PERSON)}"
    signed_in(browser, Role.MANAGER)
    unlock(browser, page)
    shown = browser.get(page)
    assert shown.headers["cache-control"] == "no-store"
    for word in ("欧阳测试", journey.id_number(7), "13900000007", "person7@example.com", "来信威胁自伤"):
        assert word in words(shown.text)
    signed_in(browser, Role.SCREENER)
    assert "欧阳测试" not in browser.get(page).text
    signed_in(browser, Role.MANAGER)
    clock.at += timedelta(minutes=10)
    assert "欧阳测试" not in browser.get(page).text


def test_guardian_and_organisation_are_shown_when_unlocked(browser: TestClient, world: World) -> None:
    child, firm = (f"/staff/submissions/{sent(world, who)}" for who in (CHILD, FIRM))
    signed_in(browser, Role.MANAGER)
    unlock(browser, child)
    assert "诸葛大试" in words(browser.get(child).text)
    unlock(browser, firm)
    assert "某某测试公司" in words(browser.get(firm).text)


def test_the_auditor_finds_who_looked_and_why(browser: TestClient, world: World) -> None:
    page = f"/staff/submissions/{sent(world, PERSON)}"
    signed_in(browser, Role.MANAGER)
    unlock(browser, page)
    signed_in(browser, Role.AUDITOR)
    log = words(browser.get("/staff/audit?about=identities").text)
    assert "来信威胁自伤，须联系本人。" in log
    assert "testclient" in log
