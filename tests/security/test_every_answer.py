"""What every answer carries and what none tells: headers, character sets, names of versions, forgotten files."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from starlette.testclient import TestClient

from app.kit.observing import configure_logging
from app.permissions import Role
from security.forgotten import NAMES
from tests.security import walking
from tests.support import journey
from tests.support.app import serving, signed_in
from tests.support.journey import SLUG, StoppedClock, World

PROMISED = {
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
KEPT_BY_BROWSERS = ("no-store", "no-cache", "private")
TELLS = ("uvicorn", "starlette", "fastapi", "python", "werkzeug")


@pytest.fixture
def world(sqlite_world: World) -> World:
    journey.assignment(sqlite_world, clause=sqlite_world.clauses[2])
    return sqlite_world


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


@pytest.mark.parametrize("role", [None, Role.MANAGER])
def test_every_page_has_the_headers_and_says_its_character_set(
    browser: TestClient, world: World, role: Role | None
) -> None:
    if role is not None:
        signed_in(browser, role)
    for address in [*walking.addresses(world.database), "/nowhere"]:
        answer = browser.get(address)
        assert PROMISED.items() <= answer.headers.items(), address
        assert "default-src 'none'" in answer.headers["content-security-policy"], address
        assert "unsafe" not in answer.headers["content-security-policy"], address
        assert answer.headers["referrer-policy"] in ("same-origin", "no-referrer"), address
        kind = answer.headers.get("content-type", "")
        assert not kind.startswith("text/") or "charset=utf-8" in kind.lower(), address
        if address.startswith(("/staff", "/office")):
            assert any(word in answer.headers["cache-control"] for word in KEPT_BY_BROWSERS), address


def test_no_answer_names_a_version(browser: TestClient) -> None:
    for address in ("/", "/nowhere", "/api/v1/nowhere", "/static/none.css", "/healthz"):
        answer = browser.get(address)
        assert "server" not in answer.headers
        assert "x-powered-by" not in answer.headers
        told = json.dumps(dict(answer.headers)).lower()
        assert [word for word in TELLS if word in told] == []


def test_what_is_often_forgotten_is_not_there(browser: TestClient) -> None:
    names = NAMES.read_text(encoding="utf-8").split()
    assert len(names) > 30
    assert {name: status for name in names if (status := browser.get(f"/{name}").status_code) != 404} == {}


@pytest.mark.parametrize("header", ["host", "x-forwarded-host", "forwarded", "x-original-url", "x-rewrite-url"])
def test_what_a_client_calls_its_host_is_in_no_page(browser: TestClient, header: str) -> None:
    given = "host=evil.example" if header == "forwarded" else "evil.example"
    for address in (
        "/",
        f"/consultations/{SLUG}",
        "/receipts",
        "/staff/sign-in",
        f"/consultations/{SLUG}/comments.atom",
    ):
        answer = browser.get(address, headers={header: given})
        assert "evil.example" not in answer.text
        assert "evil.example" not in json.dumps(dict(answer.headers))


@pytest.fixture
def logging_as_served(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("logging_as_served")
def test_nothing_in_a_request_writes_a_line_of_its_own(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = 'zz\r\n{"event":"forged","level":"error"}\x1b[31m'
    with serving(world.database, StoppedClock()) as client:
        configure_logging()
        capsys.readouterr()
        for address in ("/nowhere", "/receipts", f"/consultations/{SLUG}/comments"):
            client.get(address, params={"number": hostile, "q": hostile}, headers={"user-agent": "zz\x1b[31mforged"})
        client.post("/staff/sign-in", data={"username": hostile, "password": hostile})
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) >= 4
    for line in lines:
        assert json.loads(line)["event"] != "forged"
        assert "forged" not in line
        assert "\x1b" not in line
