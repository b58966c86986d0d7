"""The same service under a base path, on separate listeners, in two languages, with the headers of ASVS V3.4."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.config import Side
from app.kit.database import Database
from app.permissions import Role
from tests.support import journey
from tests.support.app import ENTRY, errors_of, hidden, serving, signed_in, words
from tests.support.journey import SLUG, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"
PAGES = [
    "/",
    "/consultations",
    f"/consultations/{SLUG}",
    FORM,
    f"/consultations/{SLUG}/comments",
    "/receipts",
    "/privacy",
]


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


@pytest.mark.parametrize("prefix", ["", "/yj"])
def test_under_a_base_path_every_link_carries_it_whether_a_proxy_strips_it_or_not(world: World, prefix: str) -> None:
    with serving(world.database, StoppedClock(), base_path="/yj") as client:
        page = client.get(prefix + FORM)
        assert page.status_code == 200
        assert f'action="/yj{FORM}"' in page.text
        assert 'href="/consultations' not in page.text
        answer = client.post(prefix + FORM, data=hidden(page.text) | ENTRY)
        assert answer.headers["location"].startswith("/yj/receipts/")
        assert client.get(answer.headers["location"]).status_code == 200
        styles = [part.split('"')[0] for part in page.text.split('href="')[1:] if "/static/" in part.split('"')[0]]
        assert styles
        assert all(client.get(style.partition("#")[0]).status_code == 200 for style in styles)
        assert client.get(prefix + "/api/v1/openapi.json").status_code == 200
        assert client.get(prefix + "/staff").headers["location"].startswith("/yj/staff/sign-in")


@pytest.mark.parametrize(
    ("side", "served"),
    [(Side.PUBLIC, "/consultations"), (Side.STAFF, "/staff/sign-in"), (Side.API, "/api/v1/openapi.json")],
)
def test_a_listener_serves_its_side_and_nothing_of_the_others(world: World, side: Side, served: str) -> None:
    with serving(world.database, StoppedClock(), sides=[side]) as client:
        for path in ("/consultations", "/staff/sign-in", "/api/v1/openapi.json"):
            assert client.get(path).status_code == (200 if path == served else 404)
        assert client.get("/healthz").status_code == 200


def test_links_to_another_side_lead_to_where_it_is_served(world: World) -> None:
    journey.submit(world)
    with serving(world.database, StoppedClock(), sides=[Side.STAFF], public_url="https://public.example") as client:
        page = signed_in(client, Role.MANAGER).get(f"/staff/consultations/{SLUG}")
        assert f"https://public.example/consultations/{SLUG}" in page.text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_security_headers_and_nothing_inline(browser: TestClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "x-request-id" in answer.headers
    assert " style=" not in answer.text
    assert "<script>" not in answer.text
    assert "http://" not in answer.text.replace("http://testserver", "").replace("http://www.w3.org", "")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_in_the_language_that_was_asked_for(browser: TestClient, path: str) -> None:
    chinese = browser.get(path)
    assert '<html lang="zh-CN"' in chinese.text
    english = browser.get(path, params={"lang": "en"})
    assert '<html lang="en"' in english.text
    assert '<html lang="en"' in browser.get(path).text, "the choice holds on the next page"
    assert '<html lang="zh-CN"' in browser.get(path, params={"lang": "zh_CN"}).text


def test_the_browsers_language_counts_until_one_is_chosen(browser: TestClient) -> None:
    assert '<html lang="en"' in browser.get("/", headers={"accept-language": "en-GB,en;q=0.9"}).text
    assert '<html lang="zh-CN"' in browser.get("/", headers={"accept-language": "fr"}).text
    assert '<html lang="zh-CN"' in browser.get("/", headers={"cookie": "yanlu_lang=xx; ="}).text


def test_errors_are_told_in_the_readers_language(browser: TestClient) -> None:
    browser.get("/", params={"lang": "en"})
    answer = browser.post(FORM, data=ENTRY | {"phone": "86001234"})
    assert errors_of(answer.text)["phone"] == "Add the area code before the number, for example 024-86001234"


def test_metrics_are_for_the_inside_only(world: World) -> None:
    with serving(world.database, StoppedClock(), metrics_networks=["127.0.0.0/8"]) as client:
        assert client.get("/metrics").status_code == 404, "the test client has no address inside"
    with TestClient(client.app, client=("127.0.0.1", 1)) as inside:
        assert "yanlu_requests_total" in inside.get("/metrics").text
        assert inside.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404


def test_production_cookies_are_bound_to_the_host_and_to_tls(world: World) -> None:
    with serving(world.database, StoppedClock(), secure_cookies=True) as client:
        client.base_url = "https://testserver"
        fields = hidden(client.get("/staff/sign-in").text) | {"username": "editor", "password": journey.PASSWORD}
        cookie = client.post("/staff/sign-in", data=fields).headers["set-cookie"]
        assert cookie.startswith("__Host-")
        for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
            assert part in cookie
        assert client.get("/").headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_unready_until_the_schema_is_there(tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.sqlite3")
    with serving(database, StoppedClock(), database_url=f"sqlite:///{tmp_path}/empty.sqlite3") as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503


def test_the_home_page_names_open_coming_and_closed_consultations(world: World) -> None:
    clock = StoppedClock()
    with serving(world.database, clock) as client:
        assert world.consultation.title in words(client.get("/").text)
        clock.at = world.consultation.closes_at
        assert world.consultation.title in words(client.get("/consultations").text)


@pytest.mark.parametrize("path", ["/", "/healthz", f"/consultations/{SLUG}"])
def test_head_is_answered_as_get(browser: TestClient, path: str) -> None:
    assert browser.head(path).status_code == browser.get(path).status_code == 200
    assert browser.head("/nowhere").status_code == 404
