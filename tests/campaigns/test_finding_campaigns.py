"""Campaigns as submissions come in, on both stores."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.campaigns import actions, queries, sweeping
from app.campaigns.models import Campaign, CampaignBand, CampaignMember, CampaignSignature
from app.kit.errors import Conflict, Unprocessable
from app.submissions.models import Submission
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import START, World
from tests.support.racing import at_once

LETTER = (
    "老旧小区的电梯总是停运，老人上下楼全靠邻居搀扶。"
    "建议把电梯大修纳入今年的改造计划，费用由维修资金承担。"
    "物业应当每月公布一次检修记录。"
)
ADDED = "我母亲去年在楼梯上摔伤，卧床三个月才能下地行走。"
OTHER = "助餐点的菜太咸，血压高的人不敢吃，希望每天有一道清淡的菜。"


def _sent(world: World, *comments: str, first: int = 0) -> list[uuid.UUID]:
    for person, comment in enumerate(comments, start=first):
        journey.submit(world, person=person, comment=comment, at=START + timedelta(seconds=person))
    with world.database.reading() as session:
        return list(session.scalars(select(Submission.id).order_by(Submission.id)))


def _swept(world: World) -> None:
    with world.database.writing() as session:
        while sweeping.sweep(session, START, 50):
            pass


def _only(world: World) -> Campaign:
    with world.database.reading() as session:
        return session.scalars(select(Campaign)).one()


def test_copies_and_letters_with_additions_are_one_campaign(world: World) -> None:
    ids = _sent(world, LETTER, OTHER, f"领导您好！{LETTER}谢谢！", f"{ADDED}{LETTER}", "同意", "同意")
    _swept(world)
    campaign = _only(world)
    assert (campaign.members, campaign.with_additions, campaign.persons, campaign.unnumbered) == (3, 1, 3, 0)
    assert campaign.common_text == LETTER
    with world.database.reading() as session:
        found = queries.sent(session, campaign.id)
    assert [one.submission.id for one in found] == [ids[0], ids[2], ids[3]]
    assert [[one.submission.comment[slice(*place)] for place in one.additions] for one in found] == [[], [], [ADDED]]


def test_persons_are_counted_by_number_and_those_without_one_apart(world: World) -> None:
    for person in (1, 1, 2):
        journey.submit(world, person=person, comment=LETTER)
    nameless = journey.identity(3)
    for _ in range(2):
        journey.submit(world, comment=LETTER, who=type(nameless)(nameless.name, None, nameless.phone, nameless.email))
    _swept(world)
    campaign = _only(world)
    assert (campaign.members, campaign.persons, campaign.unnumbered) == (5, 2, 2)
    with world.database.reading() as session:
        found = queries.sent(session, campaign.id)
    assert [one.again for one in found] == [True, True, False, False, False]
    assert [one.is_numbered for one in found] == [True, True, True, False, False]


def test_everything_is_looked_at_once(world: World) -> None:
    _sent(world, LETTER, LETTER, OTHER)
    _swept(world)
    with world.database.writing() as session:
        assert sweeping.sweep(session, START, 50) == 0
    journey.submit(world, person=9, comment=LETTER)
    with world.database.writing() as session:
        assert sweeping.sweep(session, START, 50) == 1
    assert _only(world).members == 3


def test_two_workers_at_once_put_each_submission_into_one_campaign(world: World) -> None:
    _sent(world, *[LETTER] * 4, OTHER)

    def sweep() -> None:
        with world.database.writing() as session:
            sweeping.sweep(session, START, 50)

    at_once([sweep, sweep])
    _swept(world)
    assert _only(world).members == 4
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CampaignSignature)) == 5


def test_who_was_taken_out_is_never_put_in_again_by_the_machine(world: World) -> None:
    ids = _sent(world, LETTER, LETTER, f"{ADDED}{LETTER}")
    _swept(world)
    campaign = _only(world)
    with world.database.writing() as session:
        assert actions.take_out(session, world.staff.screener, START, ids[2], "说的是另一件事") == campaign.id
    while _looked_again(world):
        pass
    campaign = _only(world)
    assert (campaign.members, campaign.with_additions) == (2, 0)
    with world.database.reading() as session:
        assert queries.of_submission(session, ids[2]) is None
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "submission.taken_out_of_campaign")).one()
    assert noted.detail["reason"] == "说的是另一件事"


def test_what_a_person_put_in_stays(world: World) -> None:
    ids = _sent(world, LETTER, LETTER, OTHER)
    _swept(world)
    campaign = _only(world)
    with world.database.writing() as session:
        actions.put_in(session, world.staff.screener, START, ids[2], campaign.id, "同一件事")
    while _looked_again(world):
        pass
    assert _only(world).members == 3
    with world.database.writing() as session, pytest.raises(Conflict, match="in_it_already"):
        actions.put_in(session, world.staff.screener, START, ids[2], campaign.id, "同一件事")


def test_a_campaign_of_which_one_is_left_ends(world: World) -> None:
    ids = _sent(world, LETTER, LETTER)
    _swept(world)
    with world.database.writing() as session:
        actions.take_out(session, world.staff.screener, START, ids[0], "不同")
    with world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Campaign)) == 0
        assert session.scalar(select(func.count()).select_from(CampaignMember)) == 0
        assert set(session.scalars(select(CampaignBand.submission_id))) == {ids[1]}
    with world.database.writing() as session, pytest.raises(Conflict, match="in_no_campaign"):
        actions.take_out(session, world.staff.screener, START, ids[0], "不同")


def test_a_correction_asks_for_a_reason(world: World) -> None:
    ids = _sent(world, LETTER, LETTER)
    _swept(world)
    with world.database.writing() as session, pytest.raises(Unprocessable):
        actions.take_out(session, world.staff.screener, START, ids[0], " ")


def test_looking_again_goes_on_where_it_was_and_changes_nothing_that_holds(world: World) -> None:
    _sent(world, LETTER, f"{ADDED}{LETTER}", OTHER, LETTER)
    _swept(world)
    before = _only(world)
    portions = 0
    while _looked_again(world, most=3):
        portions += 1
    after = _only(world)
    assert portions == 2
    assert (after.id, after.members, after.with_additions, after.common_text) == (before.id, 3, 1, before.common_text)


def test_a_list_of_members_asks_as_much_for_three_as_for_one(world: World) -> None:
    _sent(world, LETTER, LETTER)
    _swept(world)
    asked = [_asked(world)]
    _sent(world, LETTER, LETTER, LETTER, first=5)
    _swept(world)
    assert [*asked, _asked(world)] == [2, 2]


def _asked(world: World) -> int:
    campaign = _only(world)
    with statements(world.database) as asked, world.database.writing() as session:
        queries.sent(session, campaign.id)
    return len(asked)


def _looked_again(world: World, most: int = 50) -> bool:
    with world.database.writing() as session:
        return sweeping.look_again(session, START, world.consultation.id, most)
