"""The pages of two rounds name each other; a round is prepared on the desk and not public until it is opened."""

from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.consultations import actions, rounds
from app.consultations.actions import Opening
from app.consultations.models import Consultation
from app.consultations.rounds import NextRound
from app.permissions import Role
from tests.support.app import press, serving, signed_in, words
from tests.support.journey import OPERATOR, SLUG, START, StoppedClock, World

ENDED = START + timedelta(days=30)
OPENS = ENDED + timedelta(days=1)
CLOSES = OPENS + timedelta(days=40)
DESK = f"/staff/consultations/{SLUG}/second-round"
SECOND = f"{SLUG}-2"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(ENDED)


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


def prepared(world: World) -> None:
    planned = NextRound(world.consultation.version_id, "再次征求意见", "请提出意见。", OPENS, CLOSES)
    with world.database.writing() as session:
        rounds.second_round(session, world.staff.manager, ENDED, SLUG, planned)


def opened(world: World) -> None:
    with world.database.writing() as session:
        actions.open_consultation(session, OPERATOR, ENDED, SECOND, Opening())


def links(page: str) -> list[str]:
    return [str(link) for link in lxml.html.fromstring(page).xpath("//main//a/@href")]


def test_a_draft_round_is_nowhere_in_public(world: World, browser: TestClient) -> None:
    prepared(world)
    assert browser.get(f"/consultations/{SECOND}").status_code == 404
    assert f"/consultations/{SECOND}" not in links(browser.get(f"/consultations/{SLUG}").text)


def test_the_rounds_name_each_other_and_say_where_they_stand(
    world: World, browser: TestClient, clock: StoppedClock
) -> None:
    assert "轮" not in words(browser.get(f"/consultations/{SLUG}").text)
    prepared(world)
    opened(world)
    coming = browser.get(f"/consultations/{SLUG}").text
    assert f"/consultations/{SECOND}" in links(coming)
    assert "新一轮征求意见将于" in coming
    clock.at = OPENS
    assert "新一轮征求意见正在进行" in browser.get(f"/consultations/{SLUG}").text
    second = browser.get(f"/consultations/{SECOND}").text
    assert f"/consultations/{SLUG}" in links(second)
    assert "这是该征求意见稿的第2轮公开征求意见" in words(second)
    clock.at = CLOSES
    assert "其后已进行新一轮征求意见" in browser.get(f"/consultations/{SLUG}").text


def test_a_manager_prepares_a_round(world: World, browser: TestClient) -> None:
    signed_in(browser, Role.MANAGER)
    version = str(world.consultation.version_id)
    answer = press(
        browser,
        DESK,
        "second-round",
        version=version,
        notice_title="再次征求意见",
        notice="请提出意见。",
        opens_on="2026-06-12",
        closes_on="2026-07-22",
    )
    assert answer.status_code == 303
    with world.database.reading() as session:
        made = session.scalars(select(Consultation).where(Consultation.slug == SECOND)).one()
    assert made.opens_at.isoformat() == "2026-06-11T16:00:00+00:00"
    assert made.closes_at.isoformat() == "2026-07-22T16:00:00+00:00"
    assert made.prepared_by == world.staff.manager.id
    again = browser.get(DESK).text
    assert "该轮征求意见已提交准备" in again
    assert not lxml.html.fromstring(again).xpath("//form[contains(@action, 'second-round')]")


@pytest.mark.parametrize(
    "wrong",
    [{"version": ""}, {"version": "x"}, {"notice": ""}, {"opens_on": "soon"}, {"closes_on": "2026-06-01"}],
)
def test_what_can_not_be_prepared_is_told(world: World, browser: TestClient, wrong: dict[str, str]) -> None:
    signed_in(browser, Role.MANAGER)
    right = {
        "version": str(world.consultation.version_id),
        "notice_title": "再次征求意见",
        "notice": "请提出意见。",
        "opens_on": "2026-06-12",
        "closes_on": "2026-07-22",
    }
    assert press(browser, DESK, "second-round", **right | wrong).status_code in (400, 422)


def test_before_the_end_the_page_says_that_it_is_too_early(browser: TestClient, clock: StoppedClock) -> None:
    clock.at = START
    signed_in(browser, Role.MANAGER)
    page = browser.get(DESK).text
    assert "征求意见结束后方可准备新一轮" in page
    assert not lxml.html.fromstring(page).xpath("//form[contains(@action, 'second-round')]")
