"""Every staff route, every role: who gets in, who is refused, and that a refusal changes nothing."""

import uuid
from collections.abc import Iterator

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.accounts.sessions import csrf_token
from app.audit import refusals
from app.audit.models import AuditEntry
from app.kit import migrations
from app.kit.crypto import derive
from app.kit.database import Database
from app.permissions import MATRIX, Permission, Role
from app.web.staff.access import COOKIE
from app.web.staff.routes import router
from tests.support import journey
from tests.support.app import SECRETS, hidden, press, serving, signed_in
from tests.support.journey import SLUG, StoppedClock, World

TAKES_OUT = {"/staff/audit/export", "/staff/departments/export", "/staff/incidents/list", "/office/workbook/file"}
"""These need no record to act on, and leave one entry each: that something was taken out."""
UNSIGNED = "/staff/sign-in"


def routes() -> list[tuple[str, str, Permission]]:
    """(Method, path, the permission that the route asserts) of every staff route but the sign-in."""
    found = []
    for context in iter_route_contexts(router.routes):
        if context.path.startswith(UNSIGNED):
            continue
        route = context.original_route
        (permission,) = {
            dependency.call.permission
            for dependency in route.dependant.dependencies
            if hasattr(dependency.call, "permission")
        }
        (method,) = route.methods
        found.append((method, context.path, permission))
    return found


ROUTES = routes()


def address(path: str) -> str:
    return path.replace("{id}", str(uuid.UUID(int=7))).replace("{slug}", "no-such-slug")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    url = f"sqlite:///{tmp_path_factory.mktemp('access') / 'yanlu.sqlite3'}"
    migrations.upgrade(url)
    made = journey.opened(Database(url))
    journey.submit(made)
    return made


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    database = Database(world.database.engine.url.render_as_string(hide_password=False))
    with serving(database, StoppedClock()) as client:
        yield client


def entries(world: World) -> int:
    """What was done: that somebody was refused is kept as well."""
    with world.database.reading() as session:
        done = select(func.count()).select_from(AuditEntry).where(AuditEntry.action != refusals.REFUSED)
        return session.scalar(done) or 0


def own_token(browser: TestClient) -> dict[str, str]:
    return {"csrf_token": csrf_token(derive(SECRETS.signing, "csrf"), browser.cookies[COOKIE])}


def test_there_are_routes_to_walk() -> None:
    assert len(ROUTES) > 20


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_in_exactly_where_the_matrix_says(browser: TestClient, world: World, role: Role) -> None:
    signed_in(browser, role)
    before, token = entries(world), own_token(browser)
    for method, path, permission in sorted(ROUTES, key=lambda route: route[1] == "/staff/sign-out"):
        if path == "/staff/sign-out":
            continue
        answer = browser.request(method, address(path), data=token if method == "POST" else None)
        allowed = permission in MATRIX[role]
        assert (answer.status_code != 403) is allowed, f"{role} {method} {path}: {answer.status_code}"
        assert answer.status_code < 500, f"{method} {path}"
    taken_out = sum(path in TAKES_OUT and permission in MATRIX[role] for _, path, permission in ROUTES)
    assert entries(world) == before + taken_out, "walking with ids that don't exist changed something"


def test_nobody_gets_in_without_signing_in(browser: TestClient, world: World) -> None:
    before = entries(world)
    for method, path, _ in ROUTES:
        answer = browser.request(method, address(path), data={"reason": "x"} if method == "POST" else None)
        if method == "GET":
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/staff/sign-in?next=")
        else:
            assert answer.status_code == 401, path
    assert entries(world) == before


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({}, {}),
        ({"csrf_token": "0" * 64}, {}),
        (None, {"sec-fetch-site": "cross-site"}),
        (None, {"sec-fetch-site": "same-site"}),
        (None, {"origin": "https://elsewhere.example"}),
        (None, {"origin": "null"}),
    ],
)
def test_a_form_from_elsewhere_changes_nothing(
    browser: TestClient, world: World, fields: dict[str, str] | None, headers: dict[str, str]
) -> None:
    signed_in(browser, Role.MANAGER)
    sent = own_token(browser) if fields is None else fields
    before = entries(world)
    address = f"/staff/consultations/{SLUG}/change/close"
    answer = browser.post(address, data=sent | {"reason": "误操作", "step": "confirm"}, headers=headers)
    assert answer.status_code == 403
    assert "误操作" in answer.text, "what was typed is given back"
    assert entries(world) == before


def test_the_sign_in_form_of_another_site_is_refused(browser: TestClient) -> None:
    entered = {"username": "screener", "password": journey.PASSWORD}
    assert browser.post("/staff/sign-in", data=entered).status_code == 403
    fields = hidden(browser.get("/staff/sign-in").text) | entered
    assert browser.post("/staff/sign-in", data=fields, headers={"origin": "https://x.example"}).status_code == 403


@pytest.mark.parametrize(("username", "password"), [("screener", "wrong"), ("nobody", journey.PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_say_the_same(browser: TestClient, username: str, password: str) -> None:
    fields = hidden(browser.get("/staff/sign-in").text) | {"username": username, "password": password}
    answer = browser.post("/staff/sign-in", data=fields)
    assert answer.status_code == 422
    assert "用户名或密码" in answer.text
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/staff/queue?view=accepted", "/staff/queue?view=accepted"),
        ("https://evil.example/staff", "/staff"),
        ("//evil.example", "/staff"),
        ("/\\evil.example", "/staff"),
        ("/staffx", "/staff"),
        ("", "/staff"),
    ],
)
def test_signing_in_leads_only_to_the_desk(browser: TestClient, wanted: str, reached: str) -> None:
    fields = hidden(browser.get("/staff/sign-in", params={"next": wanted}).text)
    answer = browser.post("/staff/sign-in", data=fields | {"username": "editor", "password": journey.PASSWORD})
    assert answer.headers["location"] == reached


def test_signing_out_ends_the_session_on_the_server(browser: TestClient) -> None:
    signed_in(browser, Role.SCREENER)
    kept = browser.cookies[COOKIE]
    assert press(browser, "/staff", "/sign-out").status_code == 303
    browser.cookies.set(COOKIE, kept)
    assert browser.get("/staff").status_code == 303


def test_no_get_changes_anything(browser: TestClient, world: World) -> None:
    before = entries(world)
    for role in Role:
        signed_in(browser, role)
        signed = entries(world)
        for method, path, _ in ROUTES:
            if method == "GET":
                browser.get(address(path))
        assert entries(world) == signed
    assert entries(world) == before + len(Role)
