"""A draft is read aloud by a voice of the device, clause by clause or whole; without one, nothing is offered."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessibility.site import READERS, Site, visiting
from tests.support.journey import SLUG

VOICES = """(() => {
  const said = [];
  let waiting = null;
  class Utterance { constructor(text) { this.text = text; } }
  const synthesis = {
    said, paused: false, addEventListener() {}, getVoices: () => %s,
    speak(utterance) { said.push(utterance); waiting = utterance; }, cancel() { waiting = null; },
    pause() { this.paused = true; }, resume() { this.paused = false; },
    end() { const ended = waiting; waiting = null; ended?.onend(); },
  };
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
  window.SpeechSynthesisUtterance = Utterance;
})()"""
OWN = "[{ lang: 'en-US', localService: true }, { lang: 'zh-CN', localService: true, name: 'own' }]"
REMOTE = "[{ lang: 'zh-CN', localService: false }, { lang: 'en-US', localService: true }]"


def opened(page: Page, voices: str) -> Page:
    page.add_init_script(VOICES % voices)
    page.goto(f"/consultations/{SLUG}")
    return page


def said(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(
        "speechSynthesis.said.map((one) => ({ text: one.text, lang: one.lang, voice: one.voice.name }))"
    )
    return found


def read_to_the_end(page: Page) -> str:
    for _sentence in range(200):
        page.evaluate("speechSynthesis.end()")
    return "".join(one["text"] for one in said(page))


def test_a_clause_is_read_by_the_devices_chinese_voice(site: Site, browser: Browser) -> None:
    with visiting(site, browser, READERS["chinese"]) as visit:
        page = opened(visit.page, OWN)
        clause = page.locator(".clause").first
        clause.get_by_role("button", name="朗读本条").click()
        assert said(page)[0] | {"text": ""} == {"text": "", "lang": "zh-CN", "voice": "own"}
        expect(page.locator("#player")).to_be_visible()
        expect(page.locator("#player-now")).to_contain_text(clause.locator("[data-spoken]").first.inner_text())
        whole = read_to_the_end(page)
        assert "步行十分钟可以到达" in whole
        assert "后厨应当公开" not in whole
        expect(page.locator("#player-now")).to_have_text("朗读已停止。")


def test_the_whole_draft_is_read_paused_and_stopped(site: Site, browser: Browser) -> None:
    with visiting(site, browser, READERS["chinese"]) as visit:
        page = opened(visit.page, OWN)
        page.get_by_role("button", name="朗读全文").click()
        page.get_by_role("button", name="暂停").click()
        assert page.evaluate("speechSynthesis.paused")
        page.get_by_role("button", name="继续").click()
        assert not page.evaluate("speechSynthesis.paused")
        whole = read_to_the_end(page)
        assert all(words in whole for words in ("步行十分钟", "后厨应当公开", "费用由各方合理分担"))
        assert "责任部门" not in whole
        page.get_by_role("button", name="朗读全文").click()
        before = len(said(page))
        page.get_by_role("button", name="停止").click()
        page.evaluate("speechSynthesis.end()")
        assert len(said(page)) == before
        expect(page.locator("#player")).to_be_hidden()


@pytest.mark.parametrize("voices", [REMOTE, "[]"])
def test_without_a_voice_of_the_device_nothing_is_offered(site: Site, browser: Browser, voices: str) -> None:
    """A remote voice would send the text to whoever runs it."""
    with visiting(site, browser, READERS["chinese"]) as visit:
        page = opened(visit.page, voices)
        expect(page.locator("[data-print]").first).to_be_visible()
        for button in page.locator("[data-aloud]").all():
            expect(button).to_be_hidden()
