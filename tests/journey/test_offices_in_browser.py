"""Two offices in a real browser, by list and by workbook: sent back, passed on, answered, returned, confirmed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from sqlalchemy import select

from app.assignments.models import Assignment
from app.main import build
from app.offices.columns import HEADING_ROW, SHEET, Column
from app.permissions import Role
from tests.accessibility import checks
from tests.accessibility.conftest import ARGUMENTS
from tests.support import journey
from tests.support.app import SECRETS, settings
from tests.support.journey import DRAFTING, PASSWORD, StoppedClock, World
from tests.support.live import live

OTHER = "health"
PHONE: ViewportSize = {"width": 360, "height": 800}
NOT_OURS, THEIRS, ONE, TWO, OWN = (
    "在取餐口公布后厨检查结果。",
    "对困难老年人给予用餐补贴。",
    "提供低盐低糖的菜。",
    "提前一周公布菜单。",
    "助餐点周末照常开放。",
)
"""What the health office sends back, passes on, and answers together; what the drafting office has of its own."""
MERGED = "已写入第二条。"


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
    arrived(page, "待办")
    yield page
    context.close()


def arrived(page: Page, title: str) -> None:
    """The page with this title is there, whole; what is looked at before may still be the one that is being left."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.wait_for_load_state()


def stands(page: Page, words: str) -> None:
    """The page of an assignment is there again, and says how it stands now."""
    expect(page.locator(".office-head")).to_contain_text(words)
    page.wait_for_load_state()


def assert_sound(page: Page) -> None:
    """No violation that axe finds, and on a phone nothing wider than the window."""
    wide = page.viewport_size
    assert checks.by_axe(page) == []
    page.set_viewport_size(PHONE)
    assert checks.own(page, "overflow") == []
    assert wide is not None
    page.set_viewport_size(wide)


def opened(page: Page, text: str) -> None:
    page.get_by_role("link", name=text).click()
    arrived(page, text)


def answers(page: Page, kind: str, reason: str) -> None:
    """From an assignment's page to its answer, for good."""
    page.get_by_role("link", name=re.compile("^(答复|继续起草答复)$")).click()
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("理由", exact=True).fill(reason)
    page.get_by_role("button", name="正式答复").click()
    stands(page, "已答复")


def sends_back_and_passes_on(page: Page) -> None:
    assert_sound(page)
    opened(page, NOT_OURS)
    page.get_by_role("button", name="签收").click()
    stands(page, "已签收")
    page.locator("summary", has_text="不属本部门职责").click()
    fold = page.locator("details[open]", has=page.locator("#back-reason"))
    fold.get_by_label("理由").fill("后厨检查由市场监管部门负责。")
    fold.get_by_label("建议承办单位").select_option("market-regulation")
    assert_sound(page)
    fold.get_by_role("button", name="退回").click()
    stands(page, "已退回")
    page.goto("/office")
    opened(page, THEIRS)
    page.locator("summary", has_text="转办其他部门").click()
    fold = page.locator("details[open]", has=page.locator("#to-department"))
    fold.locator("#to-department").select_option(DRAFTING)
    fold.get_by_label("理由").fill("用餐补贴由民政部门办理。")
    fold.get_by_role("button", name="转办").click()
    stands(page, "已转办")


def answers_several(page: Page) -> None:
    page.goto("/office")
    for text in (ONE, TWO):
        page.get_by_label(f"选择：{text}").check()
    page.get_by_role("button", name="合并答复所选事项").click()
    arrived(page, "合并答复")
    page.get_by_label("采纳", exact=True).check()
    page.get_by_label("理由", exact=True).fill(MERGED)
    assert_sound(page)
    page.get_by_role("button", name="核对后正式答复").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2")
    page.wait_for_load_state()
    assert_sound(page)
    page.get_by_role("button", name="全部正式答复").click()
    arrived(page, "已答复2件")
    assert_sound(page)


