"""Comments of the same content on the desk, over HTTP."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.campaigns import sweeping
from app.campaigns.models import Campaign, CampaignMember
from app.permissions import Role
from app.submissions.lifecycle import DisplayState, SubmissionState
from app.submissions.models import DisplayedComment, Submission
from tests.support import journey
from tests.support.app import press, serving, signed_in, words
from tests.support.journey import SLUG, START, StoppedClock, World

LETTER = (
    "老旧小区的电梯总是停运，老人上下楼全靠邻居搀扶。"
    "建议把电梯大修纳入今年的改造计划，费用由维修资金承担。"
    "物业应当每月公布一次检修记录。"
)
ADDED = "我母亲去年在楼梯上摔伤，卧床三个月才能下地行走。"
OTHER = "助餐点的菜太咸，血压高的人不敢吃，希望每天有一道清淡的菜。"


@pytest.fixture
def world(sqlite_world: World) -> World:
    for place, comment in enumerate([LETTER, f"{ADDED}{LETTER}", LETTER, LETTER, OTHER]):
        journey.submit(sqlite_world, person=min(place, 2), comment=comment, at=START + timedelta(seconds=place))
    with sqlite_world.database.writing() as session:
        sweeping.sweep(session, START, 50)
    return sqlite_world


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as served:
        yield served


@pytest.fixture
def campaign(world: World) -> Campaign:
    with world.database.reading() as session:
        return session.scalars(select(Campaign)).one()


def _pressed(client: TestClient, page_url: str, action: str, **fields: str) -> Any:
    """The page that a button leads to."""
    return client.get(press(client, page_url, action, **fields).headers["location"])


def _ids(world: World) -> list[uuid.UUID]:
    with world.database.reading() as session:
        return list(session.scalars(select(Submission.id).order_by(Submission.id)))


def _states(world: World) -> list[SubmissionState]:
    with world.database.reading() as session:
        return list(session.scalars(select(Submission.state).order_by(Submission.id)))


def test_the_list_names_the_largest_with_honest_numbers(client: TestClient, campaign: Campaign) -> None:
    page = signed_in(client, Role.SCREENER).get(f"/staff/consultations/{SLUG}/campaigns")
    assert page.status_code == 200
    assert "4 份内容相同，其中 1 份有补充" in words(page.text)
    assert f"/staff/campaigns/{campaign.id}" in page.text


def test_each_senders_own_words_are_marked_and_nobody_is_named(client: TestClient, campaign: Campaign) -> None:
    page = signed_in(client, Role.SCREENER).get(f"/staff/campaigns/{campaign.id}").text
    assert f"<mark>{ADDED}</mark>" in page
    assert not any(name in words(page) for name in ("测试甲", "测试乙", "测试丙", "测*"))
    assert page.count("同一人提交了其中多份") == 2


def test_only_those_with_words_of_their_own_can_be_shown(client: TestClient, campaign: Campaign) -> None:
    page = signed_in(client, Role.SCREENER).get(f"/staff/campaigns/{campaign.id}?added=true").text
    assert page.count("<mark>") == page.count('class="row-chips"') == 1


def test_one_decision_closes_copies_and_leaves_the_added_words_to_be_read(
    client: TestClient, world: World, campaign: Campaign
) -> None:
    signed_in(client, Role.SCREENER)
    asked = f"/staff/campaigns/{campaign.id}/decide?way=out-of-scope"
    assert "3 份" in words(client.get(asked).text)
    answer = _pressed(client, asked, f"/staff/campaigns/{campaign.id}/decide", reason="请向物业主管部门反映。")
    assert answer.status_code == 200
    closed, waits = SubmissionState.OUT_OF_SCOPE, SubmissionState.RECEIVED
    assert _states(world) == [closed, waits, closed, closed, waits]
    assert "3 份中已办理 3 份" in words(answer.text)


def test_one_of_them_is_taken_out_and_put_in_again(client: TestClient, world: World, campaign: Campaign) -> None:
    signed_in(client, Role.SCREENER)
    second = _ids(world)[1]
    page = f"/staff/submissions/{second}"
    assert "4 份内容相同" in words(client.get(page).text)
    press(client, page, f"{page}/stands-alone", reason="说的是另一件事。")
    assert "份内容相同" not in words(client.get(page).text)
    with world.database.reading() as session:
        number = session.get_one(Submission, second).receipt_number
    where = f"/staff/campaigns/{campaign.id}"
    answer = _pressed(client, where, f"{where}/put-in", receipt_number=number, reason="还是同一件事。")
    assert "由工作人员归入" in words(answer.text)
    with world.database.reading() as session:
        assert session.get_one(CampaignMember, second).added_by is not None


def test_copies_beyond_a_number_are_taken_off_display(client: TestClient, world: World, campaign: Campaign) -> None:
    signed_in(client, Role.PUBLISHER)
    where = f"/staff/campaigns/{campaign.id}"
    press(client, where, f"{where}/display", keep="1", reason="相同意见已展示。")
    with world.database.reading() as session:
        shown = session.scalar(
            select(func.count()).select_from(DisplayedComment).where(DisplayedComment.state == DisplayState.DISPLAYED)
        )
    assert shown == 3


def test_the_common_text_is_gathered_with_every_sender(client: TestClient, world: World, campaign: Campaign) -> None:
    signed_in(client, Role.SCREENER)
    where = f"/staff/campaigns/{campaign.id}"
    press(client, f"{where}/decide?way=accept", f"{where}/decide")
    signed_in(client, Role.EDITOR)
    answer = _pressed(client, where, f"{where}/gather", text="将电梯大修纳入改造计划。")
    assert "将电梯大修纳入改造计划。" in words(answer.text)


def test_what_ended_meanwhile_is_told(client: TestClient) -> None:
    answer = signed_in(client, Role.SCREENER).get(f"/staff/campaigns/{uuid.uuid4()}")
    assert answer.status_code == 404
