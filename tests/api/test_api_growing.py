"""What programs can do since the first version: guard by version, begin, note, pass on, answer many, read besides."""

import uuid
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.accounts import asked
from app.accounts.models import ApiKey, ApiRequest
from app.api import retiring
from app.api.application import create_api
from app.api.code_words import TABLES
from app.api.limiting import Buckets
from app.api.retiring import Retirement
from app.assignments.lifecycle import AssignmentRole, AssignmentState
from app.consultations.lifecycle import DisplayRegime, Kind, LegalNature, Phase
from app.dispositions.kinds import DispositionKind
from app.submissions.lifecycle import Channel
from app.submissions.organisation import OrganisationType
from tests.support import journey
from tests.support.journey import DRAFTING, SLUG, START, StoppedClock, World

PRIVATE = "我叫测试甲，电话13900000007，希望周末开放。"


@pytest.fixture
def assignment_id(world: World) -> uuid.UUID:
    return journey.assignment(world)


def test_a_write_made_with_an_older_version_is_refused_and_told_the_present_one(
    client: TestClient, assignment_id: uuid.UUID
) -> None:
    path = f"/assignments/{assignment_id}"
    tag = client.get(path).headers["ETag"]
    assert tag == '"1"'
    begun = client.post(f"{path}/begin", headers={"If-Match": tag}, json={"expected_version": 1})
    assert (begun.status_code, begun.headers["ETag"], begun.json()["revision"]) == (200, '"2"', 2)
    late = client.post(f"{path}/progress", json={"text": "已开始。"}, headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"], late.json()["parameters"]) == (
        412,
        "precondition_failed",
        {"current": 2},
    )
    late = client.post(f"{path}/progress", json={"text": "已开始。", "expected_version": 1})
    assert (late.status_code, late.json()["code"], late.json()["parameters"]) == (
        409,
        "version_mismatch",
        {"current": 2},
    )
    for fitting in ('W/"2"', '"1", "2"', "*"):
        assert client.post(
            f"{path}/progress", json={"text": "已开始。"}, headers={"If-Match": fitting}
        ).status_code in (
            200,
            412,
        )
        client.get(path)


def test_what_has_not_changed_is_not_sent_again(client: TestClient, assignment_id: uuid.UUID) -> None:
    path = f"/assignments/{assignment_id}"
    tag = client.get(path).headers["ETag"]
    same = client.get(path, headers={"If-None-Match": tag})
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    client.post(f"{path}/acknowledge")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_progress_and_originals_are_put_in_where_they_are_asked_for(world: World, client: TestClient) -> None:
    suggestion = journey.approved_suggestion(world, people=(1, 2), comment=PRIVATE)
    assignment_id = journey.assigned(world, suggestion)[DRAFTING]
    path = f"/assignments/{assignment_id}"
    client.post(f"{path}/progress", json={"text": "已征求意见。"})
    whole = client.get(path, params={"expand": "progress_notes,sources"}).json()
    assert [note["text"] for note in whole["progress_notes"]] == ["已征求意见。"]
    assert whole["sources"]["total"] == len(whole["sources"]["passages"]) == 2
    assert "13900000007" not in str(whole)
    listed = client.get("/assignments", params={"expand": "sources"}).json()["items"][0]
    assert (listed["sources"], listed["progress_notes"]) == (whole["sources"], None)
    page = client.get(f"{path}/sources", params={"limit": 1}).json()
    rest = client.get(f"{path}/sources", params={"limit": 1, "cursor": page["next_cursor"]}).json()
    assert page["passages"] + rest["passages"] == whole["sources"]["passages"]
    assert rest["next_cursor"] is None
    assert client.get(path, params={"expand": "everything"}).json()["code"] == "invalid_fields"


def test_a_transfer_gives_the_other_department_an_assignment(client_of, assignment_id: uuid.UUID) -> None:
    body = {"reason": "后厨由市场监管部门检查。", "to_department": "省市场监管局"}
    passed = client_of().post(f"/assignments/{assignment_id}/transfer", json=body).json()
    assert (passed["state"], passed["transfer"]["to_department"]["id"]) == ("transferred", "market-regulation")
    (theirs,) = client_of("market-regulation").get("/assignments").json()["items"]
    assert (theirs["state"], theirs["role"], theirs["why"]) == ("delivered", "lead", "transferred")
    back = client_of("market-regulation").post(
        f"/assignments/{theirs['id']}/transfer", json={"reason": "不归我局。", "to_department": DRAFTING}
    )
    assert (back.status_code, back.json()["code"]) == (409, "had_it_before")


def test_many_are_answered_at_once_or_none_is(world: World, client_of) -> None:
    client, foreign = client_of(), journey.assignment(world, department="health")
    ids = [str(journey.assignment(world, person=n)) for n in range(3)]
    body = {"disposition": "noted", "reason": "供参考。", "approver": "王某", "document_number": "民函〔2026〕12号"}
    refused = client.post("/assignment-answers", json={**body, "assignments": [*ids, str(foreign)]})
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_assignment")
    assert {item["state"] for item in client.get("/assignments").json()["items"]} == {"delivered"}
    twice = client.post("/assignment-answers", json={**body, "assignments": [ids[0], ids[0]]})
    assert twice.json()["code"] == "named_twice"
    done = client.post("/assignment-answers", json={**body, "assignments": ids}).json()
    assert [(one["id"], one["state"], one["answer"]["approver"]) for one in done["items"]] == [
        (one, "answered", "王某") for one in ids
    ]


