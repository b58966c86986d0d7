"""One decision for all of a campaign, and its common text as one suggestion, on both stores."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.campaigns import queries as campaigns
from app.campaigns import sweeping
from app.campaigns.models import Campaign, CampaignDecision
from app.jobs.models import Job
from app.kit.errors import Conflict, Unprocessable
from app.screening import campaign_portions as portions
from app.screening import campaigns as screening
from app.screening.decisions import Decision
from app.screening.editing import Wording
from app.screening.models import Passage, Suggestion
from app.submissions.lifecycle import ScreeningEvent, SubmissionState
from app.submissions.models import Submission
from app.worker.grouping import decide, gather
from tests.support import journey
from tests.support.journey import START, World

LETTER = (
    "老旧小区的电梯总是停运，老人上下楼全靠邻居搀扶。"
    "建议把电梯大修纳入今年的改造计划，费用由维修资金承担。"
    "物业应当每月公布一次检修记录。"
)
ADDED = "我母亲去年在楼梯上摔伤，卧床三个月才能下地行走。"
ACCEPT = Decision(ScreeningEvent.ACCEPT)
CLOSE = Decision(ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, reason="请向物业主管部门反映。")
WORDING = Wording("将电梯大修纳入改造计划。", "", None)


@pytest.fixture
def campaign(world: World) -> Campaign:
    """Three copies and two letters with an addition; the last two are of one person."""
    for place, comment in enumerate([LETTER, f"{ADDED}{LETTER}", LETTER, LETTER, f"{LETTER}{ADDED}"]):
        journey.submit(world, person=min(place, 3), comment=comment, at=START + timedelta(seconds=place))
    with world.database.writing() as session:
        sweeping.sweep(session, START, 50)
    with world.database.reading() as session:
        return session.scalars(select(Campaign)).one()


def _last(world: World, campaign: Campaign) -> uuid.UUID:
    with world.database.reading() as session:
        last = campaigns.last_member(session, campaign.id)
    assert last is not None
    return last


def _decided(world: World, campaign: Campaign, decision: Decision, **options: bool) -> CampaignDecision:
    with world.database.writing() as session:
        return screening.decide_campaign(
            session, world.staff.screener, START, campaign.id, _last(world, campaign), decision, **options
        )


def _states(world: World) -> list[SubmissionState]:
    with world.database.reading() as session:
        return list(session.scalars(select(Submission.state).order_by(Submission.id)))


def _do_jobs(world: World, name: str) -> int:
    """Does what was promised under that name until nothing more is; how often."""
    done = 0
    while True:
        with world.database.writing() as session:
            job = session.scalars(select(Job).where(Job.name == name)).first()
            if job is None:
                return done
            session.delete(job)
            {portions.DECIDE_JOB: decide, portions.GATHER_JOB: gather}[name](session, START, job.payload)
        done += 1


def test_accepting_takes_everybody(world: World, campaign: Campaign) -> None:
    made = _decided(world, campaign, ACCEPT)
    assert _states(world) == [SubmissionState.ACCEPTED] * 5
    assert (made.waiting, made.done, made.refused, made.finished_at) == (5, 5, 0, START)


def test_closing_leaves_those_who_added_something_to_be_read(world: World, campaign: Campaign) -> None:
    _decided(world, campaign, CLOSE)
    closed, waits = SubmissionState.OUT_OF_SCOPE, SubmissionState.RECEIVED
    assert _states(world) == [closed, waits, closed, closed, waits]
    with world.database.reading() as session:
        told = session.scalar(select(func.count()).select_from(Job).where(Job.name == "tell_closing"))
    assert told == 3


def test_closing_takes_them_too_where_a_person_says_so(world: World, campaign: Campaign) -> None:
    _decided(world, campaign, CLOSE, with_additions=True)
    assert _states(world) == [SubmissionState.OUT_OF_SCOPE] * 5


def test_who_came_after_the_person_looked_is_not_decided_unseen(world: World, campaign: Campaign) -> None:
    until = _last(world, campaign)
    journey.submit(world, person=9, comment=LETTER, at=START + timedelta(minutes=1))
    with world.database.writing() as session:
        sweeping.sweep(session, START, 50)
        screening.decide_campaign(session, world.staff.screener, START, campaign.id, until, ACCEPT)
    assert _states(world)[-1] is SubmissionState.RECEIVED


def test_many_are_decided_in_portions_each_once(
    world: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "PORTION", 2)
    made = _decided(world, campaign, ACCEPT)
    assert (made.done, made.finished_at) == (2, None)
    assert _do_jobs(world, portions.DECIDE_JOB) == 2
    with world.database.reading() as session:
        made = session.get_one(CampaignDecision, made.id)
    assert (made.done, made.refused, made.finished_at) == (5, 0, START)
    assert _states(world) == [SubmissionState.ACCEPTED] * 5


def test_a_portion_done_twice_changes_nothing(
    world: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "PORTION", 4)
    made = _decided(world, campaign, ACCEPT)
    for _ in range(2):
        with world.database.writing() as session:
            decide(session, START, {"decision": str(made.id)})
    with world.database.reading() as session:
        assert session.get_one(CampaignDecision, made.id).done == 5


@pytest.mark.parametrize(
    ("decision", "code"),
    [(Decision(ScreeningEvent.CLOSE_AS_DUPLICATE, duplicate_of="1"), "not_for_all"), (Decision(CLOSE.event), "due")],
)
def test_what_is_not_for_all_is_refused(world: World, campaign: Campaign, decision: Decision, code: str) -> None:
    with pytest.raises(Unprocessable):
        _decided(world, campaign, decision)
    assert set(_states(world)) == {SubmissionState.RECEIVED}


def test_nothing_is_decided_twice(world: World, campaign: Campaign) -> None:
    _decided(world, campaign, ACCEPT)
    with pytest.raises(Conflict, match="nothing_waits"):
        _decided(world, campaign, ACCEPT)


@pytest.mark.parametrize("portion", [200, 2])
def test_the_common_text_becomes_one_suggestion_of_all_senders(
    world: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    _decided(world, campaign, ACCEPT)
    monkeypatch.setattr(portions, "PORTION", portion)
    with world.database.writing() as session:
        made = screening.gather_campaign(session, world.staff.editor, START, campaign.id, WORDING)
    _do_jobs(world, portions.GATHER_JOB)
    with world.database.reading() as session:
        suggestion = session.get_one(Suggestion, made.id)
        passages = session.execute(
            select(Submission.comment, Passage.start, Passage.end).join(
                Submission, Submission.id == Passage.submission_id
            )
        ).all()
        sources = session.scalar(select(func.count(func.distinct(Passage.submission_id))))
    assert (suggestion.distinct_persons, sources) == (4, 5)
    assert not any(ADDED in comment[start:end] for comment, start, end in passages)
    with world.database.reading() as session:
        assert campaigns.get(session, campaign.id).with_additions == 2


def test_nothing_is_gathered_of_what_nobody_accepted(world: World, campaign: Campaign) -> None:
    with world.database.writing() as session, pytest.raises(Conflict, match="none_accepted"):
        screening.gather_campaign(session, world.staff.editor, START, campaign.id, WORDING)
