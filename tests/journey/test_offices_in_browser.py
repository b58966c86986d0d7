"""Two offices in a real browser: one takes an assignment from its list to an answer, the other by a workbook."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment
from app.main import build
from app.offices.columns import HEADING_ROW, SHEET, Column
from app.permissions import Role
from tests.accessibility import checks
from tests.accessibility.conftest import ARGUMENTS
from tests.support import journey
from tests.support.app import SECRETS, settings
from tests.support.journey import PASSWORD, StoppedClock, World
from tests.support.live import live

OTHER = "health"
PHONE = {"width": 360, "height": 800}


@pytest.fixture
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield started
        started.close()


@contextmanager
def office(browser: Browser, url: str, username: str) -> Iterator[Page]:
    """Somebody of a department, signed in, before the list."""
    context = browser.new_context(base_url=url, locale="zh-CN", reduced_motion="reduce", accept_downloads=True)
    page = context.new_page()
    page.goto("/staff/sign-in")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("待办")
    yield page
    context.close()


def assert_sound(page: Page) -> None:
    """No violation that axe finds, and on a phone nothing wider than the window."""
    wide = page.viewport_size
    assert checks.by_axe(page) == []
    page.set_viewport_size(PHONE)
    assert checks.own(page, "overflow") == []
    assert wide is not None
    page.set_viewport_size(wide)


def answers_from_the_list(page: Page) -> None:
    assert_sound(page)
    page.get_by_role("link", name="助餐点周末照常开放").click()
    page.get_by_role("button", name="签收").click()
    expect(page.locator(".office-head")).to_contain_text("已签收")
    assert_sound(page)
    page.get_by_role("link", name="答复", exact=True).click()
    page.get_by_label("采纳", exact=True).check()
    page.get_by_label("理由", exact=True).fill("已写入第一条。")
    assert_sound(page)
    page.get_by_role("button", name="正式答复").click()
    expect(page.locator(".office-head")).to_contain_text("已答复")


def answers_by_workbook(page: Page, folder: Path) -> None:
    page.get_by_role("link", name="办理表格", exact=True).click()
    assert_sound(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载办理表格").click()
    path = folder / "办理清单.xlsx"
    taken.value.save_as(path)
    book = load_workbook(path)
    book[SHEET].cell(HEADING_ROW + 1, Column.DISPOSITION + 1).value = "未采纳"
    book[SHEET].cell(HEADING_ROW + 1, Column.REASON + 1).value = "现阶段人手不足。"
    book.save(path)
    page.get_by_label("填好的办理表格").set_input_files(path)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1行可以提交")
    assert_sound(page)
    page.get_by_role("button", name="全部正式答复").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已答复1件")


@pytest.mark.browser
def test_one_office_answers_from_its_list_and_another_by_its_workbook(
    sqlite_world: World, browser: Browser, tmp_path: Path
) -> None:
    world = sqlite_world
    first, second = journey.assignment(world), journey.assignment(world, department=OTHER, person=1)
    with world.database.writing() as session:
        journey.colleague(session, "other-officer", Role.OFFICER, OTHER)
    with live(build(settings(), SECRETS, world.database, StoppedClock())) as url:
        with office(browser, url, Role.OFFICER.value) as page:
            answers_from_the_list(page)
        with office(browser, url, "other-officer") as page:
            answers_by_workbook(page, tmp_path)
    with world.database.reading() as session:
        states = {session.get_one(Assignment, id).state for id in (first, second)}
    assert states == {AssignmentState.ANSWERED}
