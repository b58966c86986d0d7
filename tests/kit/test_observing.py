"""One log line for each request: the route's template, a request id, and nothing that a person typed."""

import errno
import io
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import structlog
from fastapi import FastAPI, HTTPException
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.kit.http import RequestId
from app.kit.observing import PLAIN_ID, Figures, Observed, configure_logging, is_within

PERSONAL = "219999195001010003"


def _app() -> FastAPI:
    app = FastAPI()

    @app.get("/people/{name}")
    def person(name: str, request_id: RequestId) -> str | None:
        return request_id

    @app.post("/failing/{name}")
    def failing(name: str) -> None:
        raise RuntimeError(PERSONAL)

    @app.get("/refusing")
    def refusing() -> None:
        raise HTTPException(418)

    app.state.figures = Figures()
    app.add_middleware(Observed, figures=app.state.figures)
    return app


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(_app(), raise_server_exceptions=False) as client:
        yield client


def _line(entries: Sequence[Any]) -> dict[str, Any]:
    (entry,) = entries
    return dict(entry)


def test_the_line_names_the_route_and_nothing_of_the_address(client: TestClient) -> None:
    with capture_logs() as entries:
        client.get(f"/people/{PERSONAL}?id_number={PERSONAL}&q=意见", headers={"Referer": f"http://x/{PERSONAL}"})
    line = _line(entries)
    assert line.pop("ms") >= 0
    assert line == {"event": "request", "log_level": "info", "method": "GET", "route": "/people/{name}", "status": 200}


@pytest.mark.parametrize(
    ("method", "address", "route", "status"),
    [
        ("GET", f"/{PERSONAL}?{PERSONAL}", "unmatched", 404),
        ("POST", f"/failing/{PERSONAL}", "/failing/{name}", 500),
        ("GET", "/refusing", "/refusing", 418),
        ("POST", f"/people/{PERSONAL}", "/people/{name}", 405),
    ],
)
def test_failures_are_told_as_sparingly(client: TestClient, method: str, address: str, route: str, status: int) -> None:
    with capture_logs() as entries:
        client.request(method, address, content=PERSONAL)
    line = _line(entries)
    assert (line["method"], line["route"], line["status"]) == (method, route, status)
    assert PERSONAL not in json.dumps(line)


def test_a_method_of_the_clients_own_invention_makes_no_figure_of_its_own(client: TestClient) -> None:
    with capture_logs() as entries:
        client.request(PERSONAL, "/refusing")
    assert _line(entries)["method"] == "OTHER"


def test_a_request_without_an_id_gets_one(client: TestClient) -> None:
    first, second = client.get("/people/a"), client.get("/people/a")
    assert PLAIN_ID.fullmatch(first.headers["x-request-id"])
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.json() == first.headers["x-request-id"]


def test_a_proxys_id_is_kept(client: TestClient) -> None:
    answer = client.get("/people/a", headers={"X-Request-Id": "edge-1_0f0c3a52"})
    assert answer.headers["x-request-id"] == answer.json() == "edge-1_0f0c3a52"


@pytest.mark.parametrize(
    "forged",
    [
        b"short",
        b"x" * 65,
        b"with spaces in it",
        b"abcdefgh\r\nSet-Cookie: a=b",
        b"abcdefgh\n",
        b'abcdefgh","status":200',
        "编号编号编号".encode(),
        b"<script>alert(1)</script>",
        b"",
    ],
)
def test_a_forged_id_is_replaced(client: TestClient, forged: bytes) -> None:
    answer = client.get("/people/a", headers=[(b"x-request-id", forged)])
    assert PLAIN_ID.fullmatch(answer.headers["x-request-id"])
    assert answer.headers["x-request-id"].encode() != forged
    assert "set-cookie" not in answer.headers


def test_requests_are_counted_by_route(client: TestClient) -> None:
    client.get("/people/a")
    client.get("/people/b")
    assert isinstance(client.app, FastAPI)
    registry = client.app.state.figures.registry
    labels = {"method": "GET", "route": "/people/{name}", "status": "200"}
    assert registry.get_sample_value("yanlu_requests_total", labels) == 2
    assert registry.get_sample_value("yanlu_request_seconds_count", {"route": "/people/{name}"}) == 2


def test_an_id_does_not_outlive_its_request(client: TestClient) -> None:
    client.get("/people/a", headers={"X-Request-Id": "edge-1_0f0c3a52"})
    assert "request_id" not in structlog.contextvars.get_contextvars()


@pytest.fixture
def logging_as_served(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The service's own logging; pytest's is put back afterwards."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    yield
    structlog.reset_defaults()


def _fail(typed: str) -> None:
    kept_in_a_local_variable = typed
    try:
        raise KeyError(kept_in_a_local_variable)
    except KeyError as error:
        error.add_note(typed)
        raise ExceptionGroup(typed, [ValueError(typed)]) from error


@pytest.mark.parametrize("ours", [True, False], ids=["our own entry", "a library's entry"])
@pytest.mark.usefixtures("logging_as_served")
def test_an_exception_is_logged_by_kind_and_place_alone(capsys: pytest.CaptureFixture[str], ours: bool) -> None:
    configure_logging()
    try:
        _fail(PERSONAL)
    except ExceptionGroup:
        if ours:
            structlog.get_logger("yanlu").error("failure", exc_info=True)
        else:
            logging.getLogger("library").exception("failure")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert PERSONAL not in lines[0]
    entry = json.loads(lines[0])
    assert (entry["event"], entry["level"]) == ("failure", "error")
    assert [error["kind"] for error in entry["exception"]] == ["ExceptionGroup", "ValueError", "KeyError"]
    assert __file__ in entry["exception"][0]["places"][-1]


class Full(io.StringIO):
    """A log whose disk is full."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.usefixtures("logging_as_served")
def test_what_can_not_be_logged_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as full:
        full.setattr(sys, "stderr", Full())
        configure_logging()
        structlog.get_logger("test").warning("lost")
        logging.getLogger("test").warning("lost as well")
    configure_logging()
    structlog.get_logger("test").warning("there again")
    assert "there again" in capsys.readouterr().err


@pytest.mark.usefixtures("logging_as_served")
def test_every_line_is_one_json_object_with_its_time_and_the_request(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    with structlog.contextvars.bound_contextvars(request_id="abcdefgh"):
        structlog.get_logger("yanlu").info("意见\nstored", number=1)
        logging.getLogger("library").warning("slow\nquery")
    entries = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [entry["event"] for entry in entries] == ["意见\nstored", "slow\nquery"]
    assert all(entry["request_id"] == "abcdefgh" and entry["timestamp"].endswith("Z") for entry in entries)


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("::1", True),
        ("11.0.0.1", False),
        ("::2", False),
        ("testclient", False),
        ("", False),
        (None, False),
    ],
)
def test_a_peer_is_within_a_network_or_not(address: str | None, inside: bool) -> None:
    assert is_within(address, ["127.0.0.0/8", "10.0.0.0/8", "::1/128"]) is inside
