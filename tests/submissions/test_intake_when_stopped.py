"""A comment that arrives around the instant of a suspension, a withdrawal or a closing: one rule decides."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.consultations import changing, queries
from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation
from app.submissions.intake import NotTaken
from app.submissions.models import Submission
from app.submissions.receipts import Receipt
from tests.support import journey
from tests.support.dump import dump
from tests.support.journey import SLUG, START, World
from tests.support.racing import at_once

MOMENT, NOON = timedelta(microseconds=1), START + timedelta(hours=2)
STOPPING = {
    Phase.SUSPENDED: changing.suspend,
    Phase.WITHDRAWN: changing.withdraw,
    Phase.CLOSED: changing.close_consultation,
}


def stop(world: World, phase: Phase) -> None:
    act: Callable[..., object] = STOPPING[phase]
    with world.database.writing() as session:
        seen = queries.public_consultation(session, SLUG).revision
        act(session, world.staff.manager, NOON, SLUG, seen, "附件有误。")


def count(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


@pytest.mark.parametrize("phase", STOPPING)
def test_the_instant_of_receipt_decides_once_the_store_knows(world: World, phase: Phase) -> None:
    stop(world, phase)
    journey.submit(world, at=NOON - MOMENT)
    before = dump(world.database)
    for at in (NOON, NOON + MOMENT, world.consultation.closes_at):
        with pytest.raises(NotTaken) as refused:
            journey.submit(world, at=at)
        assert refused.value.phase is phase
    assert dump(world.database) == before


@pytest.mark.parametrize("phase", STOPPING)
def test_at_once_with_the_change_a_comment_is_stored_whole_or_refused(world: World, phase: Phase) -> None:
    comment, change = at_once([lambda: journey.submit(world, at=NOON), lambda: stop(world, phase)])
    assert change is None
    assert isinstance(comment, Receipt | NotTaken)
    assert count(world) == isinstance(comment, Receipt)
    with pytest.raises(NotTaken):
        journey.submit(world, at=NOON)


def test_nothing_is_taken_before_the_opening_nor_from_the_closing_on(world: World) -> None:
    opens_at, closes_at = world.consultation.opens_at, world.consultation.closes_at
    for at, phase in ((opens_at - MOMENT, Phase.COMING), (closes_at, Phase.CLOSED)):
        with pytest.raises(NotTaken) as refused:
            journey.submit(world, at=at)
        assert refused.value.phase is phase
    journey.submit(world, at=opens_at)
    journey.submit(world, at=closes_at - MOMENT, person=1)
    assert count(world) == 2


def test_what_is_resumed_takes_comments_again_past_the_old_closing_instant(world: World) -> None:
    closes_at = world.consultation.closes_at
    stop(world, Phase.SUSPENDED)
    with world.database.writing() as session:
        seen: Consultation = queries.public_consultation(session, SLUG)
        changing.resume(session, world.staff.manager, closes_at, SLUG, seen.revision, "已更正。")
    journey.submit(world, at=closes_at + timedelta(days=1))
    assert count(world) == 1
