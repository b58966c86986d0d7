"""The whole path in Chromium with JavaScript switched off, as citizen, screener, editor, approver and department.

With YANLU_TEST_IMAGES naming a folder the pages are photographed into it: that is how docs/images is made.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from app.captcha.challenge import Challenges
from app.main import build
from tests.support.app import ENTRY
from tests.support.demonstration import Demonstration, demonstration
from tests.support.journey import RunningClock
from tests.support.live import live

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FILLING_IN = timedelta(minutes=4)
"""What a person takes for it; a form that comes back within seconds is held for somebody to look at."""
TITLE = "给公交站到小区的路装上路灯"
WORDS = "小区北门到公交站的一段路没有路灯，晚上走路看不清。建议在这一段加装路灯，并把破损的盲道修好。"


@dataclass(frozen=True)
class Scene:
    """The running demonstration and a browser that looks at it."""

    demo: Demonstration
    url: str
    browser: Browser
    clock: RunningClock

    def context(self, width: int = 1280) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.url, locale="zh-CN", java_script_enabled=False, viewport={"width": width, "height": 900}
        )
        context.set_default_timeout(20_000)
        return context

    def staff(self, role: str) -> Page:
        page = self.context(1440).new_page()
        page.goto("/staff")
        username, password = self.demo.password(role)
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        expect(page).not_to_have_url(re.compile("/sign-in"))
        page.wait_for_load_state()
        return page


@pytest.fixture
def scene(tmp_path: Path, sqlite_url: str, chromium_path: str) -> Iterator[Scene]:
    clock = RunningClock()
    demo = demonstration(tmp_path, sqlite_url, clock)
    with (
        live(build(demo.settings, demo.secrets, demo.database, clock)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield Scene(demo, url, browser, clock)
        browser.close()


def photograph(page: Page, name: str, whole: bool = True) -> None:
    """The whole page, or what the window shows of it."""
    folder = os.environ.get("YANLU_TEST_IMAGES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)


def fill(scene: Scene, page: Page) -> None:
    """Everything that the form asks, the digits of the picture read by the one who holds the key."""
    page.get_by_role("textbox", name="标题").fill(TITLE)
    page.get_by_role("textbox", name="总体意见").fill(WORDS)
    page.get_by_role("textbox", name="姓名").fill(ENTRY["name"])
    page.get_by_role("combobox", name="职业").select_option(ENTRY["occupation"])
    page.get_by_role("textbox", name="联系电话").fill(ENTRY["phone"])
    page.get_by_role("textbox", name="邮箱").fill(ENTRY["email"])
    token = page.locator("input[name=captcha_token]").get_attribute("value") or ""
    challenge = Challenges(scene.demo.secrets.signing).read(token, scene.clock.now())
    page.get_by_role("textbox", name="验证码").fill(challenge.digits)
    page.get_by_role("checkbox", name=re.compile("同意")).check()
    scene.clock.ahead += FILLING_IN


def send_comment(scene: Scene) -> tuple[str, str]:
    """First with a mistake, then mended; answers receipt number and access code as they stand on the slip."""
    page = scene.context().new_page()
    page.goto("/")
    photograph(page, "home")
    page.get_by_role("link", name="查看草案").first.click()
    expect(page).to_have_url(re.compile(f"/consultations/{scene.demo.facts.slug}"))
    page.goto(f"{page.url.partition('#')[0]}#draft")
    photograph(page, "draft", whole=False)
    page.get_by_role("link", name=re.compile("对本条提意见")).nth(1).click()
    expect(page).to_have_url(re.compile("/comment"))
    page.wait_for_load_state()
    photograph(page, "form")
    fill(scene, page)
    page.get_by_role("textbox", name="身份证号码").fill("210102199002300014")
    page.get_by_role("button", name="下一步").click()
    expect(page).to_have_title(re.compile("^错误："))
    expect(page.get_by_role("alert")).to_contain_text("19900230")
    photograph(page, "errors")
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_role("textbox", name="身份证号码").fill(ENTRY["id_number"])
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请核对您填写的内容")
    photograph(page, "check")
    page.get_by_role("button", name="提交意见").click()
    expect(page).to_have_url(re.compile(r"/receipts/\d{16}$"))
    photograph(page, "receipt")
    slip = page.locator("main").inner_text()
    number = page.url.rpartition("/")[2]
    found = re.findall(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}\s?){3}[0-9A-HJKMNP-TV-Z]{4}\b", slip)
    (code,) = {re.sub(r"\s", "", text) for text in found} - {number}
    return number, code


def work_on_it(scene: Scene) -> None:
    """Screening, editing, approval by a second person, assignment."""
    page = scene.staff("screener")
    photograph(page, "queue")
    page.locator("main").get_by_role("link", name=re.compile(TITLE)).click()
    expect(page.locator("main")).to_contain_text(WORDS[:20])
    photograph(page, "case")
    case = page.get_by_role("link", name="单独打开").get_attribute("href") or ""
    page.get_by_role("button", name="受理").click()
    expect(page.locator("main").get_by_role("link", name=re.compile(TITLE))).to_have_count(0)
    page = scene.staff("editor")
    page.goto(case)
    for box in page.locator("input[id^=sentence-]").all():
        box.check()
    page.get_by_label("一两句话写清楚").fill("在公交站至小区路段加装路灯并修复盲道。")
    page.get_by_label("条款", exact=True).select_option(index=1)
    page.get_by_label("主题").fill("照明")
    photograph(page, "gathering")
    page.get_by_role("button", name="生成建议").click()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("button", name="提交审核")).to_have_count(0)
    suggestion = page.url
    page = scene.staff("approver")
    page.goto(suggestion)
    page.get_by_role("button", name="审核通过", exact=True).click()
    expect(page.get_by_role("button", name="交办", exact=True)).to_be_visible()
    photograph(page, "assigning")
    page.get_by_role("button", name="交办", exact=True).click()
    expect(page.locator("main")).to_contain_text("已送达")


def answer_by_api(scene: Scene) -> None:
    """The department's program, with the key that the demonstration made for it."""
    headers = {"Authorization": f"Bearer {scene.demo.facts.api_key}"}
    with httpx2.Client(base_url=f"{scene.url}/api/v1", headers=headers, timeout=30) as client:
        (item,) = client.get("/assignments").json()["items"]
        assert client.post(f"/assignments/{item['id']}/acknowledge").status_code == 200
        answer = {"disposition": "adopted", "reason": "已列入年度计划，明年汛期前完成。"}
        assert client.post(f"/assignments/{item['id']}/answer", json=answer).status_code == 200


