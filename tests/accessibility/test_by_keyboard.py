"""Everything by keyboard alone: reached, seen, in the order of the page, and never held fast."""

from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessibility import checks
from tests.accessibility.pages import FORM, go
from tests.accessibility.site import READERS, Site, visiting
from tests.support.app import ENTRY
from tests.support.journey import SLUG

MOST_STOPS = 200
WALKED = ["home", "draft", "form with digits", "form with errors", "answers to check", "receipts"]


@dataclass(frozen=True)
class Stop:
    """What has the focus."""

    stop: int
    name: str
    is_outlined: bool
    is_covered: bool
    left: float
    top: float
    is_main: bool


def from_the_top(page: Page) -> None:
    """The next Tab leads to the first stop, wherever the page has put the focus."""
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")


def stops(page: Page) -> list[Stop]:
    """One way through the page with the Tab key, to where the browser leaves it."""
    found: list[Stop] = []
    for _press in range(MOST_STOPS):
        page.keyboard.press("Tab")
        now = checks.ask(page, "focused")
        if now is None or (found and now["stop"] == 0):
            return found
        if not found or found[-1].stop != now["stop"]:
            found.append(Stop(**now))
    raise AssertionError(f"the focus doesn't come out again: {found[-3:]}")


def upwards(found: list[Stop]) -> list[str]:
    """Steps that lead up the page within one column."""
    return [
        f"{one.name} → {other.name}"
        for one, other in pairwise(found)
        if one.is_main and other.is_main and other.top < one.top - 8 and abs(other.left - one.left) < 300
    ]


@pytest.mark.parametrize("reader", ["chinese", "care"])
@pytest.mark.parametrize(
    "place", ["home", "draft", "form with digits", "form with errors", "answers to check", "receipts"]
)
def test_every_stop_is_reached_in_order_and_seen(site: Site, browser: Browser, place: str, reader: str) -> None:
    with visiting(site, browser, READERS[reader]) as visit:
        go(visit, place)
        from_the_top(visit.page)
        found = stops(visit.page)
        assert checks.ask(visit.page, "unreached") == []
    assert [stop.name for stop in found if not stop.is_outlined] == [], "not seen to have the focus"
    assert [stop.name for stop in found if stop.is_covered] == [], "hidden behind something (WCAG 2.2 §2.4.11)"
    assert upwards(found) == []
    assert len({stop.stop for stop in found}) == len(found)


def test_the_first_stop_leads_past_the_head(site: Site, browser: Browser) -> None:
    with visiting(site, browser, READERS["chinese"]) as visit:
        go(visit, "draft")
        visit.page.keyboard.press("Tab")
        expect(visit.page.locator(".skip")).to_be_focused()
        expect(visit.page.locator(".skip")).to_be_in_viewport()
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("!!document.activeElement.closest('main')")


def test_a_comment_is_sent_by_keyboard(site: Site, browser: Browser) -> None:
    """Tab from field to field, typing what the field asks; Enter on the button."""
    with visiting(site, browser, READERS["chinese"]) as visit:
        page = visit.page
        page.goto(site.plain_url + FORM)
        for name, value in ENTRY.items():
            tab_to(page, name)
            if name == "consent":
                page.keyboard.press("Space")
            elif name == "occupation":
                page.keyboard.press("ArrowDown")
            else:
                page.keyboard.type(value)
        tab_to(page, "")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "/receipts/" in page.url
        assert "您的意见已收到" in page.locator("h1").inner_text()


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the field with this name has the focus; without a name, until a button that sends."""
    wanted = f"e => e.name === {name!r}" if name else "e => e.matches('button.button-wide[type=submit]')"
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(f"({wanted})(document.activeElement)"):
            return
    raise AssertionError(f"{name or 'the button'} isn't reached")


def test_several_clauses_are_chosen_by_keyboard(site: Site, browser: Browser) -> None:
    with visiting(site, browser, READERS["chinese"]) as visit:
        page = visit.page
        page.goto(f"/consultations/{SLUG}")
        boxes = page.locator(".choosing input[type=checkbox]")
        for place in (0, 2):
            boxes.nth(place).focus()
            page.keyboard.press("Space")
        chosen = [boxes.nth(place).get_attribute("value") for place in (0, 2)]
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert [value for value in chosen if f"clause={value}" not in unquote_plus(page.url)] == []


def test_a_page_that_hides_its_focus_is_seen(site: Site, browser: Browser) -> None:
    with visiting(site, browser, {}) as visit:
        body = "<main style='padding:40px'><a href='/1' style='outline:none'>one</a></main>"
        visit.page.route("**/planted", lambda route: route.fulfill(body=body, content_type="text/html"))
        visit.page.goto("/planted")
        found = stops(visit.page)
        assert [stop.is_outlined for stop in found] == [False]
