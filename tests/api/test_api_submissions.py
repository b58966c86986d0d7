"""Comments that trusted channels send in: one ledger, safe to repeat, and nothing personal in errors."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.accounts import actions as accounts
from app.api.application import DepartmentApi, create_api
from app.api.field_refusals import WORDS
from app.api.v1.submissions import AHEAD, EARLIER
from app.audit.models import AuditEntry
from app.kit.database import Database
from app.permissions import DEPARTMENT_SCOPES
from app.reporting.counting import by_channel
from app.submissions import entering
from app.submissions.lifecycle import Channel
from app.submissions.models import DisplayedComment, Submission, SubmissionOrigin
from app.submissions.problems import ProblemCode
from tests.support import journey
from tests.support.journey import SLUG, START, StoppedClock, World

WHOLE = {
    "external_id": "order-1",
    "consultation": SLUG,
    "comment": "希望助餐点周末也开门。",
    "name": "测试甲",
    "id_number": journey.id_number(7),
    "occupation": "教师",
    "phone": "13900000007",
    "email": "person7@example.com",
}


@pytest.fixture
def api(database: Database, clock: StoppedClock, world: World) -> DepartmentApi:
    return create_api(database, clock, world.intake)


@pytest.fixture
def channel_of(world: World, api: DepartmentApi) -> Callable[..., TestClient]:
    def make(channel: Channel = Channel.HOTLINE) -> TestClient:
        with world.database.writing() as session:
            admin = world.staff.administrator
            key = accounts.add_client(
                session, admin, START, None, f"program of {channel}", ["submissions:write"], channel.value
            )
        return TestClient(api, headers={"X-API-Key": key.text, "Accept-Language": "en"})

    return make


def rows(world: World) -> list[tuple[Submission, SubmissionOrigin]]:
    with world.database.reading() as session:
        found = select(Submission, SubmissionOrigin).join(SubmissionOrigin)
        return [(row[0], row[1]) for row in session.execute(found.order_by(Submission.received_at))]


@pytest.mark.parametrize("channel", [Channel.HOTLINE, Channel.MINI_PROGRAM])
def test_it_is_a_submission_like_others_of_the_channel_of_the_clients_setting(
    world: World, channel_of: Callable[..., TestClient], channel: Channel
) -> None:
    answer = channel_of(channel).post("/submissions", json=WHOLE)
    assert answer.status_code == 200
    receipt = answer.json()
    ((row, origin),) = rows(world)
    assert (row.channel, row.receipt_number, row.comment) == (channel, receipt["receipt_number"], WHOLE["comment"])
    assert world.receipts.code_fits(row.access_code_hash, row.receipt_number, receipt["access_code"])
    assert (receipt["channel"], receipt["missing"]) == (channel.value, [])
    assert (row.received_at, origin.entered_at) == (START, START)
    assert origin.remark == "order-1"
    with world.database.reading() as session:
        assert session.scalars(select(DisplayedComment)).all() == []
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "submission.entered")).one()
        assert entry.actor_id == origin.entered_by
        totals = by_channel(session, world.consultation.id)
        assert totals[channel] == 1


def test_only_the_words_have_to_be_there_and_what_is_missing_is_said(
    world: World, channel_of: Callable[..., TestClient]
) -> None:
    sent = {name: WHOLE[name] for name in ("external_id", "consultation", "comment")}
    answer = channel_of().post("/submissions", json=sent)
    assert answer.json()["missing"] == ["name", "id_number", "occupation", "phone", "email"]
    ((row, origin),) = rows(world)
    assert (row.title, list(origin.missing)) == (WHOLE["comment"], answer.json()["missing"])


def test_the_same_comment_under_the_same_id_gets_the_same_receipt_and_is_stored_once(
    world: World, channel_of: Callable[..., TestClient], clock: StoppedClock
) -> None:
    hotline, other = channel_of(), channel_of(Channel.MINI_PROGRAM)
    first = hotline.post("/submissions", json=WHOLE).json()
    clock.at = world.consultation.closes_at + timedelta(hours=1)
    again = hotline.post("/submissions", json=WHOLE)
    assert (again.status_code, again.json()) == (200, first)
    changed = hotline.post("/submissions", json={**WHOLE, "comment": "希望助餐点周末也开门！"})
    assert (changed.status_code, changed.json()["code"]) == (409, "external_id_reused")
    clock.at = START
    assert other.post("/submissions", json=WHOLE).json()["receipt_number"] != first["receipt_number"]
    assert len(rows(world)) == 2


def test_the_moment_of_arrival_decides_unless_the_channel_states_an_earlier_one(
    world: World, channel_of: Callable[..., TestClient], clock: StoppedClock
) -> None:
    hotline, closing = channel_of(), world.consultation.closes_at
    clock.at = closing + timedelta(hours=1)

    def send(number: int, **more: Any) -> Any:
        return hotline.post("/submissions", json={**WHOLE, "external_id": f"order-{number}", **more})

    late = send(1)
    assert (late.status_code, late.json()["code"], late.json()["parameters"]) == (409, "not_taken", {"phase": "closed"})
    stated = closing - timedelta(minutes=1)
    taken = send(2, received_at=stated.isoformat())
    assert taken.status_code == 200
    for number, at in enumerate((clock.at - EARLIER - timedelta(seconds=1), clock.at + AHEAD + timedelta(seconds=1))):
        refused = send(10 + number, received_at=at.isoformat())
        assert (refused.status_code, refused.json()["code"]) == (422, "received_at_out_of_bounds")
    assert send(20, received_at="2026-05-11T09:30:00").json()["errors"][0]["code"] == "bad_instant"
    ((row, origin),) = rows(world)
    assert (row.received_at, origin.entered_at) == (stated, clock.at)


def test_a_clock_that_is_a_little_ahead_means_now(world: World, channel_of: Callable[..., TestClient]) -> None:
    channel_of().post("/submissions", json={**WHOLE, "received_at": (START + AHEAD).isoformat()})
    ((row, _),) = rows(world)
    assert row.received_at == START


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id_number", journey.id_number(7)[:-1] + "?", "id_number.characters"),
        ("phone", "139000001", "phone.mobile_length"),
        ("email", "nobody", "email.no_at"),
        ("occupation", "宇航员", "occupation.unknown"),
        ("comment", "字" * 10_001, "comment.length"),
        ("comment", " ", "comment.required"),
    ],
)
def test_fields_are_held_to_the_forms_rules_and_no_error_repeats_them(
    world: World,
    channel_of: Callable[..., TestClient],
    capfd: pytest.CaptureFixture[str],
    field: str,
    value: str,
    code: str,
) -> None:
    hotline = channel_of()
    for language in ("en", "zh"):
        sent = {**WHOLE, field: value}
        answer = hotline.post("/submissions", json=sent, headers={"Accept-Language": language})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_fields")
        (problem,) = answer.json()["errors"]
        assert (problem["field"], problem["code"]) == (field, code)
        told = answer.text + "".join(capfd.readouterr())
        assert not any(personal in told for personal in (WHOLE["name"], WHOLE["phone"], WHOLE["id_number"]))
        assert value.strip() == "" or value not in told
    assert rows(world) == []


def test_what_is_named_must_exist(channel_of: Callable[..., TestClient], world: World) -> None:
    hotline = channel_of()
    for more, code in (
        ({"consultation": "none"}, "no_such_consultation"),
        ({"clauses": ["019371f0-6f1e-7c3a-9b57-2f6f1c1d9a10"]}, "no_such_clause"),
    ):
        refused = hotline.post("/submissions", json={**WHOLE, **more})
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    named = {**WHOLE, "clauses": [str(world.clauses[0].id)] * 2}
    assert hotline.post("/submissions", json=named).status_code == 200


def test_a_departments_usual_key_sends_nothing_in(world: World, api: DepartmentApi) -> None:
    assert "submissions:write" not in DEPARTMENT_SCOPES
    client = TestClient(api, headers={"X-API-Key": journey.api_key(world)})
    refused = client.post("/submissions", json=WHOLE)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert rows(world) == []


def test_a_channels_key_sees_no_assignment(channel_of: Callable[..., TestClient]) -> None:
    hotline = channel_of()
    assert hotline.get("/assignments").status_code == 403
    assert hotline.get("/departments").status_code == 200


def test_every_problem_of_a_field_has_words_in_both_languages() -> None:
    words = {*entering.FIELDS, "title", "comment"} - {"channel", "day"}
    possible = {code for code in ProblemCode if code.value.split(".")[0] in words}
    assert possible == set(WORDS)
