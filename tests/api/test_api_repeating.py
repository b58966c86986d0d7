"""A write that is sent twice has one effect and one answer."""

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.accounts.models import ApiClient
from app.api import repeating
from app.api.application import DepartmentApi
from app.api.v1.requests import AcknowledgeRequest, AnswerRequest
from app.assignments import actions as assignments
from app.audit import queries as audit
from app.idempotency import ledger
from app.idempotency.models import AnsweredRequest
from app.kit.errors import Conflict
from tests.support import journey
from tests.support.journey import StoppedClock, World

KEY = {"Idempotency-Key": "0f0c3a52-5d0e-4c3a-9b57-2f6f1c1d9a10"}
REQUESTS = [
    ("acknowledge", {}),
    ("send-back", {"reason": "不归我厅。", "suggested_department": "health"}),
    ("answer", {"disposition": "noted", "reason": "供参考。"}),
    ("answer", {"disposition": "noted", "reason": "供参考。", "draft": True}),
]


def entries(world: World, assignment_id: uuid.UUID) -> int:
    """How often something was done to the assignment."""
    with world.database.reading() as session:
        return len(audit.of_record(session, "assignment", assignment_id))


def remembered(world: World) -> int:
    with world.database.reading() as session:
        return session.scalars(select(func.count()).select_from(AnsweredRequest)).one()


@pytest.mark.parametrize(("verb", "body"), REQUESTS)
def test_the_same_request_again_gets_the_same_answer(
    world: World, client: TestClient, verb: str, body: dict[str, object]
) -> None:
    assignment_id = journey.assignment(world)
    path = f"/assignments/{assignment_id}/{verb}"
    first = client.post(path, json=body, headers=KEY)
    again = client.post(path, json=body, headers=KEY)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert entries(world, assignment_id) == 1


def test_the_key_may_stand_in_the_body_and_the_order_of_names_does_not_matter(world: World, client: TestClient) -> None:
    path = f"/assignments/{journey.assignment(world)}/answer"
    key = KEY["Idempotency-Key"]
    first = client.post(path, json={"idempotency_key": key, "disposition": "noted", "reason": "供参考。"})
    for headers, body in (
        (KEY, {"reason": "供参考。", "disposition": "noted"}),
        (KEY, {"reason": "供参考。", "disposition": "noted", "draft": False, "idempotency_key": key}),
        ({}, {"reason": "供参考。", "disposition": "noted", "idempotency_key": key}),
    ):
        again = client.post(path, json=body, headers=headers)
        assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")


def test_an_acknowledgement_needs_no_body(world: World, client: TestClient) -> None:
    path = f"/assignments/{journey.assignment(world)}/acknowledge"
    answers = [
        client.post(path, headers=KEY),
        client.post(path, json={}, headers=KEY),
        client.post(path, content=b"null", headers={**KEY, "Content-Type": "application/json"}),
        client.post(path, content=b"", headers={**KEY, "Content-Type": "application/json"}),
    ]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0].status_code == 200


def test_a_key_with_another_request_is_refused(world: World, client: TestClient) -> None:
    first, second = journey.assignment(world), journey.assignment(world)
    client.post(f"/assignments/{first}/answer", json={"disposition": "noted", "reason": "一。"}, headers=KEY)
    for assignment_id, verb, body in (
        (first, "answer", {"disposition": "noted", "reason": "二。"}),
        (first, "answer", {"disposition": "adopted", "reason": "一。"}),
        (first, "acknowledge", {}),
        (second, "answer", {"disposition": "noted", "reason": "一。"}),
    ):
        refused = client.post(f"/assignments/{assignment_id}/{verb}", json=body, headers=KEY)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert (entries(world, first), entries(world, second)) == (1, 0)


