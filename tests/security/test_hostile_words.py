"""Hostile words in every field that people fill in: wherever they are shown, they are text and nothing else."""

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.permissions import Role
from tests.security import walking
from tests.support import journey
from tests.support.app import ENTRY, filled, serving, signed_in, words
from tests.support.journey import SLUG, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"
MARK = "zzhostile"
HOSTILE = (
    f"</script><script>{MARK}()</script>"
    f"\"'><svg onload={MARK}()><img src=x onerror={MARK}()>"
    f'</textarea></title><a href="javascript:{MARK}()">x</a>{{{{ 7*7 }}}}{{% raw %}}\u2028]]>-->'
    "'; DROP TABLE submissions; --"
)
READERS = (Role.LEAD, Role.APPROVER, Role.OFFICER)


def unescaped(page: str) -> list[str]:
    """What a browser would make of the hostile words besides text."""
    root = lxml.html.fromstring(page)
    ran = [element for element in root.iter("script") if MARK in (element.text or "")]
    ran += root.xpath("//*[@onload or @onerror or starts-with(@href, 'javascript:')]")
    return [lxml.html.tostring(element, encoding="unicode")[:120] for element in ran]


@pytest.fixture
def world(sqlite_world: World) -> World:
    """Hostile words sent in, gathered, approved and handed over."""
    suggestion = journey.approved_suggestion(sqlite_world, text=HOSTILE, comment=f"{HOSTILE}。建议周末开放。")
    journey.assigned(sqlite_world, suggestion)
    return sqlite_world


def show(browser: TestClient, world: World) -> int:
    """How many pages showed the words; each as text."""
    shown = 0
    for address in walking.addresses(world.database):
        answer = browser.get(address)
        if "text/html" in answer.headers.get("content-type", ""):
            assert unescaped(answer.text) == [], address
            shown += MARK in answer.text
    return shown


def test_hostile_words_are_text_wherever_they_are_shown(world: World) -> None:
    with serving(world.database, StoppedClock()) as browser:
        assert show(browser, world) >= 1, "instant display"
        counts = {role: show(signed_in(browser, role), world) for role in READERS}
    assert all(counts.values()), counts


@pytest.mark.parametrize("field", ["title", "comment", "name", "phone", "email", "id_number"])
def test_hostile_words_come_back_as_text_in_the_form(sqlite_world: World, field: str) -> None:
    with serving(sqlite_world.database, StoppedClock()) as browser:
        page = browser.get(FORM).text
        answer = browser.post(FORM, data=filled(page, **(ENTRY | {field: HOSTILE, "consent": ""})))
        assert answer.status_code == 422
        assert unescaped(answer.text) == []


@pytest.mark.parametrize(
    "address",
    [
        f"/consultations/{SLUG}/comments?q=",
        f"/consultations/{SLUG}/comments?clause=",
        "/receipts?number=",
        "/staff/sign-in?next=",
        "/?lang=",
        "/consultations?size=",
    ],
)
def test_hostile_words_in_an_address_are_text_or_nothing(sqlite_world: World, address: str) -> None:
    path, _, name = address.rpartition("?")
    with serving(sqlite_world.database, StoppedClock()) as browser:
        answer = browser.get(path, params={name.rstrip("="): HOSTILE})
        assert answer.status_code < 500
        assert unescaped(answer.text) == []


def test_a_page_that_shows_them_unescaped_would_be_seen() -> None:
    assert len(unescaped(f"<html><body>{HOSTILE}</body></html>")) >= 3
    assert MARK in words(f"<html><body><p>{MARK}</p></body></html>")
