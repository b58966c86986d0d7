"""Roles that hold in one consultation, or in those of one department: what is elsewhere isn't there for them.

The routes are walked with the ids of real records of the other consultation, so that a route that forgets where a role
holds is found here.
"""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.accounts import separation
from app.accounts.models import ScopedRole, StaffRole, StaffUser
from app.accounts.sessions import csrf_token
from app.assignments.models import Assignment
from app.consultations.models import Consultation
from app.kit.crypto import derive
from app.permissions import MATRIX, WHOLE_COLUMN, WITHOUT_LIMITS, Permission, Role, ScopeKind, of_scoped
from app.screening.models import Suggestion
from app.submissions.models import Submission
from app.web.staff.access import COOKIE
from tests.support import journey
from tests.support.app import SECRETS, serving, signed_in, words
from tests.support.dump import dump
from tests.support.journey import SLUG, StoppedClock, World
from tests.web.test_staff_access import ROUTES

OTHER = "second"
P = Permission


def scoped(world: World, role: Role, scope: ScopeKind, scope_id: str) -> None:
    """The person of that role holds it there alone."""
    with world.database.writing() as session:
        user = session.scalars(select(StaffUser).where(StaffUser.username == role.value)).one()
        session.delete(session.get_one(StaffRole, (user.id, role)))
        session.add(ScopedRole(user_id=user.id, role=role, scope=scope, scope_id=scope_id))


def other(world: World) -> uuid.UUID:
    """Another consultation, drafted by another department; the id."""
    with world.database.writing() as session:
        row = journey.another_consultation(session, world.staff, slug=OTHER)
        row.drafting_department_id = "finance"
        session.flush()
        return row.id


@pytest.fixture
def ids(sqlite_world: World) -> dict[str, uuid.UUID]:
    """Records of the first consultation, by what their address is called."""
    journey.submit(sqlite_world, person=3)
    journey.assignment(sqlite_world, person=4)
    with sqlite_world.database.reading() as session:
        return {
            "submission": session.scalars(select(Submission.id).limit(1)).one(),
            "suggestion": session.scalars(select(Suggestion.id).limit(1)).one(),
            "assignment": session.scalars(select(Assignment.id).limit(1)).one(),
        }


@pytest.fixture
def browser(sqlite_world: World) -> Iterator[TestClient]:
    with serving(sqlite_world.database, StoppedClock()) as client:
        yield client


def test_what_is_held_in_a_scope_is_limited_to_it() -> None:
    here, there = uuid.uuid4(), uuid.uuid4()
    permissions, limits = of_scoped(
        [Role.EDITOR], [(Role.SCREENER, frozenset({here})), (Role.LEAD, frozenset({there}))]
    )
    assert limits[P.SCREEN] == {here, there}
    assert limits[P.ALLOCATE_WORK] == {there}
    assert P.VIEW_DESK not in limits, "an editor everywhere sees the desk everywhere"
    assert permissions >= MATRIX[Role.SCREENER] | MATRIX[Role.EDITOR]


@pytest.mark.parametrize("role", Role)
def test_no_role_in_a_scope_touches_the_whole_column(role: Role) -> None:
    permissions, limits = of_scoped([], [(role, frozenset({uuid.uuid4()}))])
    assert not permissions & WHOLE_COLUMN
    assert limits.keys() == permissions - WITHOUT_LIMITS


def test_records_of_another_consultation_are_not_there(
    browser: TestClient, sqlite_world: World, ids: dict[str, uuid.UUID]
) -> None:
    """Every route of the desk, by somebody who may do everything elsewhere: each answers as for what doesn't exist."""
    elsewhere = str(other(sqlite_world))
    scoped(sqlite_world, Role.SCREENER, ScopeKind.CONSULTATION, elsewhere)
    with sqlite_world.database.writing() as session:
        user = session.scalars(select(StaffUser).where(StaffUser.username == "screener")).one()
        session.add_all(
            ScopedRole(user_id=user.id, role=role, scope=ScopeKind.CONSULTATION, scope_id=elsewhere)
            for role in set(Role) - separation.THREE - {Role.SCREENER}
        )
    signed_in(browser, Role.SCREENER)
    token = {"csrf_token": csrf_token(derive(SECRETS.signing, "csrf"), browser.cookies[COOKIE]), "revision": "1"}
    before, walked = dump(sqlite_world.database), 0
    for method, path, _ in ROUTES:
        record = next((record for name, record in ids.items() if f"/{name}s/{{id}}" in path), None)
        address = path.replace("{id}", str(record or "{id}")).replace("{slug}", SLUG)
        if address == path or "{" in address:
            continue
        nowhere = path.replace("{id}", str(uuid.UUID(int=7))).replace("{slug}", "no-such-slug")
        answers = [
            browser.request(method, one, data=token if method == "POST" else None).status_code
            for one in (address, nowhere)
        ]
        assert answers[0] == answers[1] >= 400, f"{method} {address}: {answers}"
        walked += 1
    assert walked > 40
    assert dump(sqlite_world.database) == before


