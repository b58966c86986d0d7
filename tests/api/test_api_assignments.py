"""What a department can do with its assignments, and what it is shown of them."""

import json
import uuid
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select

from app.assignments.lifecycle import LIFECYCLE, AssignmentEvent, AssignmentState
from app.assignments.models import Assignment
from app.audit import queries as audit
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Answer, Disposition
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import COMMENT, DRAFTING, START, StoppedClock, World

BODY = {
    AssignmentEvent.ACKNOWLEDGE: {},
    AssignmentEvent.SEND_BACK: {"reason": "此事由市场监管部门负责。"},
    AssignmentEvent.ANSWER: {"disposition": "adopted"},
    AssignmentEvent.BEGIN: {},
    AssignmentEvent.TRANSFER: {"reason": "此事由市场监管部门负责。", "to_department": "market-regulation"},
}
PATH = {
    AssignmentEvent.ACKNOWLEDGE: "acknowledge",
    AssignmentEvent.SEND_BACK: "send-back",
    AssignmentEvent.ANSWER: "answer",
    AssignmentEvent.BEGIN: "begin",
    AssignmentEvent.TRANSFER: "transfer",
}
WAY_TO = {
    AssignmentState.DELIVERED: [],
    AssignmentState.ACKNOWLEDGED: [AssignmentEvent.ACKNOWLEDGE],
    AssignmentState.SENT_BACK: [AssignmentEvent.SEND_BACK],
    AssignmentState.ANSWERED: [AssignmentEvent.ANSWER],
    AssignmentState.IN_PROGRESS: [AssignmentEvent.BEGIN],
    AssignmentState.TRANSFERRED: [AssignmentEvent.TRANSFER],
}


def post(client: TestClient, assignment_id: uuid.UUID, what: AssignmentEvent):
    return client.post(f"/assignments/{assignment_id}/{PATH[what]}", json=BODY[what])


def test_an_assignment_is_shown_whole(world: World, client: TestClient) -> None:
    suggestion_id = journey.approved_suggestion(world, clause=world.clauses[1], people=(1, 2, 2))
    assignment_id = journey.assigned(world, suggestion_id)[DRAFTING]
    clause = world.clauses[1]
    expected = {
        "id": str(assignment_id),
        "state": "delivered",
        "role": "lead",
        "assigned_at": "2026-05-11T01:30:00Z",
        "acknowledged_at": None,
        "in_progress_at": None,
        "answered_at": None,
        "confirmed_at": None,
        "closed_at": None,
        "due_at": "2026-05-25T16:00:00Z",
        "clock_stopped": False,
        "updated_at": "2026-05-11T01:30:00Z",
        "why": "named_first",
        "suggestion": {
            "id": str(suggestion_id),
            "text": "助餐点周末照常开放，并提前公布一周菜单。",
            "theme": "助餐服务",
            "distinct_persons": 2,
        },
        "clause": {"label": "一/（一）", "number": "（一）", "heading": clause.heading, "text": clause.text},
        "consultation": {
            "slug": journey.SLUG,
            "title": world.consultation.title,
            "drafting_department": {"id": DRAFTING, "name": "辽宁省民政厅"},
        },
        "answer": None,
        "send_back": None,
        "transfer": None,
        "returned": None,
        "recall_reason": None,
        "revision": 1,
        "progress_notes": None,
        "sources": None,
    }
    assert client.get(f"/assignments/{assignment_id}").json() == expected
    assert client.get("/assignments").json() == {"items": [expected], "next_cursor": None}


def test_a_general_opinion_has_no_clause(world: World, client: TestClient) -> None:
    assert client.get(f"/assignments/{journey.assignment(world)}").json()["clause"] is None


def test_nothing_shows_who_wrote_or_the_original_words(world: World, client: TestClient) -> None:
    assignment_id = journey.assignment(world, person=7)
    who = journey.identity(7)
    answers = [
        client.get("/assignments"),
        client.get(f"/assignments/{assignment_id}"),
        post(client, assignment_id, AssignmentEvent.ACKNOWLEDGE),
        post(client, assignment_id, AssignmentEvent.ANSWER),
    ]
    for answer in answers:
        assert answer.status_code == 200
        for secret in (who.name, who.id_number, who.phone, who.email, COMMENT, COMMENT[:9]):
            assert secret not in answer.text