def test_the_list_is_narrowed_by_consultation_day_and_change(
    world: World, client: TestClient, clock: StoppedClock
) -> None:
    first, second = str(journey.assignment(world)), str(journey.assignment(world, at=START + timedelta(minutes=1)))
    clock.at = START + timedelta(hours=1)
    client.post(f"/assignments/{first}/acknowledge")

    def found(**narrowed: str) -> list[str]:
        return [item["id"] for item in client.get("/assignments", params=narrowed).json()["items"]]

    assert found(consultation=SLUG) == [first, second]
    assert found(updated_since=clock.at.isoformat()) == [first]
    assert found(due_before=clock.at.isoformat()) == []
    assert client.get("/assignments", params={"consultation": "none"}).json()["code"] == "no_such_consultation"


def test_consultations_are_read_with_versions_clauses_and_comments(world: World, client: TestClient) -> None:
    journey.submit(world, comment=PRIVATE)
    (call,) = client.get("/consultations").json()["items"]
    assert call == client.get(f"/consultations/{SLUG}").json()
    assert (call["slug"], call["phase"], call["version"]) == (SLUG, "open", 1)
    (version,) = client.get(f"/consultations/{SLUG}/versions").json()["items"]
    assert (version["number"], version["under_comment"]) == (1, True)
    clauses = client.get(f"/consultations/{SLUG}/versions/1/clauses").json()["items"]
    assert [one["id"] for one in clauses] == [str(clause.id) for clause in world.clauses]
    (comment,) = client.get(f"/consultations/{SLUG}/comments").json()["items"]
    assert "13900000007" not in comment["text"]
    assert "周末开放" in comment["text"]
    for path, code in (
        ("/consultations/none", "consultation_not_found"),
        ("/consultations/none/comments", "consultation_not_found"),
        (f"/consultations/{SLUG}/versions/2/clauses", "no_such_version"),
    ):
        missing = client.get(path)
        assert (missing.status_code, missing.json()["code"]) == (404, code)


def test_a_program_sees_who_it_is_and_what_it_asked_and_nobody_elses(
    world: World, client_of, clock: StoppedClock
) -> None:
    ours, theirs = client_of(), client_of("health")
    theirs.get("/assignments")
    clock.at = START + timedelta(minutes=1)
    who = ours.get("/whoami", headers={"X-Request-Id": "check-0001"}).json()
    assert (who["mode"], who["department_id"], who["channel"]) == ("live", DRAFTING, None)
    ours.get(f"/assignments/{uuid.uuid4()}")
    made = ours.get("/requests").json()["items"]
    assert {(one["method"], one["route"], one["status"]) for one in made} == {
        ("GET", "/whoami", 200),
        ("GET", "/assignments/{assignment_id}", 404),
    }
    assert {one["key_id"] for one in made} == {who["key_id"]}
    with world.database.writing() as session:
        assert session.get_one(ApiKey, who["key_id"]).last_used_at == clock.at
        asked.forget_old(session, clock.at + asked.KEPT_FOR)
        assert all(row.at >= clock.at for row in session.scalars(select(ApiRequest)))


def test_every_table_of_codes_is_whole() -> None:
    enums = {
        "state": AssignmentState,
        "role": AssignmentRole,
        "disposition": DispositionKind,
        "phase": Phase,
        "kind": Kind,
        "legal_nature": LegalNature,
        "display_regime": DisplayRegime,
        "channel": Channel,
        "organisation_type": OrganisationType,
    }
    assert {name: set(TABLES[name]) for name in enums} == {name: set(kind) for name, kind in enums.items()}


def test_codes_have_labels(client: TestClient) -> None:
    tables = client.get("/codes").json()["tables"]
    assert {"code": "delivered", "en": "Delivered", "zh": "已交办"} in tables["state"]
    assert all(code["en"] and code["zh"] for table in tables.values() for code in table)


def test_too_many_requests_are_told_when_to_go_on(world: World, clock: StoppedClock) -> None:
    api = create_api(world.database, clock, buckets=Buckets(burst=2, per_second=0.5))
    ours, theirs = (TestClient(api, headers={"X-API-Key": journey.api_key(world)}) for _ in range(2))
    left = [ours.get("/whoami").headers for _ in range(2)]
    assert [one["RateLimit-Remaining"] for one in left] == ["1", "0"]
    assert left[0]["RateLimit-Limit"] == "2"
    over = ours.get("/whoami")
    assert (over.status_code, over.json()["code"], over.headers["Retry-After"]) == (429, "too_many_requests", "2")
    assert theirs.get("/whoami").status_code == 200
    clock.at = START + timedelta(seconds=2)
    assert ours.get("/whoami").status_code == 200


def test_what_is_to_end_says_so_a_year_before(
    world: World, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="a year"):
        Retirement(START, START + timedelta(days=100), "something else")
    ending = Retirement(START, START + timedelta(days=400), "`GET /codes`")
    monkeypatch.setattr(retiring, "RETIRED", {"list_departments": ending})
    api = create_api(world.database, clock)
    client = TestClient(api, headers={"X-API-Key": journey.api_key(world)})
    told = client.get("/departments").headers
    assert told["Deprecation"] == f"@{int(START.timestamp())}"
    assert told["Sunset"] == "Tue, 15 Jun 2027 01:30:00 GMT"
    assert 'rel="deprecation"' in told["Link"]
    assert "Sunset" not in client.get("/codes").headers
    described = client.get("/openapi.json").json()["paths"]["/departments"]["get"]
    assert described["deprecated"] is True


def test_other_methods_are_told_which_there_are(client: TestClient) -> None:
    for method in ("OPTIONS", "PUT", "DELETE"):
        refused = client.request(method, "/assignments")
        assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")
        assert refused.json()["code"] == "method_not_allowed"