def test_lists_show_what_is_theirs(browser: TestClient, sqlite_world: World, ids: dict[str, uuid.UUID]) -> None:
    mine = other(sqlite_world)
    scoped(sqlite_world, Role.SCREENER, ScopeKind.CONSULTATION, str(mine))
    signed_in(browser, Role.SCREENER)
    queue = browser.get("/staff/queue?view=received").text
    assert str(ids["submission"]) not in queue
    signed_in(browser, Role.EDITOR)
    assert str(ids["submission"]) in browser.get("/staff/queue?view=received").text


def test_a_departments_role_holds_in_what_it_drafts_then_too(browser: TestClient, sqlite_world: World) -> None:
    other(sqlite_world)
    scoped(sqlite_world, Role.MANAGER, ScopeKind.DEPARTMENT, "finance")
    signed_in(browser, Role.MANAGER)
    assert browser.get(f"/staff/consultations/{OTHER}").status_code == 200
    assert browser.get(f"/staff/consultations/{SLUG}").status_code == 404
    shown = words(browser.get("/staff/consultations").text)
    with sqlite_world.database.writing() as session:
        first = session.scalars(select(Consultation).where(Consultation.slug == SLUG)).one()
        first.drafting_department_id = "finance"
    assert browser.get(f"/staff/consultations/{SLUG}").status_code == 200
    assert words(browser.get("/staff/consultations").text) != shown


def test_each_role_reaches_only_where_it_holds_itself(
    browser: TestClient, sqlite_world: World, ids: dict[str, uuid.UUID]
) -> None:
    """A screener of the second consultation and editor of the first sees the first and decides nothing there."""
    scoped(sqlite_world, Role.SCREENER, ScopeKind.CONSULTATION, str(other(sqlite_world)))
    with sqlite_world.database.writing() as session:
        user = session.scalars(select(StaffUser).where(StaffUser.username == "screener")).one()
        first = str(sqlite_world.consultation.id)
        session.add(ScopedRole(user_id=user.id, role=Role.EDITOR, scope=ScopeKind.CONSULTATION, scope_id=first))
    signed_in(browser, Role.SCREENER)
    address = f"/staff/submissions/{ids['submission']}"
    assert browser.get(address).status_code == 200
    before = dump(sqlite_world.database)
    token = {"csrf_token": csrf_token(derive(SECRETS.signing, "csrf"), browser.cookies[COOKIE]), "revision": "1"}
    decisions = [path for method, path, permission in ROUTES if method == "POST" and permission is P.SCREEN]
    for path in decisions:
        if path.startswith("/staff/submissions/{id}"):
            answer = browser.post(path.replace("{id}", str(ids["submission"])), data=token | {"reason": "与本稿无关。"})
            assert answer.status_code in (404, 400, 422), f"{path}: {answer.status_code}"
    assert dump(sqlite_world.database) == before


def test_what_touches_the_whole_column_needs_the_role_everywhere(browser: TestClient, sqlite_world: World) -> None:
    scoped(sqlite_world, Role.MANAGER, ScopeKind.CONSULTATION, str(sqlite_world.consultation.id))
    signed_in(browser, Role.MANAGER)
    token = {"csrf_token": csrf_token(derive(SECRETS.signing, "csrf"), browser.cookies[COOKIE]), "reason": "集中整理。"}
    for address in ("/staff/column-rules", "/staff/departments"):
        assert browser.get(address).status_code == 403
    assert browser.post("/staff/display/switch", data=token | {"on": "yes"}).status_code == 403
    assert browser.get(f"/staff/consultations/{SLUG}").status_code == 200
