"""Enlarged to four times, with wider spaces between letters, and on paper."""

import pytest
from playwright.sync_api import Browser, expect

from tests.accessibility import checks
from tests.accessibility.pages import PLACES, go
from tests.accessibility.site import READERS, Site, visiting

# 1280 by 1024 pixels of a screen at 400 % are these CSS pixels (WCAG 2.2 §1.4.10).
FOUR_TIMES = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
MAIN_PLACES = ["home", "draft", "form with digits", "form with errors", "answers to check", "receipt just sent"]
PRESSED = (".brand", ".reading", ".skip", ".tabs", ".choosing-bar", ".foot-links.no-print", "summary.no-print")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("place", MAIN_PLACES)
def test_four_times_as_large(site: Site, browser: Browser, place: str, reader: str) -> None:
    with visiting(site, browser, READERS[reader], **FOUR_TIMES) as visit:
        go(visit, place)
        assert checks.own(visit.page, "overflow") == []
        assert checks.ask(visit.page, "stays") < 0.5, "what stays in place leaves half of the window"
        checks.ask(visit.page, "space")
        assert checks.own(visit.page, "overflow") == [], "with wider spaces (§1.4.12)"


@pytest.mark.parametrize("place", MAIN_PLACES)
def test_letters_twice_as_large(site: Site, browser: Browser, place: str) -> None:
    with visiting(site, browser, READERS["chinese"], viewport={"width": 640, "height": 512}) as visit:
        go(visit, place)
        visit.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert checks.own(visit.page, "overflow") == []


@pytest.mark.parametrize("place", [name for name, place in PLACES.items() if place.status == 200])
def test_on_paper_there_is_the_content_and_nothing_to_press(site: Site, browser: Browser, place: str) -> None:
    with visiting(site, browser, READERS["chinese"], viewport={"width": 720, "height": 1000}) as visit:
        go(visit, place)
        visit.page.emulate_media(media="print")
        expect(visit.page.locator("h1")).to_be_visible()
        for gone in (
            ".brand",
            ".reading",
            ".skip",
            ".tabs",
            ".choosing-bar",
            ".foot-links.no-print",
            "summary.no-print",
        ):
            for one in visit.page.locator(gone).all():
                expect(one).to_be_hidden()
        assert checks.own(visit.page, "overflow") == []


def test_the_planted_wide_page_is_seen(site: Site, browser: Browser) -> None:
    with visiting(site, browser, {}, **FOUR_TIMES) as visit:
        body = "<main><div style='width:600px'>wide</div><p style='position:fixed;height:200px'>stays</p></main>"
        visit.page.route("**/planted", lambda route: route.fulfill(body=body, content_type="text/html"))
        visit.page.goto("/planted")
        assert checks.own(visit.page, "overflow") != []
        assert checks.ask(visit.page, "stays") > 0.5
