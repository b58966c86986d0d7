"""What a screen reader is given: roles and names of the form, as form.aria.yml has them, and what happens on errors.

After a change of the form that is meant, YANLU_TEST_WRITES_NAMES=1 writes the expectation anew; read the difference.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.accessibility.pages import FORM, go, send
from tests.accessibility.site import READERS, Site, visiting

KEPT = Path(__file__).with_name("form.aria.yml")
LANDMARKS = ("body > header", "main", "body > footer")
SPOKEN_OF = re.compile(
    r" *- (banner|main|contentinfo|navigation|heading|group|textbox|combobox|checkbox|button|link|img|status)\b"
)
"""What one moves by; the words between are no part of the agreement."""


def test_the_form_is_read_out_as_it_was_agreed(site: Site, browser: Browser) -> None:
    with visiting(site, browser, READERS["chinese"], java_script_enabled=False) as visit:
        visit.page.goto(FORM)
        names = "\n".join(visit.page.locator(landmark).aria_snapshot() for landmark in LANDMARKS) + "\n"
    names = "".join(line for line in names.splitlines(keepends=True) if SPOKEN_OF.match(line))
    if os.environ.get("YANLU_TEST_WRITES_NAMES"):
        KEPT.write_text(names, encoding="utf-8")
    assert names == KEPT.read_text(encoding="utf-8")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("place", ["form with errors", "receipts with errors", "misuse with errors"])
def test_errors_take_the_focus_and_lead_to_their_fields(site: Site, browser: Browser, place: str, reader: str) -> None:
    with visiting(site, browser, READERS[reader]) as visit:
        page = visit.page
        go(visit, place)
        expect(page).to_have_title(re.compile(r"^(错误：|Error:)"))
        expect(page.locator(".error-summary")).to_be_focused()
        for link in page.locator(".error-summary a").all():
            field = (link.get_attribute("href") or "")[1:]
            link.click()
            expect(page.locator(f"[id={field}]")).to_be_focused()
            told = page.locator(f"[id={field}]").evaluate("e => e.getAttribute('aria-describedby') || ''")
            assert f"{field}-error" in told.split()
            assert page.locator(f"[id={field}]").get_attribute("aria-invalid") == "true"
            assert page.locator(f"[id={field}-error]").inner_text().endswith(link.inner_text())


def test_nothing_is_announced_twice_or_without_a_name(site: Site, browser: Browser) -> None:
    with visiting(site, browser, READERS["english"]) as visit:
        visit.page.goto(site.plain_url + FORM)
        send(visit)
        names = visit.page.locator("body").aria_snapshot()
    assert not re.findall(r"- (?:link|button|textbox|combobox|checkbox|img)(?: \[\w+\])*:?$", names, flags=re.MULTILINE)
