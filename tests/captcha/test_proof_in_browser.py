"""The proof of work in Chromium: the published vectors, the same tags as native code, and the form's way with it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from argon2.low_level import Type, hash_secret_raw
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import select

from app.captcha.challenge import EVER, Challenges
from app.main import build
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission
from tests.support.app import ENTRY, SECONDS_TO_SOLVE, SECRETS, settings
from tests.support.journey import SLUG, START, RunningClock, World
from tests.support.live import live

WORKER = Path(__file__).parents[2] / "static" / "js" / "proof-worker.js"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FORM = f"/consultations/{SLUG}/comment"
LATE_WORKER = """
const Real = Worker;
window.Worker = class extends Real { postMessage(data) { setTimeout(() => super.postMessage(data), 1500); } };
"""
PATIENCE = 60_000
"""Milliseconds, for a machine that has other things to do."""
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def hashing(browser: Browser) -> Iterator[Page]:
    """A page that knows the worker's functions."""
    page = browser.new_page()
    page.add_script_tag(content=WORKER.read_text(encoding="utf-8"))
    yield page
    page.close()


def test_blake2b_is_that_of_rfc_7693(hashing: Page) -> None:
    for length, size in product((0, 1, 127, 128, 129, 256, 1000), (16, 32, 64)):
        data = bytes(number % 251 for number in range(length))
        got = hashing.evaluate("([size, data]) => [...blake2b(size, new Uint8Array(data))]", [size, list(data)])
        assert bytes(got) == hashlib.blake2b(data, digest_size=size).digest()


def test_argon2id_gives_the_tag_of_rfc_9106(hashing: Page) -> None:
    """§5.3: three passes over 32 KiB in four lanes, with a secret and associated data."""
    got = hashing.evaluate(
        """() => {
          const bytes = (size, value) => new Uint8Array(size).fill(value);
          return [...argon2id({ password: bytes(32, 1), salt: bytes(16, 2), secret: bytes(8, 3), data: bytes(12, 4),
                                passes: 3, lanes: 4, memory: 32, size: 32 })];
        }"""
    )
    assert bytes(got).hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


@pytest.mark.parametrize(
    ("memory", "passes", "lanes", "size"),
    [(8, 1, 1, 16), (64, 1, 1, 32), (512, 1, 1, 16), (100, 2, 3, 64), (256, 3, 2, 200)],
)
def test_argon2id_gives_the_tags_of_native_code(hashing: Page, memory: int, passes: int, lanes: int, size: int) -> None:
    for password in ("1", "240", "1234567"):
        got = hashing.evaluate(
            """({ password, ...shape }) => [...argon2id({
                 ...shape, password: new TextEncoder().encode(password), salt: new Uint8Array(16).fill(255) })]""",
            {"password": password, "memory": memory, "passes": passes, "lanes": lanes, "size": size},
        )
        native = hash_secret_raw(
            password.encode(),
            b"\xff" * 16,
            time_cost=passes,
            memory_cost=memory,
            parallelism=lanes,
            hash_len=size,
            type=Type.ID,
        )
        assert bytes(got) == native


@dataclass(frozen=True)
class Site:
    world: World
    url: str
    browser: Browser
    clock: RunningClock

    def form(self, *, script: bool = True, before: str = "") -> Page:
        context = self.browser.new_context(base_url=self.url, locale="zh-CN", java_script_enabled=script)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        if before:
            page.add_init_script(before)
        page.goto(FORM)
        return page

    def states(self) -> list[SubmissionState]:
        with self.world.database.reading() as session:
            return list(session.scalars(select(Submission.state)))


@pytest.fixture
def site(sqlite_world: World, browser: Browser) -> Iterator[Site]:
    given = settings(captcha=True, captcha_work=24)
    clock = RunningClock(START - datetime.now(UTC))
    with live(build(given, SECRETS, sqlite_world.database, clock)) as url:
        yield Site(sqlite_world, url, browser, clock)
    for context in browser.contexts:
        context.close()


def fill(page: Page) -> None:
    for name in ("title", "comment", "name", "id_number", "phone", "email"):
        page.locator(f"[name={name}]").fill(ENTRY[name])
    page.locator("select[name=occupation]").select_option(ENTRY["occupation"])
    page.locator("input[name=consent]").check()


def send(page: Page) -> None:
    page.get_by_role("button", name="提交意见").click()
    expect(page).to_have_url(re.compile(r"/receipts/\d{16}$"), timeout=PATIENCE)


def test_with_a_script_no_picture_is_shown_or_fetched_and_the_receipt_is_reached(site: Site) -> None:
    asked: list[str] = []
    page = site.form()
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator("[data-digits]")).to_be_hidden()
    fill(page)
    focused = page.evaluate("document.activeElement.name")
    expect(page.locator(".verify [role=status]")).to_have_text("安全校验已完成。", timeout=PATIENCE)
    assert page.evaluate("document.activeElement.name") == focused, "the check takes no focus"
    site.clock.ahead += SECONDS_TO_SOLVE
    send(page)
    assert not [url for url in asked if "/captcha/" in url]
    assert site.states() == [SubmissionState.RECEIVED]


def test_sending_before_it_is_done_waits_visibly_and_then_goes_on_by_itself(site: Site) -> None:
    page = site.form(before=LATE_WORKER)
    fill(page)
    site.clock.ahead += SECONDS_TO_SOLVE
    page.get_by_role("button", name="提交意见").click()
    expect(page.locator(".proof-note")).to_contain_text("完成后将自动提交")
    expect(page).to_have_url(re.compile(r"/receipts/\d{16}$"), timeout=PATIENCE)
    assert site.states() == [SubmissionState.RECEIVED]


FAULTS = {
    "no such file": "",
    "no worker": "delete window.Worker",
    "no beginning": "window.Worker = class { constructor() { throw 1; } }",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_where_the_script_fails_the_digits_are_there(site: Site, fault: str) -> None:
    page = site.form(before=FAULTS[fault])
    if fault == "no such file":
        page.route("**/proof-worker*", lambda route: route.fulfill(status=404, body=""))
    page.locator("[name=title]").fill(ENTRY["title"])
    expect(page.locator("[data-digits] img")).to_be_visible()
    expect(page.locator("#captcha")).to_be_editable()


def test_without_a_script_picture_and_recording_are_there_and_lead_to_the_receipt(site: Site) -> None:
    page = site.form(script=False)
    expect(page.locator("[data-proof-told]")).to_be_hidden()
    picture = page.locator("[data-digits] img")
    expect(picture).to_be_visible()
    expect(page.locator("audio")).to_be_visible()
    expect(page.locator(".leave-empty input")).to_be_hidden()
    token = page.locator("[name=captcha_token]").input_value()
    fill(page)
    page.locator("#captcha").fill(_digits(site, token))
    site.clock.ahead += SECONDS_TO_SOLVE
    send(page)
    assert site.states() == [SubmissionState.RECEIVED]


def _digits(site: Site, token: str) -> str:
    return Challenges(SECRETS.signing).read(token, EVER).digits
