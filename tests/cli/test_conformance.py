"""The kit passes a right receiver and finds what a wrong one gets wrong; the mock department is both."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest

from app.cli import mock_department
from app.cli.conformance import SITUATIONS
from app.cli.mock_department import Department, Misbehaviour, serve
from app.webhooks import signing
from tests.cli.conftest import Yanlu
from tests.support.journey import RunningClock

SECRET = signing.new_secret()
WRONG = {
    Misbehaviour.CREDULOUS: {
        *("a wrong signature", "a forged message before the true one", "an altered body", "no signature at all"),
        *("a timestamp of ten minutes ago", "a timestamp ten minutes ahead"),
    },
    Misbehaviour.FAILS_FIRST: {
        *("a signed message", "the same message twice", "a later message before an earlier one"),
        *("two signatures while the secret changes", "a kind of event that it doesn't know"),
        *("a field that it doesn't know", "a body of nearly 20 KB", "a forged message before the true one"),
    },
    Misbehaviour.GONE: set(SITUATIONS)
    - {"a wrong signature", "an altered body", "no signature at all"}
    - {"a timestamp of ten minutes ago", "a timestamp ten minutes ahead"},
    Misbehaviour.REDIRECTS: set(SITUATIONS),
    Misbehaviour.FAILS: set(SITUATIONS),
}


@contextmanager
def receiving(misbehaviour: Misbehaviour, asked: list[str] | None = None) -> Iterator[tuple[str, Department]]:
    def ask(path: str, body: dict[str, Any]) -> int:
        (asked if asked is not None else []).append(path)
        return 200

    department = Department(SECRET, ask, RunningClock(), misbehaviour)
    server = serve(department, "127.0.0.1", 0)
    threads = [Thread(target=server.serve_forever, args=(0.01,)), Thread(target=department.work)]
    for thread in threads:
        thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", department
    finally:
        department.stop()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join()


def failed(yanlu: Yanlu, url: str, *more: str) -> tuple[int, set[str]]:
    outcome = yanlu("conformance", "--url", url, "--secret", SECRET, "--patience", "15", "--json", *more)
    results = json.loads(outcome.out)["results"]
    assert len(results) == len(SITUATIONS) + 1
    return outcome.code, {one["situation"] for one in results if not one["passed"]}


def test_a_right_receiver_passes_everything_and_does_each_message_once(yanlu: Yanlu) -> None:
    asked: list[str] = []
    with receiving(Misbehaviour.NONE, asked) as (url, department):
        assert failed(yanlu, url) == (0, set())
        assert len(set(department.done)) == len(department.done)
    assert {path.rpartition("/")[2] for path in asked} == {"acknowledge", "answer"}


@pytest.mark.parametrize("misbehaviour", WRONG)
def test_what_a_receiver_gets_wrong_is_found(yanlu: Yanlu, misbehaviour: Misbehaviour) -> None:
    with receiving(misbehaviour) as (url, _):
        assert failed(yanlu, url) == (1, WRONG[misbehaviour])


def test_a_slow_one_is_told(yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mock_department, "SLOW_SECONDS", 0.11)
    with receiving(Misbehaviour.SLOW) as (url, _):
        outcome = yanlu("conformance", "--url", url, "--secret", SECRET, "--patience", "0.1")
    assert outcome.code == 1
    assert "FAILED  every answer within 0.1 s: the slowest answer took" in outcome.out


def test_people_read_one_line_for_each_situation(yanlu: Yanlu) -> None:
    with receiving(Misbehaviour.CREDULOUS) as (url, _):
        outcome = yanlu("conformance", "--url", url, "--secret", SECRET, "--patience", "15")
    assert "passed  a signed message\n" in outcome.out
    assert "FAILED  a wrong signature: answered 204 instead of 4xx\n" in outcome.out


@pytest.mark.parametrize(
    ("url", "secret"),
    [("http://127.0.0.1:22/", SECRET), ("http://name.invalid/", SECRET), ("http://127.0.0.1:9/", "mine")],
    ids=["a port that is closed to it", "a name that nobody has", "a secret of another form"],
)
def test_what_can_not_be_tried_is_said_in_one_line(yanlu: Yanlu, url: str, secret: str) -> None:
    outcome = yanlu("conformance", "--url", url, "--secret", secret)
    assert (outcome.code, outcome.out) == (2, "")


def test_the_mock_department_answers_what_was_handed_over_and_nothing_else() -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    def ask(path: str, body: dict[str, Any]) -> int:
        asked.append((path, body))
        return 200

    department = Department(SECRET, ask, RunningClock())
    record = {"kind": "assignment", "id": "17"}
    assert department.do({"id": "e", "kind": "assignment.recalled", "record": record}) == []
    assert department.do({"id": "e", "kind": "assignment.delivered", "record": record}) == [200, 200]
    assert [(path, body["idempotency_key"]) for path, body in asked] == [
        ("/assignments/17/acknowledge", "e-acknowledge"),
        ("/assignments/17/answer", "e-answer"),
    ]


def test_a_message_is_done_again_only_by_the_forgetful() -> None:
    for misbehaviour, times in ((Misbehaviour.NONE, 1), (Misbehaviour.FORGETFUL, 2)):
        department = Department(SECRET, lambda path, body: 200, RunningClock(), misbehaviour)
        headers = signing.headers([SECRET], "one", RunningClock().now(), b'{"data": {}}')
        assert [department.receive(headers, b'{"data": {}}')[0] for _ in range(2)] == [204, 204]
        assert len(department.done) == times


def test_by_the_feed_it_does_the_same_and_goes_on_when_the_service_was_away() -> None:
    asked: list[str] = []

    def ask(path: str, body: dict[str, Any]) -> int:
        asked.append(path)
        return 200

    department = Department("", ask, RunningClock())
    event = {"id": "e", "kind": "assignment.delivered", "record": {"kind": "assignment", "id": "17"}}
    pages = iter([{"items": [], "position": 0}, None, {"items": [event], "position": 4}])
    read_after: list[int] = []

    def read(after: int) -> dict[str, Any] | None:
        read_after.append(after)
        if len(read_after) == 4:
            department.stopping.set()
            return {"items": [], "position": after}
        return next(pages)

    mock_department.follow(department, read, rest=0.0)
    assert asked == ["/assignments/17/acknowledge", "/assignments/17/answer"]
    assert read_after == [0, 0, 0, 4]


def test_without_what_it_hears_by_it_does_not_begin(yanlu: Yanlu) -> None:
    for given in ((), ("--feed",)):
        assert yanlu("mock-department", *given).code == 2
