"""The desk's own pages: no violation of WCAG 2.2 AA that a program finds, in light and in dark; nothing too wide.

The places to press are smaller here than on public pages: 24 px (WCAG 2.2, 2.5.8), where a mouse or keys are at hand.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from app.permissions import Role
from tests.accessibility import checks
from tests.accessibility.site import PHONE, Site
from tests.support.journey import PASSWORD


@contextmanager
def at_work(site: Site, browser: Browser) -> Iterator[Page]:
    """A screener before the list of what is to be screened."""
    context = browser.new_context(
        base_url=site.plain_url, locale="zh-CN", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/staff")
    page.get_by_label("用户名").fill(Role.SCREENER.value)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#list-title").wait_for()
    page.wait_for_load_state()  # a list is seen before its keys work
    yield page
    context.close()


def open_case(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator("#case-title").wait_for()
    page.wait_for_load_state()


def open_sheet(page: Page) -> None:
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()


def choose_many(page: Page) -> None:
    for key in ("j", "x", "b", "Tab", "Enter"):
        page.keyboard.press(key)
    page.locator("#ready-title").wait_for()
    page.wait_for_load_state()


WAYS = {
    "a list": lambda page: None,
    "a table": lambda page: page.goto("/staff/queue?look=table"),
    "an item beside its list": open_case,
    "the sheet of keys": open_sheet,
    "a decision on many": choose_many,
    "the overview": lambda page: page.goto("/staff/overview"),
}


@pytest.mark.browser
@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_broken_on_the_desk(site: Site, browser: Browser, way: str) -> None:
    with at_work(site, browser) as page:
        WAYS[way](page)
        found = {"light": checks.by_axe(page), "outline": checks.own(page, "outline")}
        page.emulate_media(color_scheme="dark")
        found["dark"] = checks.by_axe(page, only=["color-contrast"])
        page.set_viewport_size({"width": PHONE, "height": 640})
        found["overflow"] = checks.own(page, "overflow")
    assert found == {"light": [], "outline": [], "dark": [], "overflow": []}


@pytest.mark.browser
def test_keys_do_nothing_while_somebody_types_or_has_switched_them_off(site: Site, browser: Browser) -> None:
    with at_work(site, browser) as page:
        page.keyboard.press("/")
        page.keyboard.type("j?x")
        assert page.evaluate("document.activeElement.value") == "j?x"
        assert page.locator("dialog[open]").count() == 0
        page.keyboard.press("Escape")
        page.keyboard.press("Control+j")
        assert page.evaluate("document.activeElement.id") == "list-title"
        page.goto("/staff/queue?keys=off")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement === document.body")