def answers_by_workbook(page: Page, folder: Path) -> None:
    """Both that the drafting office has: its own, and the one that was passed on to it."""
    for text in (OWN, THEIRS):
        expect(page.get_by_role("link", name=text)).to_be_visible()
    page.get_by_role("link", name="办理表格", exact=True).click()
    expect(page.get_by_label("填好的办理表格")).to_be_visible()
    page.wait_for_load_state()
    assert_sound(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载办理表格").click()
    path = folder / "办理清单.xlsx"
    taken.value.save_as(path)
    book = load_workbook(path)
    for row in (1, 2):
        book[SHEET].cell(HEADING_ROW + row, Column.DISPOSITION + 1).value = "未采纳"
        book[SHEET].cell(HEADING_ROW + row, Column.REASON + 1).value = "现阶段人手不足。"
    book.save(path)
    page.get_by_label("填好的办理表格").set_input_files(path)
    page.get_by_role("button", name="上传并检查").click()
    arrived(page, "2行可以提交")
    assert_sound(page)
    page.get_by_role("button", name="全部正式答复").click()
    arrived(page, "已答复2件")


def confirms_but_one(page: Page) -> None:
    """The drafting department's head agrees with all but one, which goes back with a remark."""
    page.goto("/office/confirming")
    expect(page.locator("article")).to_have_count(4)
    assert_sound(page)
    article = page.locator("article", has_text=ONE)
    article.locator("summary").click()
    article.get_by_label("退回意见").fill("请写明依据的条款。")
    article.locator("details button").click()
    expect(page.locator("article")).to_have_count(3)
    for left in (2, 1, 0):
        page.wait_for_load_state()
        page.locator("article").first.get_by_role("button", name=re.compile("^确认")).click()
        expect(page.locator("article")).to_have_count(left)


def answers_anew(page: Page) -> None:
    page.get_by_role("link", name="退回重办").click()
    arrived(page, "退回重办")
    opened(page, ONE)
    expect(page.locator("main")).to_contain_text("请写明依据的条款。")
    answers(page, "采纳", "已写入第二条第一款。")


def confirms_the_last(page: Page) -> None:
    page.goto("/office/confirming")
    expect(page.locator("article")).to_contain_text("已写入第二条第一款。")
    page.wait_for_load_state()
    page.locator("article").get_by_role("button", name=re.compile("^确认")).click()
    expect(page.locator("article")).to_have_count(0)


def handed_over(world: World) -> None:
    for person, text in enumerate((NOT_OURS, THEIRS, ONE, TWO, OWN)):
        made = journey.approved_suggestion(world, text=text, people=(person,))
        journey.assigned(world, made, lead=DRAFTING if text == OWN else OTHER)
    with world.database.writing() as session:
        journey.colleague(session, "other-officer", Role.OFFICER, OTHER)


def states(world: World) -> list[tuple[str, str]]:
    with world.database.reading() as session:
        rows = session.execute(select(Assignment.department_id, Assignment.state))
        return sorted((department, state.value) for department, state in rows)


@pytest.mark.browser
def test_two_offices_take_their_assignments_to_the_confirmed_answer(
    sqlite_world: World, browser: Browser, tmp_path: Path
) -> None:
    world = sqlite_world
    handed_over(world)
    with live(build(settings(), SECRETS, world.database, StoppedClock())) as url:
        with office(browser, url, "other-officer") as page:
            sends_back_and_passes_on(page)
            answers_several(page)
        with office(browser, url, Role.OFFICER.value) as page:
            answers_by_workbook(page, tmp_path)
        with office(browser, url, Role.OFFICE_HEAD.value) as page:
            confirms_but_one(page)
        with office(browser, url, "other-officer") as page:
            answers_anew(page)
        with office(browser, url, Role.OFFICE_HEAD.value) as page:
            confirms_the_last(page)
    assert states(world) == [
        (DRAFTING, "confirmed"),
        (DRAFTING, "confirmed"),
        (OTHER, "confirmed"),
        (OTHER, "confirmed"),
        (OTHER, "sent_back"),
        (OTHER, "transferred"),
    ]
