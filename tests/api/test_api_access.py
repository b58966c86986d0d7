"""Who gets in: keys, scopes, departments; and that no route was forgotten."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.accounts import actions as accounts
from app.accounts.models import ApiClient
from app.api.application import DepartmentApi
from app.api.authentication import Permitted
from app.api.receiving import DepartmentRoute
from app.assignments.models import Assignment
from app.idempotency.models import AnsweredRequest
from app.permissions import CLIENT_SCOPES, DEPARTMENT_SCOPES, Permission
from tests.support import journey
from tests.support.journey import DRAFTING, START, StoppedClock, World

READS = [("GET", "/assignments"), ("GET", "/assignments/{id}"), ("GET", "/departments")]
WRITES = [
    ("POST", "/assignments/{id}/acknowledge"),
    ("POST", "/assignments/{id}/send-back"),
    ("POST", "/assignments/{id}/answer"),
]
BODIES = {
    "/assignments/{id}/acknowledge": {},
    "/assignments/{id}/send-back": {"reason": "此事由市场监管部门负责。"},
    "/assignments/{id}/answer": {"disposition": "adopted"},
}
PUBLIC = {"/openapi.json", "/openapi-3.0.json", "/oauth/token"}


@pytest.fixture
def assignment_id(world: World) -> uuid.UUID:
    return journey.assignment(world)


def send(client: TestClient, method: str, path: str, assignment_id: uuid.UUID | str, **more: object):
    return client.request(method, path.format(id=assignment_id), json=BODIES.get(path), **more)


def state_of(world: World, assignment_id: uuid.UUID) -> tuple[str, int, int]:
    """State, revision, and how many answers have been remembered: what a refused request must leave alone."""
    with world.database.reading() as session:
        row = session.get_one(Assignment, assignment_id)
        return row.state.value, row.revision, len(session.scalars(select(AnsweredRequest)).all())


def every_dependency(dependant: Dependant) -> Iterator[Dependant]:
    for one in dependant.dependencies:
        yield one
        yield from every_dependency(one)


def test_every_route_asks_for_a_key_and_one_permission(api: DepartmentApi) -> None:
    found = {}
    for context in iter_route_contexts(api.routes):
        if context.path in PUBLIC:
            continue
        assert isinstance(context.original_route, DepartmentRoute), context.path
        permissions = {
            one.call.permission for one in every_dependency(context.dependant) if isinstance(one.call, Permitted)
        }
        (found[min(context.methods or ()), context.path],) = permissions
    asked = {key: permission for key, permission in found.items() if "{assignment_id}" in key[1]}
    reads = {(method, path) for method, path in asked if method == "GET"}
    assert asked == dict.fromkeys(reads, Permission.READ_OWN_ASSIGNMENTS) | dict.fromkeys(
        set(asked) - reads, Permission.ANSWER_OWN_ASSIGNMENTS
    )
    assert found["GET", "/assignments"] is Permission.READ_OWN_ASSIGNMENTS
    assert found["POST", "/submissions"] is Permission.ENTER_BY_CLIENT


@pytest.mark.parametrize(("method", "path"), READS + WRITES)
def test_only_a_key_that_holds_opens_a_route(
    world: World, anonymous: TestClient, clock: StoppedClock, assignment_id: uuid.UUID, method: str, path: str
) -> None:
    before = state_of(world, assignment_id)
    revoked, expired = journey.api_key(world), journey.api_key(world)
    with world.database.writing() as session:
        clients = session.scalars(select(ApiClient).order_by(ApiClient.created_at, ApiClient.id)).all()
        accounts.revoke_client(session, world.staff.administrator, START, clients[0].id)
        accounts.rotate_key(session, world.staff.administrator, START, clients[1].id)
    clock.at = START + accounts.OVERLAP + timedelta(seconds=1)

    missing = send(anonymous, method, path, assignment_id)
    assert (missing.status_code, missing.json()["code"]) == (401, "missing_key")
    assert missing.headers["WWW-Authenticate"] == 'Bearer realm="yanlu"'
    for key in (revoked, expired, "yl_0123456789ab_" + "A" * 43, revoked[:-1], "nonsense", "ключ".encode()):
        bearer = b"Bearer " + key if isinstance(key, bytes) else f"Bearer {key}"
        refused = send(anonymous, method, path, assignment_id, headers={"Authorization": bearer})
        assert (refused.status_code, refused.json()["code"]) == (401, "wrong_key")
        assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert state_of(world, assignment_id) == before


def test_a_rotated_key_goes_on_during_the_overlap(world: World, anonymous: TestClient, clock: StoppedClock) -> None:
    key = journey.api_key(world)
    with world.database.writing() as session:
        client_id = session.scalars(select(ApiClient.id)).one()
        new = accounts.rotate_key(session, world.staff.administrator, START, client_id).text
    clock.at = START + accounts.OVERLAP - timedelta(seconds=1)
    for one in (key, new):
        assert anonymous.get("/assignments", headers={"Authorization": f"Bearer {one}"}).status_code == 200


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_key_for_reading_cannot_write(
    world: World, client_of, assignment_id: uuid.UUID, method: str, path: str
) -> None:
    before = state_of(world, assignment_id)
    reader = client_of(scopes=["assignments:read"])
    assert reader.get(f"/assignments/{assignment_id}").status_code == 200
    refused = send(reader, method, path, assignment_id)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert "assignments:write" in refused.json()["detail"]
    assert 'error="insufficient_scope", scope="assignments:write"' in refused.headers["WWW-Authenticate"]
    assert state_of(world, assignment_id) == before


@pytest.mark.parametrize(("method", "path"), READS)
def test_a_key_without_scopes_reads_nothing(client_of, assignment_id: uuid.UUID, method: str, path: str) -> None:
    refused = send(client_of(scopes=[]), method, path, assignment_id)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(("method", "path"), [route for route in READS + WRITES if "{id}" in route[1]])
def test_another_departments_assignment_looks_like_none(
    world: World, client_of, assignment_id: uuid.UUID, method: str, path: str
) -> None:
    before = state_of(world, assignment_id)
    stranger = client_of("education")
    answers = [send(stranger, method, path, one) for one in (assignment_id, uuid.uuid4(), "no-id", "1")]
    bodies = [{**answer.json(), "request_id": None} for answer in answers]
    assert {answer.status_code for answer in answers} == {404}
    assert bodies[0]["code"] == "no_such_assignment"
    assert all(body == bodies[0] for body in bodies)
    assert state_of(world, assignment_id) == before


def test_a_department_lists_its_own_assignments_only(world: World, client_of) -> None:
    suggestion_id = journey.approved_suggestion(world)
    ids = journey.assigned(world, suggestion_id, lead=DRAFTING, cooperating=["health"])
    for department, assignment_id in ids.items():
        items = client_of(department).get("/assignments").json()["items"]
        assert [item["id"] for item in items] == [str(assignment_id)]
    assert client_of("education").get("/assignments").json() == {"items": [], "next_cursor": None}


def test_the_alternate_header_opens_where_a_gateway_takes_the_first(world: World, anonymous: TestClient) -> None:
    key = journey.api_key(world)
    for headers in (
        {"X-API-Key": key},
        {"X-API-Key": key, "Authorization": "Basic Z2F0ZXdheTp4"},
        {"Authorization": f"bearer {key}", "X-API-Key": "not read"},
    ):
        assert anonymous.get("/assignments", headers=headers).status_code == 200
    wrong = {"Authorization": "Bearer wrong", "X-API-Key": key}
    assert anonymous.get("/assignments", headers=wrong).status_code == 401


def test_the_key_is_checked_before_anything_of_the_body(anonymous: TestClient, assignment_id: uuid.UUID) -> None:
    for content in (b"{", b"x" * 2_000_000):
        refused = anonymous.post(f"/assignments/{assignment_id}/answer", content=content)
        assert refused.json()["code"] == "missing_key"


def test_the_description_is_public(anonymous: TestClient) -> None:
    assert anonymous.get("/openapi.json").status_code == 200


def test_every_scope_uses_its_own_key(client_of) -> None:
    assert all(Permission.USE_OWN_KEY in granted for granted in CLIENT_SCOPES.values())
    for scope in DEPARTMENT_SCOPES:
        assert client_of(scopes=[scope]).get("/departments").status_code == 200
