"""From a file to an open consultation in Chromium with JavaScript switched off, by two managers; on real documents.

With YANLU_TEST_IMAGES naming a folder the pages are photographed into it, wide and narrow.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.accounts import actions as accounts
from app.kit.database import Database
from app.main import build
from app.permissions import Role
from tests.documents.formats.making import html, printed_pdf, word
from tests.journey.test_path_in_browser import ARGUMENTS
from tests.support import journey
from tests.support.app import SECRETS, settings
from tests.support.journey import OPERATOR, PASSWORD, StoppedClock
from tests.support.live import live

PUBLISHED = datetime(2025, 4, 29, 2, 0, tzinfo=UTC)
"""10:00 in Beijing on the day on which the draft 001 was put out for comment."""
SECOND = "second-manager"
FINAL, PAGE, TABLE = "000_05f18a2fc9945433", "001_71da066cfbebc1b6", "002_b3c2b9682595d250"


@dataclass(frozen=True)
class Office:
    """The running service and a browser that looks at it."""

    url: str
    browser: Browser
    shared: Path

    def staff(self, username: str) -> Page:
        context = self.browser.new_context(
            base_url=self.url, locale="zh-CN", java_script_enabled=False, viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto("/staff/sign-in")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page).not_to_have_url(re.compile("/sign-in"))
        page.wait_for_load_state()
        return page

    def lines(self, name: str) -> list[str]:
        text = (self.shared / "seeds" / f"{name}.txt").read_text(encoding="utf-8")
        return [line for line in text.splitlines() if line.strip()]

    def key(self, name: str) -> set[tuple[str, str]]:
        """(Label, unit) of every unit that the answer key names; the same with "" for the clause itself."""
        clauses = json.loads((self.shared / "gold" / f"{name}.json").read_text(encoding="utf-8"))["clauses"]
        return {(clause["label"], name) for clause in clauses for name in ("", *(u["name"] for u in clause["units"]))}


@pytest.fixture
def office(sqlite_url: str, shared_dir: Path, chromium_path: str) -> Iterator[Office]:
    clock = StoppedClock(PUBLISHED)
    database = Database(sqlite_url)
    journey.opened(database)
    with database.writing() as session:
        accounts.add_staff(session, OPERATOR, PUBLISHED, SECOND, "测试第二人", [Role.MANAGER], PASSWORD)
    with live(build(settings(), SECRETS, database, clock)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield Office(url, browser, shared_dir)
        browser.close()


def photograph(page: Page, name: str) -> None:
    folder = os.environ.get("YANLU_TEST_IMAGES")
    if folder:
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


def send(page: Page, name: str, content: bytes) -> None:
    page.goto("/staff/consultations")
    page.get_by_role("link", name="新建意见征集").click()
    expect(page.get_by_role("button", name="开始识别")).to_be_visible()
    page.wait_for_load_state()
    photograph(page, "preparing-files")
    page.get_by_label("征求意见稿", exact=True).set_input_files({"name": name, "mimeType": "", "buffer": content})
    page.get_by_role("button", name="开始识别").click()
    expect(page).to_have_url(re.compile(r"/staff/preparations/[0-9a-f-]{36}$"))
    page.wait_for_load_state()


def shown(page: Page) -> set[tuple[str, str]]:
    """(Label, unit) as the page shows them, and (label, "") for each clause."""
    found = set()
    for clause in page.locator("article.found").all():
        label = clause.locator(".found-label").inner_text()
        found |= {(label, name) for name in ("", *clause.locator(".found-name").all_inner_texts())}
    return found


def share(found: set[tuple[str, str]], key: set[tuple[str, str]]) -> float:
    """F1 over clauses and units together."""
    return 2 * len(found & key) / (len(found) + len(key))


@pytest.mark.browser
@pytest.mark.shared
def test_files_become_clauses_with_their_departments(office: Office) -> None:
    page = office.staff("manager")
    send(page, "通知.docx", word(office.lines(FINAL)))
    assert share(shown(page), office.key(FINAL)) >= 0.99
    expect(page.locator("#progress")).to_contain_text("36 条")
    photograph(page, "preparing-word")
    send(page, "方案.pdf", printed_pdf(office.lines(TABLE), office.browser))
    assert share(shown(page), office.key(TABLE)) >= 0.95
    photograph(page, "preparing-pdf")


@pytest.mark.browser
@pytest.mark.shared
def test_a_page_is_corrected_checked_and_opened_by_a_second_person(office: Office) -> None:
    page = office.staff("manager")
    send(page, "征求意见.html", html(office.lines(PAGE)).encode())
    assert share(shown(page), office.key(PAGE)) >= 0.99  # the key takes another name of a body, too
    expect(page.locator("main")).to_contain_text("识别到： 征求意见稿、公告、起草说明")
    photograph(page, "preparing-page")
    correct_a_heading(page)
    slug = choose(page)
    check_and_hand_over(page)
    open_it(office, slug)


def correct_a_heading(page: Page) -> None:
    """Inline, beside its source; then a doubt is looked at."""
    clause = page.locator("article.found", has=page.locator(".found-label", has_text=re.compile("^二/（一）/2$")))
    clause.locator("summary", has_text="修改").click()
    clause.get_by_label("标题", exact=True).fill("加强机构养老服务")
    photograph(page, "preparing-editor")
    clause.get_by_role("button", name="保存本条").click()
    clause = page.locator("article.found", has_text="加强机构养老服务")
    expect(clause).to_contain_text("已修改")
    expect(page.locator("#progress")).to_contain_text("1 条已修改")
    doubts = int(page.locator("#doubts .count").inner_text().split(" / ")[0])
    page.locator("form.doubts button").first.click()
    expect(page.locator("#doubts .count")).not_to_contain_text(f"{doubts} / ")


def choose(page: Page) -> str:
    """First with two mistakes, which come back together; then mended."""
    page.get_by_role("link", name="下一步：填写信息").click()
    expect(page.get_by_label("截止时间（北京时间）")).to_have_value("2025-05-08T00:00")
    page.get_by_label("征求意见稿标题").fill("")
    page.get_by_label("网址末段").fill("Elder Care")
    page.get_by_role("button", name="保存并进入检查").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    photograph(page, "preparing-choices-wrong")
    page.get_by_label("征求意见稿标题").fill("养老服务改革实施方案（征求意见稿）")
    page.get_by_label("网址末段").fill("elder-care")
    page.get_by_role("button", name="保存并进入检查").click()
    return "elder-care"


def check_and_hand_over(page: Page) -> None:
    """The window is caught: eight days, of which three are working days."""
    window = page.get_by_role("region", name=re.compile("期限"))
    expect(window).to_contain_text(re.compile(r"8\s*(?:个)?(?:自然)?(?:日|天)"))
    expect(window).to_contain_text(re.compile(r"3\s*个工作日"))
    expect(page.locator("main")).to_contain_text("202557日前")
    photograph(page, "preparing-checks")
    page.locator("a[href*='/texts/notice#line-']").first.click()
    expect(page.locator(".line:target")).to_contain_text("202557日前")
    photograph(page, "preparing-source")
    page.get_by_role("link", name="返回检查").click()
    page.get_by_role("button", name="移交第二人").click()
    expect(page.locator("main")).to_contain_text("请另一位工作人员复核后开放")


def open_it(office: Office, slug: str) -> None:
    page = office.staff(SECOND)
    page.goto("/staff/consultations")
    photograph(page, "preparing-list")
    page.locator(".sheet-row").get_by_role("link").click()
    photograph(page, "preparing-handed-over")
    page.get_by_role("link", name="前往复核页面").click()
    photograph(page, "preparing-opening")
    page.locator("textarea[name=short_window_reason]").fill("事项紧急，相关政策须在本月内出台。")
    page.locator("form.primary button").click()
    expect(page.locator("textarea[name=short_window_reason]")).to_have_count(0)
    page.goto(f"/consultations/{slug}")
    expect(page.locator("main")).to_contain_text("加强机构养老服务")
    clause = page.locator("article.clause", has_text="加强机构养老服务")
    expect(clause).to_contain_text("省国资委")
    photograph(page, "preparing-public")
