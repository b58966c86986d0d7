"""Who has how much, and how it goes on from day to day."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from app.counters import ledger
from app.desk import mending
from app.desk.workload import Day, Load, loads, progress
from app.kit.clock import beijing_day
from app.screening import undoing
from app.screening.deciding import decide
from app.screening.decisions import Decision
from app.submissions.lifecycle import ScreeningEvent
from app.submissions.models import Submission
from app.teamwork import allocating
from app.teamwork.allocating import Portion
from tests.support.journey import START, World, submit

ONE_DAY = timedelta(days=1)
ACCEPT = Decision(ScreeningEvent.ACCEPT)


def _sent(world: World, days: int) -> list[uuid.UUID]:
    """One submission on each day; their ids."""
    for day in range(days):
        submit(world, person=day, at=START + day * ONE_DAY)
    with world.database.reading() as session:
        return list(session.scalars(select(Submission.id).order_by(Submission.received_at)))


def test_loads_tell_what_waits_since_when_and_what_was_decided_today(world: World) -> None:
    sent = _sent(world, 4)
    now, screener = START + 3 * ONE_DAY, world.staff.screener
    with world.database.writing() as session:
        allocating.allocate(session, world.staff.lead, now, Portion(world.consultation.id), 3, [screener.id])
        decide(session, screener, now, sent[0], 1, ACCEPT)
        decide(session, world.staff.lead, now - ONE_DAY, sent[1], 1, ACCEPT)
    with world.database.reading() as session:
        found = loads(session, world.consultation.id, now)
    assert found == [Load("", 1, START + 3 * ONE_DAY, 0), Load(screener.id, 1, START + 2 * ONE_DAY, 1)]


def test_progress_counts_days_and_says_what_each_working_day_needs(world: World) -> None:
    sent = _sent(world, 3)
    with world.database.writing() as session:
        decide(session, world.staff.screener, START + ONE_DAY, sent[0], 1, ACCEPT)
        decide(session, world.staff.screener, START + 2 * ONE_DAY, sent[1], 1, ACCEPT)
    with world.database.writing() as session:
        undoing.undo(session, world.staff.screener, START + 2 * ONE_DAY, sent[1], 2)
    with world.database.reading() as session:
        found = progress(session, world.consultation, START + 2 * ONE_DAY, shown=3)
        late = progress(session, world.consultation, START + 200 * ONE_DAY, shown=1)
        assert ledger.differences(session, mending.tallies(session)) == {}
    first = beijing_day(START)
    assert list(found.days) == [
        Day(first, 1, 0, 1),
        Day(first + ONE_DAY, 1, 1, 1),
        Day(first + 2 * ONE_DAY, 1, 0, 2),
    ]
    assert (found.backlog, found.needed) == (2, 1)
    assert found.working_days_left > 20
    assert (late.working_days_left, late.needed) == (0, 2), "after the last day all that waits is due at once"
