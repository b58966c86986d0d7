"""What the routes do when their own queries forget whose rows they are for: on PostgreSQL the second wall stands."""

import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.application import create_api
from app.assignments import queries as assignments
from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment
from app.assignments.queries import Held
from app.kit.crypto import Sealer
from app.kit.paging import Page
from app.offices import inbox
from app.permissions import Role
from tests.support import journey
from tests.support.app import hidden, press, serving, signed_in, words
from tests.support.journey import DRAFTING, START, StoppedClock, World

SECRET = "只有牵头部门应当看到的要点。"
OTHER = "health"


def is_walled(world: World) -> bool:
    return world.database.engine.dialect.name == "postgresql"


def forgetful_one(session: Session, department_id: str, assignment_id: uuid.UUID) -> Held:
    return assignments.any_departments(session, assignment_id)


def forgetful_list(session: Session, *given: Any) -> Page[Held]:
    """The list's own query, without its WHERE."""
    rows = session.execute(assignments._held())
    return Page([Held(*row) for row in rows], None)


@pytest.fixture
def secret(world: World) -> uuid.UUID:
    suggestion = journey.approved_suggestion(world, text=SECRET)
    return journey.assigned(world, suggestion)[DRAFTING]


def test_a_programs_routes_that_forget_their_department_show_nothing_on_postgresql(
    world: World, secret: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = journey.assignment(world, department=OTHER, person=3)
    api = create_api(world.database, StoppedClock(), world.intake, sealer=Sealer({"test": b"s" * 32}, "test"))
    client = TestClient(api, headers={"X-API-Key": journey.api_key(world, OTHER)})
    monkeypatch.setattr(assignments, "one", forgetful_one)
    monkeypatch.setattr(assignments, "inbox", forgetful_list)
    listed, shown = client.get("/assignments"), client.get(f"/assignments/{secret}")
    assert str(own) in listed.text
    assert (SECRET in listed.text) is not is_walled(world)
    assert (SECRET in shown.text) is not is_walled(world)
    assert shown.status_code == (404 if is_walled(world) else 200)


def test_an_offices_pages_that_forget_their_department_show_nothing_on_postgresql(
    world: World, secret: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.database.writing() as session:
        journey.colleague(session, "other", Role.OFFICER, OTHER)

    def forgetful_items(session: Session, *given: Any) -> Page[inbox.Item]:
        rows = session.execute(inbox._selected())
        return Page([inbox.Item(Held(*row[:4]), False) for row in rows], None)

    monkeypatch.setattr(inbox, "items", forgetful_items)
    monkeypatch.setattr(assignments, "one", forgetful_one)
    with serving(world.database, StoppedClock()) as browser:
        fields = hidden(browser.get("/staff/sign-in").text)
        browser.post("/staff/sign-in", data=fields | {"username": "other", "password": journey.PASSWORD})
        listed, shown = browser.get("/office"), browser.get(f"/office/assignments/{secret}")
    assert listed.status_code == 200
    assert (SECRET in listed.text) is not is_walled(world)
    assert shown.status_code == (404 if is_walled(world) else 200)


@pytest.mark.postgres
def test_what_departments_do_to_each_others_rows_still_goes(postgres_world: World) -> None:
    """Sending back stops the others' clocks, passing on makes a row for another, the answer is confirmed or returned
    by the department that drafts: each over HTTP, behind the wall."""
    world = postgres_world
    back, over, done = (journey.approved_suggestion(world, people=(person,)) for person in (1, 2, 3))
    of_back = journey.assigned(world, back, lead=DRAFTING, cooperating=[OTHER])
    of_over = journey.assigned(world, over, lead=DRAFTING, cooperating=[OTHER])
    of_done = journey.assigned(world, done, lead=OTHER, cooperating=["finance"])
    api = create_api(world.database, StoppedClock(), world.intake, sealer=Sealer({"test": b"s" * 32}, "test"))
    drafting, other = (TestClient(api, headers={"X-API-Key": journey.api_key(world, one)}) for one in (DRAFTING, OTHER))
    sent = drafting.post(f"/assignments/{of_back[DRAFTING]}/send-back", json={"reason": "不归我们。"})
    passed = drafting.post(
        f"/assignments/{of_over[DRAFTING]}/transfer",
        json={"reason": "归市场监管。", "to_department": "market-regulation"},
    )
    answer = {"disposition": "noted", "reason": "留作参考，待修订时研究。"}
    answered = other.post(f"/assignments/{of_done[OTHER]}/answer", json=answer)
    assert [sent.status_code, passed.status_code, answered.status_code] == [200, 200, 200]
    with world.database.reading() as session:
        assert session.get_one(Assignment, of_back[OTHER]).clock_stopped_at == START
        passed_on = session.scalars(select(Assignment).where(Assignment.suggestion_id == over)).all()
        assert {row.department_id for row in passed_on} == {DRAFTING, OTHER, "market-regulation"}
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.OFFICE_HEAD)
        assert "留作参考，待修订时研究。" in words(browser.get("/office/confirming").text)
        returned = press(browser, "/office/confirming", f"/office/confirming/{done}/return", remark="请写明理由。")
        assert returned.status_code == 303
        assert other.post(f"/assignments/{of_done[OTHER]}/answer", json=answer).status_code == 200
        assert press(browser, "/office/confirming", f"/office/confirming/{done}").status_code == 303
    with world.database.reading() as session:
        states = {one: session.get_one(Assignment, id).state for one, id in of_done.items()}
    assert states == {OTHER: AssignmentState.CONFIRMED, "finance": AssignmentState.RECALLED}


@pytest.mark.postgres
def test_a_department_reads_what_the_others_answered_to_the_same_suggestion(postgres_world: World) -> None:
    world = postgres_world
    held = journey.assigned(world, journey.approved_suggestion(world), lead=DRAFTING, cooperating=[OTHER])
    api = create_api(world.database, StoppedClock(), world.intake, sealer=Sealer({"test": b"s" * 32}, "test"))
    other = TestClient(api, headers={"X-API-Key": journey.api_key(world, OTHER)})
    answer = {"disposition": "noted", "reason": "配合意见：暂不具备条件。"}
    assert other.post(f"/assignments/{held[OTHER]}/answer", json=answer).status_code == 200
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.OFFICER)
        assert "配合意见：暂不具备条件。" in words(browser.get(f"/office/assignments/{held[DRAFTING]}").text)
