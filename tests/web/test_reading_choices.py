"""Size, 关怀模式 and language by links alone, kept in cookies that scripts can't read."""

from collections.abc import Iterator

import lxml.html
import pytest
from starlette.testclient import TestClient

from tests.support.app import ENTRY, hidden, serving
from tests.support.journey import SLUG, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


def root_class(page: str) -> set[str]:
    return set((lxml.html.fromstring(page).get("class") or "").split())


def test_a_choice_in_any_address_holds_and_is_kept(browser: TestClient) -> None:
    assert root_class(browser.get("/").text) == {"size-medium"}
    answer = browser.get(FORM, params={"size": "large", "care": "on"})
    assert root_class(answer.text) == {"size-large", "care"}
    for cookie in answer.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Secure" not in cookie
    assert root_class(browser.get("/privacy").text) == {"size-large", "care"}
    assert root_class(browser.get("/no-such-page").text) == {"size-large", "care"}, "errors too"
    browser.get("/", params={"care": "off", "size": "small"})
    assert root_class(browser.get("/").text) == {"size-small"}


def test_the_large_view_has_an_address_of_its_own(browser: TestClient) -> None:
    answer = browser.get("/care")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?care=on")


@pytest.mark.parametrize("asked", [{"size": "huge"}, {"care": "yes"}, {"size": ""}, {"care": "on\r\nx: y"}])
def test_what_is_no_choice_changes_nothing(browser: TestClient, asked: dict[str, str]) -> None:
    answer = browser.get("/", params=asked)
    assert root_class(answer.text) == {"size-medium"}
    assert "set-cookie" not in answer.headers
    for cookie in ("yanlu_size=huge", "yanlu_size", "yanlu_care=\x01", "=;;yanlu_care"):
        assert root_class(browser.get("/", headers={"cookie": cookie.encode()}).text) == {"size-medium"}


def test_over_tls_the_cookies_are_for_tls_only(world: World) -> None:
    with serving(world.database, StoppedClock(), secure_cookies=True) as client:
        cookies = client.get("/", params={"size": "large", "lang": "en"}).headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("Secure" in cookie for cookie in cookies)


def test_under_a_base_path_the_cookies_stay_there(world: World) -> None:
    with serving(world.database, StoppedClock(), base_path="/yijian") as client:
        answer = client.get("/yijian/", params={"care": "on"})
        assert "Path=/yijian;" in answer.headers["set-cookie"]
        assert client.get("/yijian/care").headers["location"] == "/yijian/?care=on"


def test_links_keep_the_rest_of_the_address(browser: TestClient) -> None:
    page = lxml.html.fromstring(browser.get(FORM, params={"clause": "一/（一）", "size": "small"}).text)
    links = page.xpath("//nav[contains(@class, 'reading')]//a/@href")
    assert len(links) == 5
    assert all(link.startswith("?clause=") for link in links)
    assert all(link.count("size=") == 1 for link in links)


def test_what_can_only_be_sent_leads_to_the_start_page_instead(browser: TestClient) -> None:
    bounced = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | {"phone": "1"})
    assert 'href="?care=on"' in bounced.text, "this address can be asked for again"
    refused = browser.post("/consultations/none/comment/late", data={"late_code": "x"})
    assert 'href="/?care=on"' in refused.text


def test_the_desk_stays_as_it_is(browser: TestClient) -> None:
    browser.get("/", params={"care": "on"})
    assert root_class(browser.get("/staff/sign-in").text) == set()
