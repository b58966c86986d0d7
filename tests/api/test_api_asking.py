"""Asking a sender, and another department, over HTTP."""

import uuid
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from app.assignments import joining, reminding
from app.clarifications import asking as relay
from app.clarifications.models import Clarification
from app.permissions import Actor, ActorKind
from app.submissions import queries as submissions
from tests.api.conftest import Client
from tests.support import journey
from tests.support.journey import DRAFTING, START, StoppedClock, World

CITIZEN = Actor(ActorKind.CITIZEN, "", frozenset())
ASKED = {"question": "请问是哪个街道？电话 13900001234 可否联系？"}


@pytest.fixture
def assignment(world: World) -> uuid.UUID:
    return journey.assignment(world)


def code(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def replied(world: World, words: str) -> None:
    with world.database.writing() as session:
        question = session.scalars(select(Clarification)).one()
        submission = submissions.get(session, question.submission_id)
        relay.answer(session, CITIZEN, START + timedelta(days=1), submission, question.id, words)
    with world.database.writing() as session:
        reminding.settle_questions(session, START + timedelta(days=1))


def test_a_question_stops_the_clock_and_its_answer_is_read_without_a_name(
    world: World, client: TestClient, assignment: uuid.UUID
) -> None:
    path = f"/assignments/{assignment}"
    asked = client.post(f"{path}/ask", json=ASKED | {"answer_within_days": 5})
    assert (asked.status_code, asked.json()["clock_stopped"]) == (200, True)
    (question,) = client.get(f"{path}/questions").json()["items"]
    assert "13900001234" not in question["question"]
    assert (question["state"], question["answer"]) == ("asked", None)
    assert (question["asked_at"], question["due_at"]) == ("2026-05-11T01:30:00Z", "2026-05-16T01:30:00Z")
    assert code(client.post(f"{path}/ask", json=ASKED)) == (409, "question_open")
    replied(world, "在和平街道，我叫测试甲，电话 13900001234。")
    (question,) = client.get(f"{path}/questions").json()["items"]
    assert (question["state"], question["answered_at"]) == ("answered", "2026-05-12T01:30:00Z")
    assert question["answer"].startswith("在和平街道")
    assert "13900001234" not in question["answer"]
    assert client.get(path).json()["clock_stopped"] is False


def test_what_can_not_be_asked(client: TestClient, client_of: Client, assignment: uuid.UUID) -> None:
    path = f"/assignments/{assignment}/ask"
    assert code(client.post(path, json={"question": " \n"})) == (422, "question_required")
    for body in ({"question": "问" * 501}, ASKED | {"answer_within_days": 61}, ASKED | {"answer_within_days": 0}):
        assert code(client.post(path, json=body)) == (422, "invalid_fields")
    assert code(client_of("health").post(path, json=ASKED)) == (404, "no_such_assignment")
    client.post(f"/assignments/{assignment}/answer", json={"disposition": "adopted"})
    assert code(client.post(path, json=ASKED)) == (409, "not_open")


def test_the_lead_asks_another_department_which_has_an_assignment_of_its_own(
    client: TestClient, client_of: Client, assignment: uuid.UUID
) -> None:
    path, finance = f"/assignments/{assignment}", client_of("finance")
    asked = client.post(f"{path}/cooperating", json={"to_department": "省财政厅", "reason": "涉及经费。"})
    assert (asked.status_code, asked.json()["id"]) == (200, str(assignment))
    (theirs,) = finance.get("/assignments").json()["items"]
    assert (theirs["role"], theirs["state"], theirs["why"]) == ("cooperating", "delivered", "asked_by_lead")
    assert theirs["due_at"] is not None
    again = {"to_department": "finance", "reason": "涉及经费。"}
    assert code(client.post(f"{path}/cooperating", json=again)) == (409, "has_it_already")
    further = {"to_department": "health", "reason": "涉及卫生。"}
    assert code(finance.post(f"/assignments/{theirs['id']}/cooperating", json=further)) == (409, "only_the_lead")
    finance.post(f"/assignments/{theirs['id']}/send-back", json={"reason": "不涉及经费。"})
    assert code(client.post(f"{path}/cooperating", json=again)) == (409, "had_it_before")
    own = {"to_department": DRAFTING, "reason": "涉及经费。"}
    assert code(client.post(f"{path}/cooperating", json=own)) == (422, "suggests_itself")
    nobody = {"to_department": "不存在的单位", "reason": "涉及经费。"}
    assert code(client.post(f"{path}/cooperating", json=nobody)) == (422, "no_such_department")
    client.post(f"{path}/answer", json={"disposition": "adopted"})
    assert code(client.post(f"{path}/cooperating", json=further)) == (409, "not_open")


def test_beyond_a_bound_the_approver_decides(
    world: World, client: TestClient, assignment: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "MOST_COOPERATING", 1)
    path = f"/assignments/{assignment}/cooperating"
    answers = [client.post(path, json={"to_department": to, "reason": "会商。"}) for to in ("finance", "health")]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert code(answers[1]) == (409, "too_many_cooperating")


def test_asking_again_under_one_key_asks_once(client: TestClient, assignment: uuid.UUID, clock: StoppedClock) -> None:
    key = {"Idempotency-Key": "ask-1"}
    first, again = (client.post(f"/assignments/{assignment}/ask", json=ASKED, headers=key) for _ in range(2))
    assert (first.content, again.headers["Idempotent-Replayed"]) == (again.content, "true")
