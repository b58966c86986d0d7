"""The comment form in Chromium: drafts that stay in the browser, the counter, focus, keys only, no script at all."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from app.kit.clock import SystemClock
from app.kit.database import Database
from app.main import build
from app.submissions.fields import COMMENT_LIMIT, accepted_words
from tests.support.app import ENTRY, SECRETS, settings
from tests.support.journey import SLUG, World, decide, opened
from tests.support.live import live

pytestmark = pytest.mark.browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FORM = f"/consultations/{SLUG}/comment"
FIRST, THIRD = "一/（一）", "二/（三）"
ODD = (
    "  字\n\n字 ",
    "𠮷野家👍🏽",
    "e\u0301",
    "a\u202eb\u200bcde",
    "一\u2028二\u0085三",
    "\ufeff一二三四五六七\u00ad",
    "👩\u200d🌾",
)
"""Texts whose code points are not what they seem."""
SHORTEST_PAUSE = 3000
"""Milliseconds in which the counter has surely spoken."""


@dataclass(frozen=True)
class Scene:
    world: World
    url: str
    browser: Browser

    def context(self, **given: Any) -> BrowserContext:
        context = self.browser.new_context(base_url=self.url, locale="zh-CN", **given)
        context.set_default_timeout(20_000)
        return context


@pytest.fixture
def scene(sqlite_url: str, chromium_path: str) -> Iterator[Scene]:
    """Its window is open now, and its form shows everything once more."""
    clock = SystemClock()
    database = Database(sqlite_url)
    world = opened(database, at=clock.now())
    with database.writing() as session:
        decide(session, world.consultation, checks_answers=True)
    with live(build(settings(), SECRETS, database, clock)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield Scene(world, url, browser)
        browser.close()
    database.close()


def fill_identity(page: Page) -> None:
    for name in ("name", "id_number", "phone", "email"):
        page.locator(f"#{name}").fill(ENTRY[name])
    page.locator("#occupation").select_option(ENTRY["occupation"])
    page.locator("#consent").check()


def kept(page: Page) -> dict[str, str]:
    """All that the browser stores for this site."""
    found: dict[str, str] = json.loads(page.evaluate("JSON.stringify({...localStorage})"))
    return found


def test_a_draft_comes_back_with_its_clauses_and_goes_when_it_was_sent(scene: Scene) -> None:
    page = scene.context().new_page()
    page.goto(f"{FORM}?clause={FIRST}&clause={THIRD}")
    page.locator("#title").fill("没写完的标题")
    page.locator("#comment").fill("没写完的意见")
    areas = page.locator(".block textarea")
    areas.nth(0).fill("对第一条的意见")
    page.locator(".block details:has(textarea) summary").nth(1).click()
    areas.nth(3).fill("另外的文字")
    page.goto("/")
    page.goto(FORM)
    expect(page.locator("[data-restored]")).to_contain_text("已恢复您上次未提交的内容")
    expect(page.locator(".block")).to_have_count(2)
    expect(page.locator("#title")).to_have_value("没写完的标题")
    expect(page.locator("#comment")).to_have_value("没写完的意见")
    expect(areas.nth(0)).to_have_value("对第一条的意见")
    expect(areas.nth(3)).to_have_value("另外的文字")
    expect(areas.nth(3)).to_be_visible()
    fill_identity(page)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请核对您填写的内容")
    page.get_by_role("button", name="提交意见").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("收到")
    page.wait_for_load_state()
    assert kept(page) == {}
    page.goto(FORM)
    expect(page.locator("#title")).to_have_value("")


def test_nothing_about_the_person_is_ever_kept(scene: Scene) -> None:
    page = scene.context().new_page()
    page.goto(f"{FORM}?clause={FIRST}")
    page.locator("#title").fill(ENTRY["title"])
    page.locator("#comment").fill(ENTRY["comment"])
    fill_identity(page)
    (key,) = kept(page)
    assert set(json.loads(kept(page)[key])["fields"]) == {"title", "comment"}
    page.locator("#email").fill("nobody")
    page.get_by_role("button", name="下一步").click()
    expect(page).to_have_title(re.compile("^错误："))
    page.wait_for_load_state()
    stored = json.dumps(kept(page), ensure_ascii=False)
    for name in ("name", "id_number", "phone", "email", "occupation"):
        assert ENTRY[name] not in stored
    assert "captcha" not in stored


def test_the_draft_can_be_cleared_and_switched_off(scene: Scene) -> None:
    context = scene.context()
    page = context.new_page()
    page.goto(FORM)
    page.locator("#comment").fill("没写完的意见")
    page.goto(FORM)
    page.get_by_role("button", name="清除").click()
    expect(page.locator("#comment")).to_have_value("")
    assert kept(page) == {}
    page.get_by_label("不在本机保存草稿").check()
    page.locator("#comment").fill("公共电脑")
    page.goto(FORM)
    expect(page.locator("#comment")).to_have_value("")
    expect(page.get_by_label("不在本机保存草稿")).to_be_checked()
    assert "公共电脑" not in json.dumps(kept(page), ensure_ascii=False)


def test_the_counter_counts_as_the_server_does_and_speaks_after_a_pause(scene: Scene) -> None:
    page = scene.context().new_page()
    page.goto(FORM)
    counter = page.locator("#comment ~ .counter")
    page.locator("#comment").fill("字")
    assert counter.text_content() == "", "not at every key"
    expect(counter).to_contain_text(str(COMMENT_LIMIT - 1), timeout=SHORTEST_PAUSE)
    assert counter.get_attribute("role") == "status"
    for entered in ODD:
        page.locator("#comment").fill("x" + entered)
        left = COMMENT_LIMIT - len(accepted_words("x" + entered))
        expect(counter).to_contain_text(f"填写{left}字", timeout=SHORTEST_PAUSE)
    page.locator("#comment").fill("字" * (COMMENT_LIMIT + 2))
    expect(counter).to_have_class(re.compile("counter-over"), timeout=SHORTEST_PAUSE)


def test_all_texts_share_one_count_and_wording_left_as_it_is_counts_nothing(scene: Scene) -> None:
    page = scene.context().new_page()
    page.goto(f"{FORM}?clause={FIRST}")
    page.locator("#comment").fill("一二三")
    area = page.locator(".block textarea").first
    area.fill("四五")
    expect(page.locator(".block .counter").first).to_contain_text(str(COMMENT_LIMIT - 5), timeout=SHORTEST_PAUSE)


def test_errors_take_focus_and_lead_to_their_fields(scene: Scene) -> None:
    page = scene.context().new_page()
    page.goto(FORM)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_be_focused()
    for link in page.get_by_role("alert").get_by_role("link").all():
        link.click()
        target = (link.get_attribute("href") or "").removeprefix("#")
        expect(page.locator(f"#{target}")).to_be_focused()
        beside = page.locator(f"#{target}-error")
        expect(beside).to_contain_text((link.text_content() or "").strip())


def test_keys_alone_lead_over_the_check_page_to_the_receipt(scene: Scene) -> None:
    page = scene.context().new_page()
    page.goto(f"{FORM}?clause={FIRST}")
    page.locator("#title").focus()
    page.keyboard.type(ENTRY["title"])
    page.keyboard.press("Tab")
    page.keyboard.type(ENTRY["comment"])
    fill_identity(page)
    page.locator("#title").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("请核对您填写的内容")
    page.wait_for_load_state()
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.value ?? ''"))
        if reached[-1] == "send":
            break
    assert reached.count("change") == 9, "title, comment, the clause, five about the person, consent"
    first_change = page.locator("button[value=change]").first
    first_change.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#title")).to_have_value(ENTRY["title"])
    expect(page).to_have_url(re.compile("#title$"))
    page.wait_for_load_state()
    page.locator("#title").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="提交意见").focus()
    page.wait_for_load_state()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("收到")


def test_without_javascript_clauses_are_added_checked_and_sent(scene: Scene) -> None:
    page = scene.context(java_script_enabled=False).new_page()
    page.goto(FORM)
    expect(page.locator("#draft-off")).to_be_hidden()
    page.locator("#title").fill(ENTRY["title"])
    for number, label in enumerate((FIRST, THIRD), 1):
        page.locator("#clause").select_option(label)
        page.locator("button[value=add_clause]").click()
        expect(page.locator(".block")).to_have_count(number)
        page.wait_for_load_state()
    expect(page.locator(".block textarea").nth(2)).to_be_focused()
    page.locator(".block textarea").nth(2).fill("送餐要快。")
    page.locator(".block").first.get_by_role("button").click()
    expect(page.locator(".block")).to_have_count(1)
    page.wait_for_load_state()
    expect(page.locator("#title")).to_have_value(ENTRY["title"])
    fill_identity(page)
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("main")).to_contain_text("送餐要快。")
    page.locator("button[value=change]").first.click()
    expect(page.locator(".block textarea").first).to_have_value("送餐要快。")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交意见").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("收到")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_is_wider_than_the_window(scene: Scene, width: int) -> None:
    page = scene.context(viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{FORM}?clause={FIRST}&clause={THIRD}")
    page.locator("#title").fill("长" * 60)
    page.locator(".block textarea").first.fill("W" * 200)
    fill_identity(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请核对您填写的内容")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
