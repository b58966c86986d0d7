"""An open case is held for as long as somebody is at work on it, by a form of its own; it is let go by itself."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select
from starlette.testclient import TestClient

from app.main import build
from app.permissions import Role
from app.submissions.models import Submission
from app.teamwork import leases
from app.teamwork.records import RecordKind
from tests.support import journey
from tests.support.app import SECRETS, hidden, press, serving, settings, signed_in, words
from tests.support.journey import PASSWORD, START, StoppedClock, World
from tests.support.live import live

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
MINUTE = timedelta(minutes=1)
ONE_MINUTE = 60_000


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(START)


@pytest.fixture
def case(sqlite_world: World) -> uuid.UUID:
    journey.submit(sqlite_world)
    with sqlite_world.database.reading() as session:
        return session.scalars(select(Submission.id)).one()


@pytest.fixture
def browser(sqlite_world: World, clock: StoppedClock, case: uuid.UUID) -> Iterator[TestClient]:
    with serving(sqlite_world.database, clock) as client:
        yield client


def held(world: World, case: uuid.UUID, at: datetime) -> leases.Held | None:
    with world.database.reading() as session:
        return leases.find(session, RecordKind.SUBMISSION, case, at)


def test_who_goes_on_working_keeps_the_case_and_colleagues_see_for_how_long(
    browser: TestClient, sqlite_world: World, clock: StoppedClock, case: uuid.UUID
) -> None:
    url = f"/staff/submissions/{case}"
    screener = signed_in(browser, Role.SCREENER)
    assert screener.get(url).status_code == 200
    clock.at += 4 * MINUTE
    assert press(screener, url, "/hold").json() == {"words": ""}
    found = held(sqlite_world, case, clock.at)
    assert found is not None
    assert (found.holder, found.since, found.until) == (sqlite_world.staff.screener.id, START, clock.at + 5 * MINUTE)
    clock.at += 4 * MINUTE
    lead = signed_in(browser, Role.LEAD)
    assert "正由 测试screener 处理，至 09:39" in words(lead.get(url).text)
    assert "测试screener" in press(lead, url, "/hold").json()["words"]
    clock.at += 2 * MINUTE
    assert held(sqlite_world, case, clock.at) is None


def test_who_only_reads_holds_nothing(
    browser: TestClient, sqlite_world: World, clock: StoppedClock, case: uuid.UUID
) -> None:
    url = f"/staff/submissions/{case}"
    carried = hidden(signed_in(browser, Role.SCREENER).get(url).text)
    with sqlite_world.database.writing() as session:
        leases.end(session, sqlite_world.staff.screener.id, RecordKind.SUBMISSION, case)
    assert "data-hold" not in signed_in(browser, Role.MANAGER).get(url).text
    for role in (Role.MANAGER, Role.AUDITOR):
        assert signed_in(browser, role).post(f"/staff/teamwork/submission/{case}/hold", data=carried).status_code == 403
    assert held(sqlite_world, case, clock.at) is None


def test_what_is_not_there_is_held_by_nobody(browser: TestClient, case: uuid.UUID) -> None:
    screener = signed_in(browser, Role.SCREENER)
    carried = hidden(screener.get(f"/staff/submissions/{case}").text)
    gone = screener.post(f"/staff/teamwork/submission/{uuid.UUID(int=5)}/hold", data=carried)
    assert gone.status_code == 404


@pytest.fixture
def window(sqlite_world: World, clock: StoppedClock, case: uuid.UUID, chromium_path: str) -> Iterator[Page]:
    """A screener before the open case; the window's own clock moves only when a test moves it."""
    app = build(settings(), SECRETS, sqlite_world.database, clock)
    with live(app) as url, sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        page = started.new_page(base_url=url, locale="zh-CN")
        page.goto("/staff")
        page.get_by_label("用户名").fill(Role.SCREENER.value)
        page.get_by_label("密码").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.locator("#list-title").wait_for()
        page.clock.install()
        page.goto(f"/staff/submissions/{case}")
        page.wait_for_load_state()
        yield page
        started.close()


@pytest.mark.browser
def test_a_case_is_held_only_while_somebody_is_there(window: Page, sqlite_world: World, case: uuid.UUID) -> None:
    sent: list[str] = []
    window.on("request", lambda request: sent.append(request.url) if request.url.endswith("/hold") else None)
    with window.expect_response("**/hold") as answered:
        window.keyboard.press("ArrowDown")
        window.clock.run_for(ONE_MINUTE)
    assert answered.value.ok
    window.clock.run_for(4 * ONE_MINUTE)
    before = len(sent)
    window.clock.run_for(10 * ONE_MINUTE)
    assert len(sent) == before <= 2
    with sqlite_world.database.writing() as session:
        leases.end(session, sqlite_world.staff.screener.id, RecordKind.SUBMISSION, case)
        leases.mark(session, sqlite_world.staff.lead.id, RecordKind.SUBMISSION, case, START)
    with window.expect_response("**/hold"):
        window.keyboard.press("ArrowDown")
        window.clock.run_for(ONE_MINUTE)
    window.get_by_text("正由 测试lead 处理，至 09:35").wait_for()
