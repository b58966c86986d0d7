"""Who is signed in and is refused a page leaves an entry in the audit log, once in a while; visitors leave none."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.audit import refusals
from app.audit.models import AuditEntry, Result
from app.permissions import Role
from tests.support.app import hidden, serving, signed_in, words
from tests.support.journey import StoppedClock, World


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(sqlite_world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(sqlite_world.database, clock) as client:
        yield client


def noted(world: World) -> Sequence[AuditEntry]:
    with world.database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.action == refusals.REFUSED).order_by(AuditEntry.at, AuditEntry.id)
        return session.scalars(query).all()


def test_who_route_and_permission_are_kept_and_nothing_of_the_address(browser: TestClient, sqlite_world: World) -> None:
    auditor = signed_in(browser, Role.AUDITOR)
    assert auditor.get(f"/staff/submissions/{uuid.uuid4()}?words=secret").status_code == 403
    (entry,) = noted(sqlite_world)
    assert (entry.record_kind, entry.record_id) == ("page", "/staff/submissions/{id}")
    assert entry.actor_id == sqlite_world.staff.auditor.id
    assert (entry.result, entry.detail) == (Result.REFUSED, {"code": "forbidden", "permission": "view_desk"})
    assert entry.source
    page = words(auditor.get("/staff/audit", params={"about": "refusals"}).text)
    assert "拒绝访问页面" in page
    assert "/staff/submissions/{id}" in page


def test_reloading_makes_no_further_entry_until_an_hour_has_passed(
    browser: TestClient, sqlite_world: World, clock: StoppedClock
) -> None:
    auditor = signed_in(browser, Role.AUDITOR)
    for _ in range(3):
        assert auditor.get("/staff/queue").status_code == 403
    assert auditor.get("/staff/overview").status_code == 403
    assert len(noted(sqlite_world)) == 2
    clock.at += refusals.AGAIN_AFTER - timedelta(minutes=50)
    auditor.get("/staff/queue")
    assert len(noted(sqlite_world)) == 2
    clock.at += timedelta(minutes=20)
    auditor.get("/staff/queue")
    clock.at += timedelta(minutes=20)
    auditor.get("/staff/queue")
    clock.at += timedelta(minutes=20)
    auditor.get("/staff/queue")
    assert len(noted(sqlite_world)) == 3


def test_one_person_makes_only_so_many(
    browser: TestClient, sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "MOST_IN_AN_HOUR", 2)
    auditor = signed_in(browser, Role.AUDITOR)
    for page in ("queue", "overview", "work", "departments"):
        assert auditor.get(f"/staff/{page}").status_code == 403
    assert len(noted(sqlite_world)) == 2


def test_a_form_of_another_page_is_noted_and_the_refused_change_is_not_made(
    browser: TestClient, sqlite_world: World
) -> None:
    screener = signed_in(browser, Role.SCREENER)
    carried = hidden(screener.get("/staff/queue").text) | {"csrf_token": "another"}
    assert screener.post("/staff/views/save", data=carried | {"name": "我的"}).status_code == 403
    assert [entry.detail["code"] for entry in noted(sqlite_world)] == ["csrf"]


def test_a_visitor_leaves_nothing(browser: TestClient, sqlite_world: World) -> None:
    assert browser.get("/staff/queue").status_code == 303
    assert browser.post("/staff/views/save", data={"name": "x"}).status_code == 401
    assert not noted(sqlite_world)
