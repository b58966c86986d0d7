"""Each step is counted on the day on which it ended, and a rebuild makes the rows that were rolled up day by day."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from app.assignments.models import Assignment
from app.cli.figures import made_anew
from app.figures import folding, queries
from app.figures.buckets import Distribution
from app.figures.measures import STEPS, Measure, Stage
from app.figures.models import StageTime
from app.figures.queries import Period
from app.kit.clock import end_of_beijing_day
from app.kit.database import Database
from app.worker import figuring, loop
from tests.support import figures, journey
from tests.support.counting import statements
from tests.support.journey import DRAFTING, START, StoppedClock, World

M = Measure
EVER = Period(date(2026, 1, 1), date(2026, 12, 31))
OTHER = "market-regulation"


def rows(database: Database) -> set[tuple[object, ...]]:
    with database.reading() as session:
        found = session.scalars(select(StageTime)).all()
        return {(r.day, r.consultation_id, r.measure, r.department_id, r.days, r.n, r.longest) for r in found}


def measured(database: Database, period: Period = EVER) -> Mapping[tuple[Measure, str], Distribution]:
    with database.reading() as session:
        return queries.measured(session, period)


def rolled_up(database: Database, day: int) -> None:
    """By the worker, as often as it wants, at noon that many days after START."""
    clock = StoppedClock(START + timedelta(days=day))
    while loop.work_once(database, clock, {figuring.JOB: figuring.keep}, {figuring.JOB: timedelta(minutes=15)}):
        pass


def test_every_step_takes_the_working_days_between_its_two_instants(world: World) -> None:
    figures.play(world, figures.whole_way(world))
    made_anew(world.database, StoppedClock(START + timedelta(days=20)))
    found = measured(world.database)
    days = {measure: [one for (kind, _), one in found.items() if kind is measure] for measure in STEPS}
    assert {measure: [one.counts for one in each] for measure, each in days.items()} == {
        M.SCREENED: [{1: 1}],
        M.GATHERED: [{1: 1}],
        M.APPROVED: [{0: 1}],
        M.ASSIGNED: [{1: 1}],
        M.ACKNOWLEDGED: [{1: 1}],
        M.ANSWERED: [{2: 1}],  # from Friday to Tuesday; the answer after the return isn't the first
        M.CONFIRMED: [{1: 1}],
        M.RELEASED: [{1: 1}],  # from Friday to Monday
        M.TOLD: [{1: 1}],
    }
    assert found[M.RETURNED, DRAFTING].counts == {1: 1}
    assert {department for measure, department in found if measure in STEPS} == {"", DRAFTING}


def test_what_happens_beside_is_counted_for_its_department(world: World) -> None:
    figures.play(world, *figures.busy(world))
    made_anew(world.database, StoppedClock(START + timedelta(days=20)))
    found = measured(world.database)
    assert found[M.SENT_BACK, DRAFTING].counts == {2: 1}
    assert found[M.TRANSFERRED, DRAFTING].counts == {2: 1}
    assert found[M.REMINDED, DRAFTING].n == 1
    assert (found[M.LOOKED_AT, ""].n, found[M.DIFFERED, ""].n) == (2, 1)
    assert found[M.SCREENED, ""].n == 5, "what was undone and decided anew counts once, by its first decision"


def test_a_rebuild_makes_the_same_rows_as_day_by_day(world: World) -> None:
    """Rolled up before every single step, so that a later one could change what was there."""
    figures.play(world, *figures.busy(world), before=lambda day: rolled_up(world.database, day))
    rolled_up(world.database, 20)
    kept = rows(world.database)
    assert {row[2] for row in kept} == set(Measure)
    made_anew(world.database, StoppedClock(START + timedelta(days=20)))
    assert rows(world.database) == kept


def test_a_day_is_whole_only_once_it_is_over(world: World) -> None:
    figures.accepted(world, 0, 0)
    rolled_up(world.database, 0)
    with world.database.reading() as session:
        progress = queries.progress(session)
    assert progress is not None
    assert (progress.folded_until, progress.counted_at) == (None, START)
    assert measured(world.database)[M.SCREENED, ""].counts == {0: 1}, "the day so far is there all the same"
    rolled_up(world.database, 3)
    with world.database.reading() as session:
        progress = queries.progress(session)
    assert progress is not None
    assert progress.folded_until == date(2026, 5, 13)


def test_a_rebuild_in_between_leaves_no_day_out(world: World) -> None:
    """The worker has worked out the next days, then everything is forgotten, then it keeps what it has."""
    figures.accepted(world, 0, 1)
    rolled_up(world.database, 5)
    with world.database.reading() as session:
        rolled = [folding.roll_up(session, day) for day in folding.next_days(session, 2)]
    with world.database.writing() as session:
        folding.begin_anew(session)
    with world.database.writing() as session:
        folding.keep(session, START + timedelta(days=9), rolled)
    rolled_up(world.database, 9)
    assert measured(world.database)[M.SCREENED, ""].n == 1


def test_what_waits_is_told_by_stage_and_age(world: World) -> None:
    figures.received(world, 0)
    figures.accepted(world, 1, 1)
    figures.play(world, figures.approved(world, 2), handed_over(world, 3), handed_over(world, 4, answered_on=7))
    rolled_up(world.database, 18)
    with world.database.reading() as session:
        ends = session.scalars(select(Assignment.runs_out_at).where(Assignment.runs_out_at.is_not(None))).all()
        found = {(one.stage, one.department_id, one.age): (one.n, one.late) for one in queries.backlog(session, None)}
    assert ends == [end_of_beijing_day(date(2026, 5, 28))]
    assert found == {
        (Stage.TO_SCREEN, "", 8): (1, 0),
        (Stage.TO_GATHER, "", 8): (1, 0),
        (Stage.TO_ASSIGN, "", 8): (1, 0),
        (Stage.DELIVERED, DRAFTING, 8): (1, 1),
        (Stage.TO_CONFIRM, "", 8): (1, 0),
    }


def handed_over(world: World, person: int, answered_on: int | None = None) -> figures.Story:
    suggestion_id = yield from figures.approved(world, person)
    yield 3
    assignment_id = journey.assigned(world, suggestion_id, at=figures.at(3))[DRAFTING]
    if answered_on is not None:
        yield answered_on
        figures.answer(world, assignment_id, answered_on)


def test_reading_takes_one_query_whatever_there_is(world: World) -> None:
    def asked() -> int:
        with statements(world.database) as seen:
            measured(world.database)
            with world.database.reading() as session:
                queries.backlog(session, world.consultation.id)
        return len(seen)

    empty = asked()
    figures.play(world, *figures.busy(world))
    rolled_up(world.database, 20)
    assert asked() == empty == 2


def test_nothing_is_worked_out_without_a_consultation(database: Database) -> None:
    rolled_up(database, 0)
    assert rows(database) == set()
    assert made_anew(database, StoppedClock(START)) == 0
