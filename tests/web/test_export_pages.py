"""Ordering, watching, approving and saving a file over HTTP; without scripts."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.exports import actions, queries
from app.exports.models import Frozen
from app.permissions import Role, operator
from app.worker import exporting
from tests.support.app import press, serving, signed_in, words
from tests.support.exporting import clerk
from tests.support.journey import SLUG, START, StoppedClock, World, submit

NEW = f"/staff/exports/new?consultation={SLUG}"
PURPOSE = "向起草单位提供意见底稿。"


@pytest.fixture
def browser(sqlite_world: World, tmp_path: Path) -> Iterator[TestClient]:
    with serving(sqlite_world.database, StoppedClock(), var_dir=tmp_path) as client:
        yield signed_in(client, Role.MANAGER)


def ask(browser: TestClient, **entered: Any) -> Any:
    usual = {"consultation": SLUG, "kind": "submissions", "format": "csv", "purpose": PURPOSE}
    return press(browser, NEW, "/exports/new", **usual | entered)


def write(world: World, folder: Path) -> None:
    assert exporting.write_once(world.database, StoppedClock(), clerk(world, folder))


def test_a_file_is_asked_for_written_and_saved(browser: TestClient, sqlite_world: World, tmp_path: Path) -> None:
    submit(sqlite_world)
    submit(sqlite_world, person=1)
    order = ask(browser).headers["location"]
    assert "等待生成" in words(browser.get(order).text)
    write(sqlite_world, tmp_path)
    assert "共2行" in words(browser.get(order).text)
    saved = press(browser, order, "/file")
    assert saved.status_code == 200
    assert "attachment" in saved.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(saved.text.removeprefix("\ufeff"))))
    assert len(rows) == 3
    assert "已保存" in words(browser.get(order).text)


def test_a_running_one_says_how_far_it_is(browser: TestClient, sqlite_world: World) -> None:
    order = ask(browser).headers["location"]
    with sqlite_world.database.writing() as session:
        row = queries.orders(session, None, 1).items[0]
        row.state, row.rows, row.total = "running", 3000, 9000
    page = browser.get(order).text
    assert '<progress id="written" max="9000" value="3000">' in page
    assert "3000" in words(page)


def test_identities_go_through_a_second_person(browser: TestClient, sqlite_world: World, tmp_path: Path) -> None:
    submit(sqlite_world)
    order = ask(browser, kind="identities", chosen=["name", "phone"]).headers["location"]
    assert "等待批准" in words(browser.get(order).text)
    signed_in(browser, Role.PUBLISHER)
    waiting = browser.get("/staff/export-approvals").text
    assert words(waiting).count("等待批准") == 1
    approval = order.replace("/exports/", "/export-approvals/")
    assert PURPOSE in browser.get(approval).text
    assert press(browser, approval, "/approve").status_code == 303
    write(sqlite_world, tmp_path)
    assert browser.get(order).status_code == 403, "who approves takes nothing"
    signed_in(browser, Role.MANAGER)
    assert "13900000000" in press(browser, order, "/file").text


def test_what_is_not_approved_says_why(browser: TestClient) -> None:
    order = ask(browser, kind="identities", chosen=["name"]).headers["location"]
    signed_in(browser, Role.PUBLISHER)
    press(browser, order.replace("/exports/", "/export-approvals/"), "/refuse", reason="请先说明依据。")
    signed_in(browser, Role.MANAGER)
    assert "请先说明依据。" in words(browser.get(order).text)


def test_one_that_is_given_up_is_over(browser: TestClient) -> None:
    order = ask(browser).headers["location"]
    assert press(browser, order, "/cancel").status_code == 303
    assert "已放弃" in words(browser.get(order).text)
    assert ask(browser).status_code == 303


@pytest.mark.parametrize(
    ("entered", "status"),
    [
        ({"purpose": ""}, 422),
        ({"kind": "identities"}, 422),
        ({"kind": "results", "state": "accepted"}, 422),
        ({"state": "answered"}, 422),
        ({"since": "2026-05-02", "until": "2026-05-01"}, 422),
        ({"since": "yesterday"}, 400),
        ({"kind": "everything"}, 400),
        ({"consultation": "elsewhere"}, 404),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(browser: TestClient, entered: dict[str, str], status: int) -> None:
    answer = ask(browser, **entered)
    assert answer.status_code == status
    assert "export_" not in words(answer.text)


def test_while_exports_are_stopped_nothing_is_saved(browser: TestClient, sqlite_world: World, tmp_path: Path) -> None:
    order = ask(browser).headers["location"]
    write(sqlite_world, tmp_path)
    with sqlite_world.database.writing() as session:
        actions.freeze(session, operator("tests"), START, Frozen.EXPORTS, "核查。")
    assert press(browser, order, "/file").status_code == 409


def test_a_file_whose_content_is_lost_is_not_said_to_be_taken(
    browser: TestClient, sqlite_world: World, tmp_path: Path
) -> None:
    order = ask(browser).headers["location"]
    write(sqlite_world, tmp_path)
    for path in (tmp_path / "files").rglob("*"):
        if path.is_file():
            path.unlink()
    assert press(browser, order, "/file").status_code == 404
    assert "可以保存" in words(browser.get(order).text)


def test_the_list_names_my_orders_and_the_consultation_leads_there(browser: TestClient) -> None:
    ask(browser)
    assert "等待生成" in words(browser.get("/staff/exports").text)
    assert NEW in browser.get(f"/staff/consultations/{SLUG}").text
