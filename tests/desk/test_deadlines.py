"""What falls due this week: screening by receipt and working days, answers by their deadlines, day by day."""

from datetime import date, timedelta

from sqlalchemy import update

from app.assignments.models import Assignment
from app.desk.deadlines import DueDay, this_week
from app.desk.filters import Filters
from app.desk.queries import oldest
from app.desk.views import View
from app.kit.clock import end_of_beijing_day
from app.screening.deciding import decide
from app.screening.decisions import Decision
from app.submissions.lifecycle import ScreeningEvent
from tests.support import journey
from tests.support.journey import START, World
from tests.support.queues import put, reader

ONE_DAY = timedelta(days=1)
NEXT_MONDAY = START + 7 * ONE_DAY
MONDAY, FRIDAY, SUNDAY = date(2026, 5, 18), date(2026, 5, 22), date(2026, 5, 24)


def _due(world: World) -> dict[date, DueDay]:
    with world.database.reading() as session:
        return {one.day: one for one in this_week(session, world.consultation.id, NEXT_MONDAY, 5)}


def test_what_came_in_on_a_day_is_due_five_working_days_later_as_long_as_it_waits(world: World) -> None:
    put(world, View.RECEIVED, 1)
    put(world, View.RECEIVED, 2, START + 4 * ONE_DAY)
    overdue_on = _due(world)[MONDAY]
    assert (overdue_on.submissions, overdue_on.assignments) == (1, 0)
    due = _due(world)
    assert [due[day].submissions for day in sorted(due)] == [1, 0, 0, 0, 1, 0, 0]
    assert (min(due), max(due)) == (MONDAY, SUNDAY)
    decided = put(world, View.RECEIVED, 3)
    assert _due(world)[MONDAY].submissions == 2
    with world.database.writing() as session:
        decide(session, world.staff.screener, NEXT_MONDAY, decided, 2, Decision(ScreeningEvent.ACCEPT))
    assert _due(world)[MONDAY].submissions == 1


def test_answers_are_due_on_the_day_whose_end_is_their_deadline(world: World) -> None:
    ids = [journey.assignment(world, person=person) for person in range(3)]
    deadlines = (end_of_beijing_day(FRIDAY), end_of_beijing_day(SUNDAY + ONE_DAY), NEXT_MONDAY)
    with world.database.writing() as session:
        for id, runs_out in zip(ids, deadlines, strict=True):
            changed = {"runs_out_at": runs_out, "consultation_id": world.consultation.id}
            session.execute(update(Assignment).where(Assignment.id == id).values(**changed))
    due = _due(world)
    assert [due[day].assignments for day in sorted(due)] == [0, 0, 0, 0, 1, 0, 0]
    assert due[FRIDAY].both == 1


def test_the_oldest_of_a_list_is_the_one_that_has_stood_in_it_longest(world: World) -> None:
    narrowed = Filters(consultation=world.consultation.id)
    with world.database.reading() as session:
        assert oldest(session, View.RECEIVED, narrowed, reader(world)) is None
    put(world, View.RECEIVED, 2, START + ONE_DAY)
    put(world, View.RECEIVED, 1)
    put(world, View.EDITING, 3, START + 2 * ONE_DAY)
    with world.database.reading() as session:
        assert oldest(session, View.RECEIVED, narrowed, reader(world)) == START
        assert oldest(session, View.EDITING, narrowed, reader(world)) == START + 2 * ONE_DAY
