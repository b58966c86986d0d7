"""Whatever is sent gets the right status and one clear problem, and leaves the data as it was."""

import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.api.application import create_api
from app.assignments.models import Assignment
from app.audit.models import AuditEntry
from app.kit.database import Database
from app.kit.observing import Figures, Observed
from tests.support import journey
from tests.support.journey import StoppedClock, World

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def world(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for the whole module: nothing here may change it, and each test proves that."""
    copy = shutil.copy(_sqlite_template, tmp_path_factory.mktemp("refused") / "yanlu.sqlite3")
    database = Database(f"sqlite:///{copy}")
    yield journey.opened(database)
    database.close()


@pytest.fixture(scope="module")
def assignment_id(world: World) -> uuid.UUID:
    return journey.assignment(world)


@pytest.fixture(scope="module")
def key(world: World) -> str:
    return journey.api_key(world)


@pytest.fixture
def outer(world: World) -> FastAPI:
    """The API where it is mounted in the service, under an application with a smaller limit for forms."""
    outer = FastAPI(max_body_size=256 * 1024, openapi_url=None)
    outer.mount("/api/v1", create_api(world.database, StoppedClock()))
    outer.add_middleware(Observed, figures=Figures())
    return outer


@pytest.fixture
def client(world: World, outer: FastAPI, key: str, assignment_id: uuid.UUID) -> Iterator[TestClient]:
    def everything() -> list[object]:
        with world.database.reading() as session:
            rows = session.execute(select(Assignment.id, Assignment.state, Assignment.revision)).all()
            return [*rows, len(session.scalars(select(AuditEntry.id)).all())]

    before = everything()
    yield TestClient(
        outer,
        base_url="http://testserver/api/v1",
        headers={"Authorization": f"Bearer {key}", "Accept-Language": "en"},
    )
    assert everything() == before


@pytest.fixture
def path(assignment_id: uuid.UUID) -> str:
    return f"assignments/{assignment_id}/answer"


def errors_of(client: TestClient, path: str, body: object) -> list[tuple[str, str]]:
    refused = client.post(path, json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_fields")
    return [(error["field"], error["code"]) for error in refused.json()["errors"]]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("disposition", "required")]),
        ([], [("", "wrong_type")]),
        ("noted", [("", "wrong_type")]),
        (None, [("", "required")]),
        ({"disposition": None}, [("disposition", "not_allowed")]),
        ({"disposition": "rejected"}, [("disposition", "not_allowed")]),
        ({"disposition": ["noted"]}, [("disposition", "not_allowed")]),
        ({"disposition": "noted", "reason": 5}, [("reason", "wrong_type")]),
        ({"disposition": "noted", "reason": None}, [("reason", "wrong_type")]),
        ({"disposition": "noted", "reason": {"zh": "x"}}, [("reason", "wrong_type")]),
        ({"disposition": "noted", "reason": "理" * 5001}, [("reason", "too_long")]),
        ({"disposition": "noted", "reason": "a\u0000b"}, [("reason", "control_character")]),
        ({"disposition": "noted", "reason": "a\u001b[31m"}, [("reason", "control_character")]),
        ({"disposition": "noted", "reason": "a\u0085b"}, [("reason", "control_character")]),
        ({"disposition": "noted", "draft": "true"}, [("draft", "wrong_type")]),
        ({"disposition": "noted", "draft": 1}, [("draft", "wrong_type")]),
        ({"disposition": "noted", "Reason": "x"}, [("Reason", "unknown")]),
        ({"disposition": "noted", "state": "answered", "id": 1}, [("state", "unknown"), ("id", "unknown")]),
        ({"reason": 1, "x": 2}, [("disposition", "required"), ("reason", "wrong_type"), ("x", "unknown")]),
        ({"disposition": "noted", "idempotency_key": 5}, [("idempotency_key", "wrong_type")]),
    ],
)
def test_every_wrong_field_is_named(
    client: TestClient, path: str, body: object, expected: list[tuple[str, str]]
) -> None:
    assert errors_of(client, path, body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("reason", "required")]),
        ({"reason": ""}, [("reason", "too_short")]),
        ({"reason": "理" * 1001}, [("reason", "too_long")]),
        ({"reason": "不归我厅。", "suggested_department": 7}, [("suggested_department", "wrong_type")]),
        ({"reason": "不归我厅。", "suggested_department": ""}, [("suggested_department", "too_short")]),
        ({"reason": "不归我厅。", "suggested_department": "厅" * 121}, [("suggested_department", "too_long")]),
        (
            {"reason": "不归我厅。", "suggested_department": "省\u0000厅"},
            [("suggested_department", "control_character")],
        ),
    ],
)
def test_every_wrong_field_of_sending_back_is_named(
    client: TestClient, assignment_id: uuid.UUID, body: object, expected: list[tuple[str, str]]
) -> None:
    assert errors_of(client, f"assignments/{assignment_id}/send-back", body) == expected


def test_a_blank_reason_is_none(client: TestClient, assignment_id: uuid.UUID) -> None:
    refused = client.post(f"assignments/{assignment_id}/send-back", json={"reason": " \n"})
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_required")


GOOD = '{"disposition": "noted", "reason": "供参考。"}'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "malformed_json"),
        (b"{'disposition': 'noted'}", "malformed_json"),
        (b'{"disposition": "noted",}', "malformed_json"),
        (GOOD.encode() + b"x", "malformed_json"),
        (b'{"disposition": NaN}', "malformed_json"),
        (b'{"disposition": Infinity}', "malformed_json"),
        (b'{"disposition": "noted", "reason": "\\ud800"}', "malformed_json"),
        (b'{"\\udfff": 1}', "malformed_json"),
        (b'{"reason": "a\nb"}', "malformed_json"),
        (b"[" * 200_000, "malformed_json"),
        (b'{"a":' * 100_000, "malformed_json"),
        (b"1" * 5000, "malformed_json"),
        (b" ", "malformed_json"),
        (GOOD.encode("gb18030"), "bad_encoding"),
        (GOOD.encode("utf-16"), "bad_encoding"),
        (b'{"reason": "\xc0\xaf"}', "bad_encoding"),
        (b'{"disposition": "noted", "reason": "a", "reason": "b"}', "duplicate_name"),
        (b'{"disposition": "noted", "x": {"a": 1, "a": 2}}', "duplicate_name"),
    ],
)
def test_what_is_no_plain_json_is_refused(client: TestClient, path: str, content: bytes, code: str) -> None:
    refused = client.post(path, content=content, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/json; charset=gbk",
        "json",
    ],
)
def test_a_body_that_is_not_declared_as_json_is_refused(
    client: TestClient, path: str, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    refused = client.post(path, content=GOOD.encode(), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF8"']
)
def test_each_way_to_declare_json_is_read(client: TestClient, path: str, content_type: str) -> None:
    read = client.post(path, content=b"\xef\xbb\xbf{}", headers={"Content-Type": content_type})
    assert (read.status_code, read.json()["code"]) == (422, "invalid_fields")


def chunks(size: int) -> Iterator[bytes]:
    """A body of that size whose length isn't declared."""
    yield from (b"x" * 10_000 for _ in range(size // 10_000))


def test_more_than_a_megabyte_is_refused_whether_its_length_was_declared_or_not(client: TestClient, path: str) -> None:
    for content in (b"x" * 2_000_000, b"x" * 1_000_001, chunks(2_000_000)):
        refused = client.post(path, content=content, headers=JSON)
        assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.headers["Connection"] == "close"
        assert "1000000" in refused.json()["detail"]


def test_up_to_a_megabyte_is_read_whatever_the_limit_for_forms_is(client: TestClient, path: str) -> None:
    for content in (b"{}".ljust(1_000_000), chunks(1_000_000)):
        refused = client.post(path, content=content, headers=JSON)
        assert refused.status_code != 413
    assert refused.json()["code"] == "malformed_json"


@pytest.mark.parametrize(
    ("query", "status", "code", "field"),
    [
        ("state=done", 422, "not_allowed", "state"),
        ("state=Delivered", 422, "not_allowed", "state"),
        ("limit=0", 422, "below_minimum", "limit"),
        ("limit=101", 422, "above_maximum", "limit"),
        ("limit=ten", 422, "wrong_type", "limit"),
        ("limit=1e2", 422, "wrong_type", "limit"),
        ("cursor=" + "A" * 201, 422, "too_long", "cursor"),
        ("page=2", 422, "unknown", "page"),
        ("cursor=abc", 400, "bad_cursor", None),
        ("cursor=%FF%00", 400, "bad_cursor", None),
        ("cursor=" + "_" * 32, 400, "bad_cursor", None),
        ("limit=5&limit=6", 400, "repeated_parameter", None),
    ],
)
def test_a_wrong_query_is_refused(client: TestClient, query: str, status: int, code: str, field: str | None) -> None:
    refused = client.get(f"assignments?{query}")
    assert refused.status_code == status
    if field is None:
        assert refused.json()["code"] == code
    else:
        assert [(error["field"], error["code"]) for error in refused.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize("name", ["nothing", "assignments/", "assignments/x/y/z", "docs", "redoc", "../v1x"])
def test_an_unknown_address_is_404(client: TestClient, name: str) -> None:
    missing = client.get(name)
    assert missing.status_code == 404
    if name != "../v1x":
        assert missing.json()["code"] == "not_found"


def test_another_method_is_405(client: TestClient, assignment_id: uuid.UUID) -> None:
    for method in ("PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"):
        refused = client.request(method, f"assignments/{assignment_id}")
        assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")
        if method != "HEAD":
            assert refused.json()["code"] == "method_not_allowed"
    assert client.get(f"assignments/{assignment_id}/answer").headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "zh"),
        ("zh-CN", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("zh;q=0.4, en;q=0.5", "en"),
        ("en;q=0, *", "zh"),
        ("fr, en;q=0.1", "en"),
        ("fr", "zh"),
        (";;q==,en;q=x,\x7f", "zh"),
    ],
)
def test_a_problem_speaks_the_clients_language(client: TestClient, accepted: str | None, language: str) -> None:
    headers = {"Accept-Language": accepted or ""}
    missing = client.get("assignments/1", headers=headers)
    assert missing.headers["Content-Language"] == language
    assert "Accept-Language" in missing.headers["Vary"]
    title = {"en": "Your department has no such assignment", "zh": "本部门没有这项交办"}[language]
    assert missing.json()["title"] == title


def test_a_problem_is_complete_and_its_type_leads_to_its_explanation(client: TestClient) -> None:
    missing = client.get("assignments/1", headers={"X-Request-Id": "request-of-test-1"})
    assert missing.headers["Content-Type"] == "application/problem+json"
    assert missing.json() == {
        "type": "/api/v1/openapi.json#/x-problems/no_such_assignment",
        "title": "Your department has no such assignment",
        "status": 404,
        "detail": "Take the id from your own list of assignments.",
        "code": "no_such_assignment",
        "request_id": "request-of-test-1",
    }
    explained = client.get("http://testserver/api/v1/openapi.json").json()["x-problems"]["no_such_assignment"]
    assert explained["status"] == 404
    assert explained["title"]["en"] == missing.json()["title"]


@pytest.mark.parametrize("error", [OperationalError("SELECT 1", {"p": "secret"}, Exception("locked")), PoolTimeout()])
def test_a_store_that_does_not_answer_is_503(client: TestClient, monkeypatch, error: Exception) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("app.api.v1.assignments.assignments.inbox", fail)
    refused = client.get("assignments")
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert "secret" not in refused.text


def test_a_fault_of_ours_is_told_without_its_words(client: TestClient, monkeypatch, capsys) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret-4711")

    monkeypatch.setattr("app.api.v1.assignments.assignments.inbox", fail)
    refused = client.get("assignments")
    assert (refused.status_code, refused.json()["code"]) == (500, "internal_error")
    logged = capsys.readouterr()
    assert "secret-4711" not in refused.text + logged.out + logged.err
    assert "ZeroDivisionError" in logged.out + logged.err


def test_a_key_is_looked_up_without_holding_two_connections(client: TestClient, world: World, path: str) -> None:
    """A request that held one pooled connection while it waited for another could stop all of them."""
    held, most = 0, 0

    def out(*_: object) -> None:
        nonlocal held, most
        held += 1
        most = max(most, held)

    def back(*_: object) -> None:
        nonlocal held
        held -= 1

    event.listen(world.database.engine, "checkout", out)
    event.listen(world.database.engine, "checkin", back)
    client.get("assignments")
    client.post(path, json={"disposition": "noted"}, headers={"Idempotency-Key": "k"})
    event.remove(world.database.engine, "checkout", out)
    event.remove(world.database.engine, "checkin", back)
    assert (held, most) == (0, 1)


def test_words_of_a_client_come_back_as_json_whatever_they_are(client: TestClient, path: str) -> None:
    name = '"</script>\u2028\x00𠮷'
    refused = client.post(path, content=json.dumps({name: 1, "disposition": "noted"}), headers=JSON)
    assert refused.json()["errors"][0]["field"] == name
