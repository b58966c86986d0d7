"""A department never sees another's items: every route, with every scope, asked by every other department."""

import itertools
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.accounts import actions as accounts
from app.api.application import DepartmentApi, create_api
from app.assignments.models import Assignment
from app.kit.blobs import DiskBlobs
from app.kit.crypto import Sealer
from app.mail.attached import Cabinet
from app.permissions import CLIENT_SCOPES, DEPARTMENT_SCOPES
from tests.support import journey
from tests.support.journey import DRAFTING, SLUG, START, StoppedClock, World

SECRET = "只有牵头部门应当看到的要点。"
NEEDED: dict[str, Any] = {
    "disposition": "noted",
    "reason": "理由。",
    "text": "进展。",
    "question": "请问是哪个街道？",
    "to_department": "education",
    "url": "https://example.com/hook",
}
PUBLIC = {
    "/departments",
    "/codes",
    "/consultations",
    "/consultations/{slug}",
    "/consultations/{slug}/versions",
    "/consultations/{slug}/versions/{number}/clauses",
    "/consultations/{slug}/comments",
    "/consultations/{slug}/report",
}
"""Shows everybody the same."""


@pytest.fixture
def api(world: World, clock: StoppedClock, tmp_path: Path) -> DepartmentApi:
    cabinet = Cabinet(DiskBlobs(tmp_path), None)
    return create_api(world.database, clock, world.intake, sealer=Sealer({"test": b"s" * 32}, "test"), cabinet=cabinet)


@pytest.fixture
def owned(world: World) -> uuid.UUID:
    suggestion = journey.approved_suggestion(world, text=SECRET, people=(1,))
    return journey.assigned(world, suggestion)[DRAFTING]


def a_webhook(client: TestClient) -> str:
    made = client.post("/webhooks", json={"url": "https://receiver.example.com/hook"})
    return str(made.json()["id"]) if made.status_code == 200 else str(uuid.uuid4())


def ask(client: TestClient, method: str, path: str, ids: dict[str, str]) -> Any:
    body = None
    if method == "post":
        body = dict(NEEDED, assignments=[ids["assignment_id"]]) if path == "/assignment-answers" else dict(NEEDED)
    return client.request(method.upper(), path.format(**ids), json=_fitting(client, method, path, body))


def _fitting(client: TestClient, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any] | None:
    """Of what could be said only what the route takes, so that nothing but the right to do it decides."""
    if body is None:
        return None
    described = client.app.openapi()  # type: ignore[attr-defined]
    schema = described["paths"][path][method].get("requestBody", {}).get("content", {}).get("application/json", {})
    reference = str(schema.get("schema", {}).get("$ref") or schema.get("schema", {}).get("anyOf", [{}])[0].get("$ref"))
    members = described["components"]["schemas"].get(reference.rsplit("/", 1)[-1], {}).get("properties", {})
    return {name: value for name, value in body.items() if name in members}


def is_of_somebody(path: str) -> bool:
    return "{assignment_id}" in path or "{webhook_id}" in path or path == "/assignment-answers"


def scopes_of(api: DepartmentApi) -> Iterator[tuple[str, str, str]]:
    """(Path, method, the scope that it names) of every operation that a key opens."""
    for path, methods in api.openapi()["paths"].items():
        for method, operation in methods.items():
            if path != "/oauth/token":
                yield path, method, operation["security"][0]["bearerKey"][0]


def test_no_route_shows_or_changes_another_departments_items(
    world: World, api: DepartmentApi, owned: uuid.UUID
) -> None:
    owner = TestClient(api, headers={"X-API-Key": journey.api_key(world)})
    ids = {
        "assignment_id": str(owned),
        "webhook_id": a_webhook(owner),
        "delivery_id": str(uuid.uuid4()),
        "file_id": str(uuid.uuid4()),
        "slug": SLUG,
        "number": "1",
    }
    strangers = {
        (department, scope): TestClient(api, headers={"X-API-Key": journey.api_key(world, department, scopes=[scope])})
        for department in ("health",)
        for scope in DEPARTMENT_SCOPES
    }
    with world.database.writing() as session:
        key = accounts.add_client(
            session, world.staff.administrator, START, None, "hotline", ["submissions:write"], "hotline"
        )
    strangers["", "submissions:write"] = TestClient(api, headers={"X-API-Key": key.text})
    asked = 0
    for path, methods in api.openapi()["paths"].items():
        for method, (who, client) in itertools.product(methods, strangers.items()):
            answer = ask(client, method, path, ids)
            asked += 1
            where = f"{who} {method} {path}: {answer.status_code} {answer.text[:200]}"
            assert SECRET not in answer.text, where
            assert str(owned) not in answer.text, where
            assert answer.status_code < 500, where
            assert answer.status_code in (403, 404) or not is_of_somebody(path), where
    assert asked > 150
    with world.database.reading() as session:
        row = session.scalars(select(Assignment).where(Assignment.id == owned)).one()
        assert (row.state.value, row.revision) == ("delivered", 1)
    assert SECRET in owner.get(f"/assignments/{owned}").text


def test_each_scope_opens_what_it_names_and_nothing_else(world: World, api: DepartmentApi, owned: uuid.UUID) -> None:
    ids = {
        "assignment_id": str(owned),
        "webhook_id": str(uuid.uuid4()),
        "delivery_id": str(uuid.uuid4()),
        "file_id": str(uuid.uuid4()),
        "slug": SLUG,
        "number": "1",
    }
    for scope in DEPARTMENT_SCOPES:
        client = TestClient(api, headers={"X-API-Key": journey.api_key(world, scopes=[scope])})
        for path, method, needed in scopes_of(api):
            allowed = CLIENT_SCOPES[needed] <= CLIENT_SCOPES[scope]
            answer = ask(client, method, path, ids)
            told = f"{scope} {method} {path}: {answer.status_code} {answer.text[:200]}"
            refused = answer.status_code == 403 and answer.json()["code"] == "forbidden"
            assert refused is not (allowed or path in PUBLIC), told