@pytest.mark.parametrize("state", WAY_TO)
@pytest.mark.parametrize("what", PATH)
def test_each_step_is_possible_where_the_life_cycle_has_it_and_409_elsewhere(
    world: World, client: TestClient, state: AssignmentState, what: AssignmentEvent
) -> None:
    assignment_id = journey.assignment(world)
    for step in WAY_TO[state]:
        assert post(client, assignment_id, step).status_code == 200
    before = client.get(f"/assignments/{assignment_id}").json()

    answer = post(client, assignment_id, what)

    after = client.get(f"/assignments/{assignment_id}").json()
    if LIFECYCLE.allows(state, what):
        assert (answer.status_code, answer.json()) == (200, after)
        assert after["state"] == LIFECYCLE.after(state, what)
        assert after["revision"] > before["revision"]
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")
        assert answer.json()["parameters"] == {"state": state.value, "event": what.value}
        assert after == before


def test_acknowledging_is_dated_and_audited(world: World, client: TestClient, clock: StoppedClock) -> None:
    assignment_id = journey.assignment(world)
    clock.at = START + timedelta(hours=2, microseconds=5)
    answer = client.post(f"/assignments/{assignment_id}/acknowledge")
    assert answer.json()["acknowledged_at"] == "2026-05-11T03:30:00.000005Z"
    with world.database.reading() as session:
        (entry,) = audit.of_record(session, "assignment", assignment_id)
        assert (entry.action, entry.at, entry.actor_kind.value) == (
            "assignment.acknowledged",
            clock.at,
            "client",
        )


@pytest.mark.parametrize("written", ["market-regulation", "省市场监管局", "辽宁省市场监督管理局"])
def test_sending_back_names_a_better_department_by_id_or_name(world: World, client: TestClient, written: str) -> None:
    assignment_id = journey.assignment(world)
    body = {"reason": "  后厨由市场监管部门检查。\n", "suggested_department": written}
    answer = client.post(f"/assignments/{assignment_id}/send-back", json=body).json()
    assert (answer["state"], answer["closed_at"]) == ("sent_back", "2026-05-11T01:30:00Z")
    assert answer["send_back"] == {
        "reason": "后厨由市场监管部门检查。",
        "suggested_department": {"id": "market-regulation", "name": "辽宁省市场监督管理局"},
    }


@pytest.mark.parametrize("written", ["moon-office", "省月球厅", "city-governments", "各市政府"])
def test_a_department_that_cannot_be_assigned_cannot_be_suggested(
    world: World, client: TestClient, written: str
) -> None:
    assignment_id = journey.assignment(world)
    body = {"reason": "不归我厅。", "suggested_department": written}
    refused = client.post(f"/assignments/{assignment_id}/send-back", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "no_such_department")
    assert refused.json()["errors"][0]["field"] == "suggested_department"
    assert client.get(f"/assignments/{assignment_id}").json()["state"] == "delivered"


@pytest.mark.parametrize("kind", DispositionKind)
def test_each_disposition_decides_the_suggestion_and_owes_a_reason_unless_adopted(
    world: World, client: TestClient, kind: DispositionKind
) -> None:
    assignment_id = journey.assignment(world)
    path = f"/assignments/{assignment_id}/answer"
    bare = client.post(path, json={"disposition": kind.value, "reason": " \n"})
    if kind is DispositionKind.ADOPTED:
        assert bare.status_code == 200
    else:
        assert (bare.status_code, bare.json()["code"]) == (422, "reason_required")
        assert bare.json()["errors"][0]["field"] == "reason"
        answer = client.post(path, json={"disposition": kind.value, "reason": " 经研究办理。 "}).json()
        assert answer["answer"] == {
            "disposition": kind.value,
            "reason": "经研究办理。",
            "draft": False,
            "answered_at": "2026-05-11T01:30:00Z",
            "citizen_words": "",
            "approver": "",
            "dated_on": None,
            "document_number": "",
            "scan": None,
            "number": 1,
        }
    with world.database.reading() as session:
        assert session.scalars(select(Disposition.kind)).one() is kind


def test_a_draft_is_kept_replaced_and_decides_nothing(world: World, client: TestClient) -> None:
    assignment_id = journey.assignment(world)
    path = f"/assignments/{assignment_id}/answer"
    for reason in ("初稿。", "二稿。"):
        kept = client.post(path, json={"disposition": "noted", "reason": reason, "draft": True}).json()
        assert (kept["state"], kept["answer"]["draft"], kept["answer"]["reason"]) == ("delivered", True, reason)
    with world.database.reading() as session:
        assert session.scalars(select(Disposition)).all() == []
    final = client.post(path, json={"disposition": "partly_adopted", "reason": "部分写入。"}).json()
    assert (final["state"], final["answer"]["draft"]) == ("answered", False)
    with world.database.reading() as session:
        assert session.scalars(select(Answer.reason)).all() == ["部分写入。"]


def test_a_cooperating_answer_decides_nothing(world: World, client_of) -> None:
    ids = journey.assigned(world, journey.approved_suggestion(world), cooperating=["health"])
    answer = client_of("health").post(
        f"/assignments/{ids['health']}/answer", json={"disposition": "noted", "reason": "供参考。"}
    )
    assert (answer.json()["role"], answer.json()["state"]) == ("cooperating", "answered")
    with world.database.reading() as session:
        assert session.scalars(select(Disposition)).all() == []


