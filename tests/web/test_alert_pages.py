"""Alerts on the desk: what stands there, what it costs, and that looking is said once."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.alerts.models import Alert
from app.alerts.spikes import AlertKind
from app.permissions import Role
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import START, StoppedClock, World

PAGE = "/staff/alerts"


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        signed_in(client, Role.SCREENER)
        yield client


def alert(world: World, kind: AlertKind, subject: str = "") -> None:
    with world.database.writing() as session:
        session.add(
            Alert(
                consultation_id=world.consultation.id,
                hour=START,
                kind=kind,
                subject=subject,
                number=99,
                usual=3,
                raised_at=START,
            )
        )


def test_an_alert_says_what_there_is_much_of(browser: TestClient, world: World) -> None:
    alert(world, AlertKind.HELD, "advertising")
    alert(world, AlertKind.CLAUSE, str(world.clauses[0].id))
    page = words(browser.get(PAGE).text)
    for said in (
        "暂缓展示的意见明显增多",
        "某一条款意见明显增多",
        world.clauses[0].number,
        "99",
        world.consultation.title,
    ):
        assert said in page


def test_somebody_says_that_they_looked(browser: TestClient, world: World) -> None:
    alert(world, AlertKind.VOLUME)
    answer = press(browser, PAGE, "/settle", reason="某单位组织集中提交。")
    assert answer.status_code == 303
    page = browser.get(PAGE)
    assert "某单位组织集中提交。" in page.text
    assert "/settle" not in page.text


def test_who_may_not_settle_only_reads(browser: TestClient, world: World) -> None:
    alert(world, AlertKind.VOLUME)
    signed_in(browser, Role.EDITOR)
    assert "/settle" not in browser.get(PAGE).text


def test_one_alert_costs_what_three_do(browser: TestClient, world: World) -> None:
    alert(world, AlertKind.CLAUSE, str(world.clauses[0].id))
    with statements(world.database) as one:
        browser.get(PAGE)
    alert(world, AlertKind.VOLUME)
    alert(world, AlertKind.CLAUSE, str(world.clauses[1].id))
    with statements(world.database) as three:
        browser.get(PAGE)
    assert len(one) == len(three)
