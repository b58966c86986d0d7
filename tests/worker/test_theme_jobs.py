"""Comments that are alike are put together by the worker, and proposed."""

import uuid

import pytest
from sqlalchemy import select

from app.documents.matching.likeness import Likeness
from app.documents.matching.synonyms import Synonyms, load_concepts
from app.jobs import ledger as jobs
from app.screening.lifecycle import ThemeGroupState
from app.screening.models import SubmissionTheme, ThemeGroup
from app.screening.themes import groups
from app.worker import theming
from app.worker.jobs import BEFOREHAND, JOBS, RECURRING
from app.worker.loop import work_once
from tests.support import journey
from tests.support.journey import START, StoppedClock, World

MENUS = ("食堂菜单请每周公布", "食堂菜单应当每周公布", "希望食堂的菜单每周公布", "食堂菜单每周公布一次")
LIFTS = ("老楼没电梯，请加装电梯", "加装电梯的补贴能不能高些", "我们楼想加装电梯没人牵头")
LONELY = "公交车站离小区太远"


@pytest.fixture(autouse=True)
def without_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes seconds to load; letters and the table are enough for these comments."""
    monkeypatch.setattr(theming, "_likeness", [Likeness(None, Synonyms(load_concepts()))])


def submitted(world: World, *comments: str) -> None:
    for place, comment in enumerate(comments):
        journey.submit(world, person=place, comment=comment)


def work(world: World) -> None:
    with world.database.writing() as session:
        jobs.enqueue(session, theming.JOB, START)
    while work_once(world.database, StoppedClock(START), {theming.JOB: theming.keep}, {}):
        pass


def found(world: World) -> list[tuple[int, set[str]]]:
    """Of each group its number of members and its examples, the largest first."""
    with world.database.reading() as session:
        rows = groups(session, world.consultation.id, ThemeGroupState.PROPOSED, 10)
        return [(row.group.members, {one.comment for one in row.examples}) for row in rows]


def test_alike_comments_become_groups_and_a_lonely_one_waits(world: World) -> None:
    submitted(world, *MENUS, *LIFTS, LONELY)
    work(world)
    (menus, lifts) = found(world)
    assert (menus[0], lifts) == (4, (3, set(LIFTS)))
    assert menus[1] < set(MENUS)
    with world.database.reading() as session:
        loose = session.scalars(select(SubmissionTheme).where(SubmissionTheme.group_id.is_(None))).all()
        assert [row.vector is not None for row in loose] == [True]
        words = ["".join(group.words) for group in session.scalars(select(ThemeGroup).order_by(ThemeGroup.members))]
    assert "电梯" in words[0]
    assert "菜单" in words[1]


def test_a_later_comment_joins_the_group_that_is_there_and_no_second_one_is_made(world: World) -> None:
    submitted(world, *MENUS)
    work(world)
    submitted(world, "食堂菜单每周公布一次吧")
    work(world)
    assert [members for members, _ in found(world)] == [5]


def test_comments_that_came_at_different_times_are_found_alike(world: World) -> None:
    for comment in LIFTS:
        submitted(world, comment)
        work(world)
    assert found(world) == [(3, set(LIFTS))]


def test_looking_again_changes_nothing(world: World) -> None:
    submitted(world, *MENUS, LONELY)
    work(world)
    before = found(world)
    work(world)
    assert found(world) == before
    with world.database.reading() as session:
        ids = list(session.scalars(select(SubmissionTheme.submission_id)))
    assert len(ids) == len(set[uuid.UUID](ids)) == 5


def test_the_worker_knows_the_job_and_works_it_out_beforehand() -> None:
    assert theming.JOB in JOBS
    assert theming.JOB in BEFOREHAND
    assert theming.JOB in RECURRING
