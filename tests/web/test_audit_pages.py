"""The auditor's page: filters, words, paging and cost; taking the log out leaves a trace and no formula."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.audit import Result, record
from app.audit.sealing import seal
from app.exports import actions as exports
from app.exports.models import Frozen
from app.permissions import Actor, ActorKind, Role, operator
from app.web.audit_words import GROUPS, WORDS
from tests.support import journey
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import SLUG, START, StoppedClock, World

CLERK = Actor(ActorKind.STAFF, "clerk-1", frozenset(), request_id="request-1", source="192.0.2.7")


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        signed_in(client, Role.AUDITOR)
        yield client


def add(
    world: World, action: str, *, day: int = 0, who: Actor = CLERK, result: Result = Result.DONE, **said: str
) -> None:
    with world.database.writing() as session:
        at = START + timedelta(days=day)
        record(session, who, at, action, ("thing", action), result=result, within=world.consultation.id, **said)


def shown(browser: TestClient, **asked: str) -> str:
    answer = browser.get("/staff/audit", params=asked)
    assert answer.status_code == 200
    table = answer.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return words(f"<table>{table}</table>") if table else ""


def test_an_entry_tells_who_what_where_from_and_with_what_result(browser: TestClient, world: World) -> None:
    add(world, "staff.sign_in_failed", result=Result.REFUSED, reason="x")
    first = shown(browser, about="staff.sign_in_failed")
    for word in ("clerk-1", "thing", "192.0.2.7", "request-1", "登录失败", "reason x"):
        assert word in first


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"about": "sign-ins", "who": "clerk-1"}, ["b"]),
        ({"about": "submission.accepted", "who": "clerk-1"}, ["a"]),
        ({"result": "refused"}, ["b"]),
        ({"who": "clerk-1"}, ["a", "b", "c"]),
        ({"who": "nobody at all"}, []),
        ({"record": "export.made"}, ["c"]),
        ({"record": "1234 5678 9012"}, []),
        ({"who": "clerk-1", "consultation": SLUG}, ["a", "b", "c"]),
        ({"who": "clerk-1", "since": "2026-05-13"}, ["c"]),
        ({"who": "clerk-1", "until": "2026-05-12"}, ["a", "b"]),
        ({"who": "clerk-1", "since": "no day"}, ["a", "b", "c"]),
    ],
)
def test_each_filter_narrows(browser: TestClient, world: World, asked: dict[str, str], expected: list[str]) -> None:
    add(world, "submission.accepted", reason="mark-a")
    add(world, "staff.sign_in_failed", result=Result.REFUSED, reason="mark-b")
    add(world, "export.made", day=2, reason="mark-c")
    found = shown(browser, **asked)
    assert [letter for letter in "abc" if f"mark-{letter}" in found] == expected


def test_a_member_of_staff_is_found_by_name(browser: TestClient, world: World) -> None:
    assert "登录" in shown(browser, who="auditor", about="sign-ins")


def test_the_pages_follow_each_other_under_the_same_filters(browser: TestClient, world: World) -> None:
    for place in range(60):
        add(world, "submission.accepted", reason=f"mark-{place:02}")
    first = browser.get("/staff/audit", params={"who": "clerk-1"})
    following = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "who=clerk-1" in following
    second = browser.get(following).text
    assert (first.text.count("mark-"), second.count("mark-")) == (50, 10)


def test_the_page_costs_the_same_for_one_and_three_rows(browser: TestClient, world: World) -> None:
    add(world, "submission.accepted")
    with statements(world.database) as one:
        shown(browser, who="clerk-1")
    add(world, "staff.added", who=Actor(ActorKind.STAFF, "clerk-2", frozenset()))
    add(world, "client.added", who=Actor(ActorKind.CLIENT, "c", frozenset()))
    with statements(world.database) as three:
        shown(browser)
    assert len(three) <= len(one) + 1


def test_the_state_of_the_chain_stands_on_the_page(browser: TestClient, world: World) -> None:
    add(world, "submission.accepted")
    with world.database.writing() as session:
        sealed = seal(session, START)
    page = words(browser.get("/staff/audit").text)
    assert f'"position": {sealed}' in page


def export(browser: TestClient, format: str, **asked: str) -> str:
    answer = press(browser, f"/staff/audit?{'&'.join(f'{k}={v}' for k, v in asked.items())}", "/export", format=format)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_a_table_holds_what_the_filters_show_and_no_formula(browser: TestClient, world: World) -> None:
    add(world, "submission.accepted", who=Actor(ActorKind.STAFF, "=cmd()", frozenset()))
    add(world, "export.made")
    table = list(
        csv.DictReader(io.StringIO(export(browser, "csv", about="submission.accepted").removeprefix("\ufeff")))
    )
    assert [(row["actor_id"], row["action"], row["words"]) for row in table] == [
        ("'=cmd()", "submission.accepted", "已受理")
    ]


def test_json_lines_hold_whole_entries(browser: TestClient, world: World) -> None:
    add(world, "submission.accepted", reason="理由")
    (line,) = export(browser, "jsonl", who="clerk-1").splitlines()
    assert json.loads(line)["entry"]["detail"] == {"reason": "理由"}


def test_taking_the_log_out_is_on_record(browser: TestClient, world: World) -> None:
    export(browser, "csv")
    assert "what audit" in shown(browser, about="exports")


def test_while_exports_are_stopped_nothing_leaves(browser: TestClient, world: World) -> None:
    with world.database.writing() as session:
        exports.freeze(session, operator("tests"), START, Frozen.EXPORTS, "核查。")
    answer = press(browser, "/staff/audit", "/export", format="csv")
    assert answer.status_code == 409
    assert "导出" in words(answer.text)


def test_every_group_names_known_actions() -> None:
    assert {action for _, actions in GROUPS.values() for action in actions} <= set(WORDS)


def test_a_submission_is_found_by_its_receipt_number(browser: TestClient, world: World) -> None:
    receipt = journey.submit(world)
    assert "收到" in shown(browser, record=receipt.number)
