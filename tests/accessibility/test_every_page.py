"""Every public page in both languages: no violation of WCAG 2.2 AA that a program finds, no own rule broken.

In 关怀模式 the harder limits hold: contrast of 7:1, places to press of 60 px, letters of 18 points. It changes
tokens and not pages, so one page of each layout stands for the others.
"""

import pytest
from playwright.sync_api import Browser

from tests.accessibility import checks
from tests.accessibility.pages import PLACES, go
from tests.accessibility.site import READERS, Site, visiting

LAYOUTS = (
    "home",
    "draft",
    "form",
    "form with errors",
    "answers to check",
    "comments",
    "receipt looked up",
    "statistics",
)
VISITS = [(place, reader) for place in PLACES for reader in READERS if reader != "care" or place in LAYOUTS]


def test_a_layout_is_a_place() -> None:
    assert set(LAYOUTS) <= PLACES.keys()


@pytest.mark.parametrize(("place", "reader"), VISITS)
def test_nothing_is_broken(site: Site, browser: Browser, place: str, reader: str) -> None:
    with visiting(site, browser, READERS[reader]) as visit:
        go(visit, place)
        found = checks.examined(visit.page, care=reader == "care", dark=reader != "english")
        strangers = checks.elsewhere(visit.asked, site.origins)
    assert found == {}
    assert strangers == []


PLANTED = """<!doctype html><html lang="en"><head><title>x</title></head><body>
<main><h1>One</h1><h1>Two</h1>
<a href="/x">go</a>
<input type="text" placeholder="Name" aria-label="Name">
<p>意见征集 and <span style="color:#aaa">pale words</span> <b style="color:#707070">grey</b></p>
<p>2026年5月11日 24:00（北京时间）</p>
<img src="https://elsewhere.invalid/a.png">
<div style="width:900px">wide</div>
</main></body></html>"""

RULES = {"axe", "labels", "languages", "instants", "outline", "targets", "letters", "dark", "overflow"} | {
    "targets on a phone"
}


def test_a_bad_page_is_reported_by_the_same_checks(site: Site, browser: Browser) -> None:
    with visiting(site, browser, {}) as visit:
        visit.page.route(
            "**/planted", lambda route: route.fulfill(body=PLANTED, content_type="text/html; charset=utf-8")
        )
        visit.page.route("https://elsewhere.invalid/**", lambda route: route.abort())
        visit.page.goto(f"{site.url}/planted")
        found = checks.examined(visit.page, care=True)
        strangers = checks.elsewhere(visit.asked, {site.url})
    assert found.keys() == RULES
    broken = {line.partition(":")[0] for line in found["axe"]}
    assert {"image-alt", "color-contrast", "color-contrast-enhanced"} <= broken
    assert strangers == ["https://elsewhere.invalid/a.png"]