def confirm_and_release(scene: Scene) -> None:
    """The manager records the drafting department's letter; the publisher releases what lies in the outbox."""
    where = f"/staff/consultations/{scene.demo.facts.slug}/outcomes"
    page = scene.staff("manager")
    page.goto(where)
    page.get_by_label("起草单位来函文号或其他依据").fill("民函〔2026〕3号")
    page.get_by_label("确认日期").fill(scene.clock.now().date().isoformat())
    page.get_by_label("起草单位确认人").fill("处长")
    photograph(page, "confirming")
    page.get_by_role("button", name="登记确认").click()
    expect(page.get_by_role("button", name="登记确认")).to_have_count(0)
    page = scene.staff("publisher")
    page.goto(f"{where}?state=confirmed")
    page.get_by_label("发布事项名称").fill("第一批办理结果")
    page.get_by_label("依据").fill("起草单位已来函确认。")
    page.get_by_role("button", name="提交呈批").click()
    page.get_by_label("签批人").fill("分管领导")
    photograph(page, "releasing")
    page.get_by_role("button", name="批准发布").click()
    expect(page.locator("main")).to_contain_text("已发布")


@pytest.mark.browser
def test_a_comment_goes_from_form_to_outcome_without_javascript(scene: Scene) -> None:
    number, code = send_comment(scene)
    page = scene.context().new_page()
    page.goto(f"/consultations/{scene.demo.facts.slug}/comments")
    expect(page.locator("main")).to_contain_text(WORDS[:20])
    photograph(page, "comments")
    work_on_it(scene)
    answer_by_api(scene)
    confirm_and_release(scene)
    page = scene.context().new_page()
    page.goto("/receipts")
    page.get_by_role("textbox", name="回执编号").fill(number)
    page.get_by_role("textbox", name="查询码").fill(code.lower())
    page.get_by_role("button", name=re.compile("查询")).click()
    for words in ("采纳", "已列入年度计划", "在公交站至小区路段加装路灯并修复盲道。"):
        expect(page.locator("main")).to_contain_text(words)
    photograph(page, "outcome")
    auditor = scene.staff("auditor")
    expect(auditor.locator("main table").first).to_contain_text("已收到")