def test_an_answer_may_be_as_long_as_promised_and_hold_every_character(world: World, client: TestClient) -> None:
    reason = "𠮷👨‍👩‍👧\n\t<&>'\"".ljust(5000, "理")
    assignment_id = journey.assignment(world)
    body = {"disposition": "noted", "reason": reason}
    answer = client.post(f"/assignments/{assignment_id}/answer", json=body)
    assert answer.json()["answer"]["reason"] == reason


def test_pages_follow_each_other_without_gap_or_repeat(world: World, client: TestClient) -> None:
    # Two at each instant, so that the order within an instant is needed too.
    made = [str(journey.assignment(world, at=START + timedelta(minutes=n // 2))) for n in range(7)]
    pages, cursor = [], ""
    while cursor is not None:
        page = client.get("/assignments", params={"limit": 3, "cursor": cursor}).json()
        pages.append([item["id"] for item in page["items"]])
        cursor = page["next_cursor"]
    assert [len(page) for page in pages] == [3, 3, 1]
    found = [one for page in pages for one in page]
    assert sorted(found) == sorted(made)
    assert [made.index(one) // 2 for one in found] == [0, 0, 1, 1, 2, 2, 3]


def test_a_page_is_not_disturbed_by_what_happens_between(world: World, client: TestClient) -> None:
    made = [str(journey.assignment(world, at=START + timedelta(minutes=n))) for n in range(3)]
    first = client.get("/assignments", params={"limit": 2}).json()
    post(client, uuid.UUID(made[0]), AssignmentEvent.ANSWER)
    made.append(str(journey.assignment(world, at=START + timedelta(minutes=9))))
    second = client.get("/assignments", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [item["id"] for item in first["items"] + second["items"]] == made


def test_the_list_filters_by_state(world: World, client: TestClient) -> None:
    ids = {state: journey.assignment(world) for state in WAY_TO}
    for state, assignment_id in ids.items():
        for step in WAY_TO[state]:
            post(client, assignment_id, step)
    for state, assignment_id in ids.items():
        items = client.get("/assignments", params={"state": state.value}).json()["items"]
        assert [item["id"] for item in items] == [str(assignment_id)]
    assert len(client.get("/assignments").json()["items"]) == len(ids)


@pytest.mark.parametrize("path", ["/assignments", "/assignments/{id}", "/departments"])
def test_reading_costs_as_many_queries_for_three_as_for_one(world: World, client: TestClient, path: str) -> None:
    def cost(assignment_id: uuid.UUID) -> int:
        with statements(world.database) as sent:
            assert client.get(path.format(id=assignment_id)).status_code == 200
        return len(sent)

    assignment_id = journey.assignment(world)
    post(client, assignment_id, AssignmentEvent.ANSWER)
    one = cost(assignment_id)
    for _ in range(2):
        post(client, journey.assignment(world), AssignmentEvent.SEND_BACK)
    three = cost(assignment_id)
    assert one == three
    assert 2 <= one <= 8


def test_a_parameter_without_a_value_counts_as_left_out(world: World, client: TestClient) -> None:
    journey.assignment(world)
    plain = client.get("/assignments")
    assert client.get("/assignments?state=&cursor=&limit=").json() == plain.json()
    assert len(plain.json()["items"]) == 1


def test_the_directory_is_listed_whole(world: World, client: TestClient) -> None:
    items = client.get("/departments").json()["items"]
    assert {"id": DRAFTING, "name": "辽宁省民政厅", "assignable": True} in items
    assert any(not item["assignable"] for item in items)
    assert len({item["id"] for item in items}) == len(items) > 50


def test_nothing_may_be_cached(world: World, client: TestClient) -> None:
    for answer in (client.get("/assignments"), client.get("/assignments/0"), client.get("/openapi.json")):
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_answer_is_sent_only_after_the_commit(world: World, client: TestClient, monkeypatch) -> None:
    """When the commit fails, nobody is told that it worked."""
    assignment_id = journey.assignment(world)

    def fail(connection) -> None:
        raise RuntimeError("the disk is full, says 219999195001010000")

    event.listen(world.database.engine, "commit", fail)
    refused = client.post(f"/assignments/{assignment_id}/acknowledge")
    event.remove(world.database.engine, "commit", fail)
    assert (refused.status_code, refused.json()["code"]) == (500, "internal_error")
    assert "disk" not in refused.text
    assert "219999" not in refused.text
    with world.database.reading() as session:
        assert session.get_one(Assignment, assignment_id).state is AssignmentState.DELIVERED
    assert json.loads(refused.text)["status"] == 500