def test_a_key_belongs_to_one_assignment(world: World, client: TestClient) -> None:
    first, second = journey.assignment(world), journey.assignment(world)
    assert client.post(f"/assignments/{first}/acknowledge", headers=KEY).status_code == 200
    refused = client.post(f"/assignments/{second}/acknowledge", headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert entries(world, second) == 0


def test_a_field_that_a_later_version_adds_does_not_make_it_another_request() -> None:
    class Later(AnswerRequest):
        document_number: str | None = None

    given = {"disposition": "noted", "reason": "供参考。"}
    assert repeating.fingerprint("x/answer", Later(**given)) == repeating.fingerprint(
        "x/answer", AnswerRequest(**given)
    )


def test_two_keys_that_differ_are_refused(world: World, client: TestClient) -> None:
    assignment_id = journey.assignment(world)
    body = {"idempotency_key": "another"}
    refused = client.post(f"/assignments/{assignment_id}/acknowledge", json=body, headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_keys_differ")
    assert entries(world, assignment_id) == 0


def test_a_refused_request_can_be_mended_under_the_same_key(world: World, client: TestClient) -> None:
    path = f"/assignments/{journey.assignment(world)}/answer"
    assert client.post(path, json={"disposition": "noted"}, headers=KEY).status_code == 422
    assert remembered(world) == 0
    mended = client.post(path, json={"disposition": "noted", "reason": "供参考。"}, headers=KEY)
    assert (mended.status_code, "Idempotent-Replayed" in mended.headers) == (200, False)


def test_keys_of_two_clients_do_not_meet(world: World, client_of) -> None:
    ids = journey.assigned(world, journey.approved_suggestion(world), cooperating=["health"])
    for department, assignment_id in ids.items():
        answer = client_of(department).post(f"/assignments/{assignment_id}/acknowledge", headers=KEY)
        assert (answer.status_code, answer.json()["id"]) == (200, str(assignment_id))
        assert "Idempotent-Replayed" not in answer.headers


@pytest.mark.parametrize("given", ["", "x" * 256, "键", "a\tb"])
def test_a_key_is_1_to_255_printable_ascii_characters(world: World, client: TestClient, given: str) -> None:
    assignment_id = journey.assignment(world)
    path = f"/assignments/{assignment_id}/acknowledge"
    in_body = client.post(path, json={"idempotency_key": given})
    in_header = client.post(path, headers={"Idempotency-Key": given.encode()})
    for refused, field in ((in_body, "idempotency_key"), (in_header, "Idempotency-Key")):
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_fields")
        assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert entries(world, assignment_id) == 0
    assert client.post(path, json={"idempotency_key": "~ " + "x" * 253}).status_code == 200


def test_equal_requests_at_once_have_one_effect(world: World, client: TestClient) -> None:
    """Whoever comes second is told to ask again, or has the first one's answer already."""
    assignment_id = journey.assignment(world)
    together = threading.Barrier(4)

    def send(_: int) -> tuple[int, bytes]:
        together.wait()
        answer = client.post(f"/assignments/{assignment_id}/acknowledge", headers=KEY)
        return answer.status_code, answer.content

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    carried_out = {content for status, content in answers if status == 200}
    told = {json.loads(content)["code"] for status, content in answers if status != 200}
    assert (len(carried_out), told <= {"request_in_flight"}) == (1, True)
    assert (entries(world, assignment_id), remembered(world)) == (1, 1)
    again = client.post(f"/assignments/{assignment_id}/acknowledge", headers=KEY)
    assert {again.content} == carried_out


def test_while_the_first_is_at_work_the_second_is_told_so(world: World, client: TestClient, monkeypatch) -> None:
    assignment_id = journey.assignment(world)
    path = f"/assignments/{assignment_id}/acknowledge"
    begun, go_on = threading.Event(), threading.Event()
    acknowledge = assignments.acknowledge

    def slowly(*given: Any) -> Any:
        begun.set()
        assert go_on.wait(30)
        return acknowledge(*given)

    monkeypatch.setattr(assignments, "acknowledge", slowly)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, path, headers=KEY)
        try:
            assert begun.wait(30)
            second = client.post(path, headers=KEY)
            other = client.post(f"/assignments/{assignment_id}/begin", headers=KEY)
        finally:
            go_on.set()
        answer = first.result()
    assert (second.status_code, second.json()["code"]) == (409, "request_in_flight")
    assert second.headers["Retry-After"] == "1"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert answer.status_code == 200
    again = client.post(path, headers=KEY)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (answer.content, "true")
    assert entries(world, assignment_id) == 1


def test_a_key_whose_process_was_killed_is_free_after_a_minute(
    world: World, client: TestClient, clock: StoppedClock
) -> None:
    """It had claimed the key, and died before it changed anything."""
    assignment_id = journey.assignment(world)
    path = f"/assignments/{assignment_id}/acknowledge"
    with world.database.writing() as session:
        client_id = str(session.scalars(select(ApiClient.id)).one())
        request = repeating.fingerprint(f"{assignment_id}/acknowledge", AcknowledgeRequest())
        ledger.claim(session, client_id, KEY["Idempotency-Key"], request, clock.at)
    assert client.post(path, headers=KEY).json()["code"] == "request_in_flight"
    assert client.post(path).status_code == 200
    clock.at += ledger.AT_WORK_FOR
    refused = client.post(path, headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
    assert remembered(world) == 0


def test_a_write_whose_claim_was_taken_over_is_not_carried_out(world: World, client: TestClient, monkeypatch) -> None:
    assignment_id = journey.assignment(world)

    def lose(*_: object) -> None:
        raise Conflict("changed_meanwhile")

    monkeypatch.setattr(repeating, "keep_answer", lose)
    refused = client.post(f"/assignments/{assignment_id}/acknowledge", headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_meanwhile")
    assert (entries(world, assignment_id), remembered(world)) == (0, 0)


@pytest.mark.parametrize(("verb", "body"), REQUESTS)
def test_who_loses_the_race_at_its_narrowest_gets_the_winners_answer(
    world: World, api: DepartmentApi, client: TestClient, monkeypatch, verb: str, body: dict[str, object]
) -> None:
    """The loser has looked for an earlier answer before the winner has committed one."""
    assignment_id = journey.assignment(world)
    path = f"/assignments/{assignment_id}/{verb}"
    first = client.post(path, json=body, headers=KEY)
    looks = iter([None])
    found = repeating.earlier_answer
    monkeypatch.setattr(repeating, "earlier_answer", lambda *given: next(looks, found(*given)))
    again = client.post(path, json=body, headers=KEY)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (entries(world, assignment_id), remembered(world)) == (1, 1)


def test_different_writes_at_once_leave_one_winner(world: World, client: TestClient) -> None:
    assignment_id = journey.assignment(world)
    together = threading.Barrier(4)

    def send(place: int) -> tuple[int, str | None]:
        verb, body = [*REQUESTS[1:3], *REQUESTS[1:3]][place]
        together.wait()
        answer = client.post(f"/assignments/{assignment_id}/{verb}", json=body)
        return answer.status_code, answer.json().get("code")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert [status for status, _ in sorted(answers)] == [200, 409, 409, 409]
    assert {code for status, code in answers if status == 409} <= {"invalid_transition", "changed_meanwhile"}
    assert entries(world, assignment_id) == 1


def test_a_row_that_another_write_made_first_reads_as_a_change(world: World, client: TestClient, monkeypatch) -> None:
    assignment_id = journey.assignment(world)

    def lose(*_: object) -> None:
        raise Conflict("exists_already")

    monkeypatch.setattr("app.assignments.actions.acknowledge", lose)
    refused = client.post(f"/assignments/{assignment_id}/acknowledge")
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_meanwhile")
