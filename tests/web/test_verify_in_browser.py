"""The check in Chromium with the network off: the script says what the server says, in the same words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.kit.signing import Signer
from app.main import build
from app.submissions import queries as submissions
from app.submissions.receipt_file import receipt_file
from app.transparency import receipt_files, sealing
from app.transparency.keys import signer_of, trusted
from app.web.public.log_words import answers
from tests.support import deciding, journey
from tests.support.app import SECRETS, settings
from tests.support.journey import START, StoppedClock, World
from tests.support.live import live
from tests.web.test_form_in_browser import ARGUMENTS

pytestmark = pytest.mark.browser
SIGNER, EARLIER = signer_of(None, SECRETS.signing), Signer(b"e" * 32)
KEYS = trusted(SIGNER, [EARLIER.public])


@dataclass(frozen=True)
class Scene:
    url: str
    browser: Browser
    file: dict[str, Any]


def a_file(world: World) -> dict[str, Any]:
    receipt = journey.submit(world, title="题目", comment="第一行\n“引号”与\\反斜线、\u2028𠮷\u007f")
    with world.database.writing() as session:
        row = submissions.by_number(session, receipt.number)
        assert row is not None
        deciding.accept(session, world.staff.screener, START, row.id, row.revision)
    for minute in range(5):
        with world.database.writing() as session:
            sealing.seal(session, START + timedelta(minutes=minute))
    with world.database.reading() as session:
        found = submissions.by_number(session, receipt.number)
        assert found is not None
        content = receipt_file(session, SIGNER, found).content
    assert content is not None
    return dict(content)


@pytest.fixture
def scene(sqlite_world: World) -> Iterator[Scene]:
    app = build(settings(earlier_signature_keys=[EARLIER.public]), SECRETS, sqlite_world.database, StoppedClock())
    file = a_file(sqlite_world)
    with live(app) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield Scene(url, browser, file)
        browser.close()


def altered(file: dict[str, Any]) -> list[dict[str, Any]]:
    """The file as it is, and each way in which it can be wrong."""
    first, outcome = file["entries"]
    proof = first["proof"]
    other_title = {**first, "fields": {**first["fields"], "title": "另一题目"}}
    return [
        file,
        {**file, "entries": [first]},
        {**file, "entries": [{**first, "proof": None}, outcome]},
        {**file, "entries": [other_title, {**outcome, "fields": {**outcome["fields"], "outcome": "duplicate"}}]},
        {**file, "entries": [{**first, "salt": "00" * 32}, outcome]},
        {**file, "entries": [{**first, "proof": {**proof, "place": 3}}, outcome]},
        {**file, "entries": [{**first, "proof": {**proof, "batch_path": proof["batch_path"][:-1]}}, outcome]},
        {**file, "promise": {**file["promise"], "by": file["promise"]["at"]}},
        {**file, "head": {**file["head"], "at": first["at"][:-3] + "00Z"}},
        {**file, "key": "A" * 43 + "="},
        {**file, "key": EARLIER.public},
    ]


def said(page: Page, file: Any, path: Path) -> list[str]:
    """What the page answers, a line each."""
    path.write_text(json.dumps(file, ensure_ascii=False), encoding="utf-8")
    page.locator("#verify-answers").evaluate("(part) => part.replaceChildren()")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="开始核验").click()
    expect(page.locator("#verify-answers li").first).to_be_visible()
    return page.locator("#verify-answers h3, #verify-answers li").all_text_contents()


def expected(file: dict[str, Any]) -> list[str]:
    found = answers(receipt_files.check(file, KEYS), file)
    return [text for answer in found for text in (answer.question, *(line.text for line in answer.lines))]


def plain(lines: list[str]) -> list[str]:
    """Without the instants, which the browser words by itself."""
    return ["".join(char for char in line if not char.isdigit() and char not in " :年月日，") for line in lines]


def test_it_is_checked_offline_and_says_what_the_server_says(scene: Scene, tmp_path: Path) -> None:
    context = scene.browser.new_context(base_url=scene.url, locale="zh-CN")
    page = context.new_page()
    page.goto("/verify")
    page.wait_for_load_state()
    context.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for file in altered(scene.file):
        assert plain(said(page, file, tmp_path / "receipt.json")) == plain(expected(file))
    assert said(page, {"format": "x"}, tmp_path / "receipt.json") == ["这不是本系统的回执文件，或者文件已损坏。"]
    # A browser asks for the tab's emblem when it finds the time, whatever the page does.
    assert [url for url in asked if "/static/favicon" not in url] == []
    assert page.locator("#verify-server").is_visible()
    context.close()


def test_a_browser_without_ed25519_says_that_the_signature_was_not_checked(scene: Scene, tmp_path: Path) -> None:
    context = scene.browser.new_context(base_url=scene.url, locale="zh-CN")
    context.add_init_script(
        "const known = SubtleCrypto.prototype.importKey; SubtleCrypto.prototype.importKey = function (...given) {"
        " if (given[2].name === 'Ed25519') return Promise.reject(new DOMException('no', 'NotSupportedError'));"
        " return known.apply(this, given); };"
    )
    page = context.new_page()
    page.goto("/verify")
    page.wait_for_load_state()
    lines = said(page, scene.file, tmp_path / "receipt.json")
    assert "签名未核验" in lines[1]
    assert lines[3].startswith("没有改动")
    page.get_by_role("button", name="改由服务器核验").click()
    expect(page.locator("#verify-answers li").first).to_contain_text("已收到")
    context.close()
