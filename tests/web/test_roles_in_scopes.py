"""Roles that hold in one consultation, or in those of one department: what is elsewhere isn't there for them.

The routes are walked with the ids of real records of the other consultation, so that a route that forgets where a role
holds is found here.
"""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

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


@pytest.mark.parametrize("role", [Role.SCREENER, Role.EDITOR, Role.APPROVER, Role.PUBLISHER, Role.LEAD, Role.MANAGER])
def test_records_of_another_consultation_are_not_there(
    browser: TestClient, sqlite_world: World, ids: dict[str, uuid.UUID], role: Role
) -> None:
    scoped(sqlite_world, role, ScopeKind.CONSULTATION, str(other(sqlite_world)))
    signed_in(browser, role)
    token = {"csrf_token": csrf_token(derive(SECRETS.signing, "csrf"), browser.cookies[COOKIE]), "revision": "1"}
    before, walked = dump(sqlite_world.database), 0
    for method, path, _ in ROUTES:
        if "{id}" not in path and "{slug}" not in path:
            continue
        for name, record in ids.items():
            if "{id}" in path and name not in path:
                continue
            address = path.replace("{id}", str(record)).replace("{slug}", SLUG)
            nowhere = path.replace("{id}", str(uuid.UUID(int=7))).replace("{slug}", "no-such-slug")
            if "{" in address:
                continue
            answers = [
                browser.request(method, one, data=token if method == "POST" else None).status_code
                for one in (address, nowhere)
            ]
            assert answers[0] == answers[1] >= 400, f"{method} {address}: {answers}"
            walked += 1
    assert walked > 20
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
