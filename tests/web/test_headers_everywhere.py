"""Every answer of every route carries the security headers (ASVS 5.0 V3.4), whatever its status."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from app.main import build
from app.web.headers import HEADERS, content_security_policy
from tests.support.app import SECRETS, settings
from tests.support.journey import SLUG, StoppedClock, World

CONTENT_SECURITY_POLICY = content_security_policy()
STRICT = ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'")
NIL = "00000000-0000-0000-0000-000000000000"
ELSEWHERE = [
    "/no/such/page",
    "/api/v1/no-such",
    "/api/v1/assignments",
    "/api/v1/openapi.json",
    "/api/docs/",
    "/static/no-such.css",
    "/healthz",
    "/readyz",
    "/metrics",
]


@pytest.fixture(scope="module")
def browser(_sqlite_world: Any) -> Iterator[TestClient]:
    """The one world as it is: nothing here changes anything."""
    with _sqlite_world.copied(_sqlite_world.url) as world:
        yield from served(world)


def served(world: World, **given: Any) -> Iterator[TestClient]:
    app = build(settings(**given), SECRETS, world.database, StoppedClock())
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


def missing(answer: Any) -> list[str]:
    """What an answer lacks, by header."""
    found = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("content-security-policy", "")
    if policy != CONTENT_SECURITY_POLICY and not ("default-src 'none'" in policy and "unsafe" not in policy):
        found.append("Content-Security-Policy")
    if "no-store" not in answer.headers.get("cache-control", "") and "/static/" not in str(answer.url):
        found.append("Cache-Control")
    found += [name for name in ("Referrer-Policy", "X-Request-Id") if name not in answer.headers]
    return found + [name for name in ("Server", "X-Powered-By") if name in answer.headers]


def test_every_route_answers_with_them_whoever_asks(browser: TestClient) -> None:
    wrong: dict[str, list[str]] = {}
    paths = {str(one.path) for one in iter_route_contexts(browser.app.routes)}  # type: ignore[attr-defined]
    for path in sorted(paths):
        address = re.sub(r"\{slug[^}]*\}", SLUG, path)
        address = re.sub(r"\{[^}]*\}", NIL, address)
        for method in ("GET", "POST", "DELETE"):
            lacking = missing(browser.request(method, address))
            if lacking and not (lacking == ["Cache-Control"] and method == "GET" and is_for_everybody(address)):
                wrong[f"{method} {path}"] = lacking
    assert wrong == {}
    assert len(paths) > 100


def is_for_everybody(address: str) -> bool:
    """Pages that say themselves how long they may be kept: none of staff, none about a person."""
    return not address.startswith(("/staff", "/office", "/receipts", "/api", "/rights"))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_what_is_no_page_has_them_too(browser: TestClient, address: str) -> None:
    lacking = missing(browser.get(address))
    assert lacking in ([], ["Cache-Control"])


def test_errors_have_them(browser: TestClient) -> None:
    form = f"/consultations/{SLUG}/comment"
    too_large = browser.post("/receipts", content=b"a=" + b"b" * 300_000, headers=FORM)
    other_type = browser.post(form, content=b"{}", headers={"Content-Type": "application/json"})
    twice = browser.post("/receipts", content=b"receipt_number=1&receipt_number=2", headers=FORM)
    answers = {413: too_large, 415: other_type, 400: twice}
    assert {wanted: answer.status_code for wanted, answer in answers.items()} == {one: one for one in answers}
    assert {status: missing(answer) for status, answer in answers.items()} == {status: [] for status in answers}


def test_a_failure_of_the_pages_themselves_has_them(sqlite_world: World) -> None:
    for client in served(sqlite_world):
        client.app.state.pages = None  # type: ignore[attr-defined]
        failed = client.get("/")
        assert failed.status_code == 500
        assert missing(failed) == []


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


LIMITS = [("/receipts", 256), ("/staff/sign-in", 64), (f"/consultations/{SLUG}/comment", 256)]


@pytest.mark.parametrize(("address", "kilobytes"), LIMITS)
@pytest.mark.parametrize("announced", [True, False])
def test_forms_are_counted_as_they_arrive(browser: TestClient, address: str, kilobytes: int, announced: bool) -> None:
    """Chunked bodies announce nothing."""
    for size, is_refused in ((kilobytes * 1024, False), (kilobytes * 1024 + 1, True)):
        body = b"a=" + b"b" * (size - 2)
        sent = body if announced else iter([body[:1000], body[1000:]])
        answer = browser.post(address, content=sent, headers=FORM)
        assert (answer.status_code == 413) == is_refused
        assert missing(answer) == []
    assert "<html" in answer.text


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    assert all(part in CONTENT_SECURITY_POLICY for part in STRICT)
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY


def test_other_host_names_get_no_page(sqlite_world: World) -> None:
    for client in served(sqlite_world, trusted_hosts=["yanlu.example.cn"], public_url="https://yanlu.example.cn"):
        answer = client.get("/", headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert "<" not in answer.text
        assert missing(answer) == []
        assert client.get("/", headers={"Host": "yanlu.example.cn"}).status_code == 200
        assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


SPOOFED = {
    "X-Forwarded-For": "192.0.2.1",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "4444",
    "X-Forwarded-Prefix": "/evil",
    "X-Real-IP": "192.0.2.1",
    "X-Original-URL": "/staff",
    "X-Rewrite-URL": "/staff",
    "Forwarded": "for=192.0.2.1;host=evil.example;proto=https",
}


def test_what_a_client_says_of_a_proxy_changes_nothing(browser: TestClient) -> None:
    plain, spoofed = browser.get("/"), browser.get("/", headers=SPOOFED)
    assert spoofed.text == plain.text
    assert browser.get("/staff", headers=SPOOFED).headers.get("location") == browser.get("/staff").headers.get(
        "location"
    )
