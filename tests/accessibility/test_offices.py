"""A department's own pages: no violation of WCAG 2.2 AA that a program finds, in light and in dark; nothing too wide.

The way through them, with their states, is walked in tests/journey/test_offices_in_browser.py.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from app.permissions import Role
from tests.accessibility import checks
from tests.accessibility.site import PHONE, Site
from tests.support.journey import PASSWORD

PAGES = ("/office?view=answered", "/office/templates/new", "/office/settings", "/office/confirming")


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """The head of the drafting department's office, signed in."""
    context = browser.new_context(base_url=site.plain_url, locale="zh-CN", reduced_motion="reduce")
    shown = context.new_page()
    shown.goto("/staff/sign-in")
    shown.get_by_label("用户名").fill(Role.OFFICE_HEAD.value)
    shown.get_by_label("密码").fill(PASSWORD)
    shown.keyboard.press("Enter")
    shown.locator("#list-title").wait_for()
    yield shown
    context.close()


@pytest.mark.browser
def test_nothing_is_broken_in_an_office(page: Page) -> None:
    found: dict[str, list[str]] = {}
    for address in PAGES:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(address)
        found[address] = [*checks.by_axe(page), *checks.own(page, "outline")]
        page.emulate_media(color_scheme="dark")
        found[address] += checks.by_axe(page, only=["color-contrast"])
        page.set_viewport_size({"width": PHONE, "height": 640})
        found[address] += checks.own(page, "overflow")
    assert found == {address: [] for address in PAGES}
