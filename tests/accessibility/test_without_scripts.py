"""With JavaScript switched off every function is there, and nothing that needs it is offered."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.accessibility.pages import FORM, fill, send
from tests.accessibility.site import READERS, Site, Visit, visiting
from tests.support.journey import SLUG


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    with visiting(site, browser, READERS["chinese"], java_script_enabled=False) as opened:
        yield opened


def test_a_comment_is_sent_and_its_receipt_read(visit: Visit) -> None:
    visit.page.goto(visit.site.plain_url + FORM)
    fill(visit.page)
    send(visit)
    expect(visit.page.locator("h1")).to_have_text("您的意见已收到")


def test_mistakes_are_told_and_nothing_is_lost(visit: Visit) -> None:
    visit.page.goto(visit.site.plain_url + FORM)
    fill(visit.page)
    visit.page.locator("#phone").fill("12")
    send(visit)
    expect(visit.page).to_have_title(re.compile("^错误："))
    expect(visit.page.locator("#title")).not_to_have_value("")
    visit.page.locator(".error-summary a").first.click()
    expect(visit.page).to_have_url(re.compile("#phone$"))


def test_the_captcha_has_its_picture_and_its_sound(visit: Visit) -> None:
    visit.page.goto(FORM)
    expect(visit.page.locator("#captcha")).to_be_visible()
    expect(visit.page.locator(".captcha img")).to_be_visible()
    expect(visit.page.locator(".captcha audio")).to_be_visible()


def test_clauses_are_chosen_on_the_draft_and_are_chosen_in_the_form(visit: Visit) -> None:
    visit.page.goto(f"/consultations/{SLUG}")
    for place in (0, 2):
        visit.page.locator(".choosing input[type=checkbox]").nth(place).check()
    visit.page.locator(".choosing-bar button").click()
    expect(visit.page).to_have_url(re.compile("clause=[^=]+clause=[^=]+$"))


def test_only_what_works_is_offered(visit: Visit) -> None:
    visit.page.goto(f"/consultations/{SLUG}")
    for needs_scripts in ("[data-aloud]", "[data-print]", "#player"):
        for one in visit.page.locator(needs_scripts).all():
            expect(one).to_be_hidden()
    expect(visit.page.locator(".tools a[download]")).to_be_visible()


def test_letters_and_view_are_changed_by_links(visit: Visit) -> None:
    visit.page.goto(f"/consultations/{SLUG}")
    size = "parseFloat(getComputedStyle(document.querySelector('.prose p')).fontSize)"
    medium = visit.page.evaluate(size)
    visit.page.get_by_role("link", name="大", exact=True).click()
    expect(visit.page.locator("html.size-large")).to_have_count(1)
    visit.page.wait_for_load_state()
    large = visit.page.evaluate(size)
    visit.page.get_by_role("link", name="关怀模式").click()
    expect(visit.page.locator("html.care")).to_have_count(1)
    visit.page.wait_for_load_state()
    care = visit.page.evaluate(size)
    assert medium < large < care
    assert visit.page.url.partition("?")[0].endswith(f"/consultations/{SLUG}"), "the reader stays on the page"
    visit.page.goto("/privacy")
    expect(visit.page.locator("html.care")).to_have_count(1)
    visit.page.get_by_role("link", name="退出关怀模式").click()
    expect(visit.page.locator("html.care")).to_have_count(0)
    visit.page.goto("/care")
    expect(visit.page.locator("html.care")).to_have_count(1)
    expect(visit.page.locator("h1")).to_contain_text("请您提意见")
