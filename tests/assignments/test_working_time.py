"""Due dates, stopped clocks and the ladder of reminders, by the rules alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assignments import working_time as time
from app.assignments.ladder import ESCALATION, LADDERS, Step, Tone, tones
from app.calendars.working_days import Calendar
from app.departments.units import MAY_ESCALATE, WORDING, HandingOver, Relationship
from app.kit.clock import BEIJING, beijing_day, end_of_beijing_day

CALENDAR = Calendar()
ASSIGN, CONSULT = LADDERS[HandingOver.ASSIGN], LADDERS[HandingOver.CONSULT]
FRIDAY = datetime(2026, 5, 15, 16, 0, tzinfo=BEIJING)
days = st.dates(date(2026, 1, 5), date(2026, 11, 30))
instants = st.builds(lambda day, minute: at(day, 0) + timedelta(minutes=minute), days, st.integers(0, 1439))
spans = st.timedeltas(timedelta(), timedelta(days=40))


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, datetime.min.time(), BEIJING) + timedelta(hours=hour)


def test_a_deadline_is_the_end_of_its_last_day() -> None:
    due_at = time.due_after(CALENDAR, FRIDAY, 1)
    assert due_at == datetime(2026, 5, 18, 16, 0, tzinfo=UTC)  # 24:00 on Monday in China
    assert time.due_day(due_at) == date(2026, 5, 18)
    assert time.days_late(CALENDAR, due_at, due_at - timedelta(seconds=1)) == 0
    assert time.days_late(CALENDAR, due_at, due_at) == 1


def test_holidays_are_no_working_days() -> None:
    before_labour_day = datetime(2026, 4, 30, 10, 0, tzinfo=BEIJING)
    assert time.due_day(time.due_after(CALENDAR, before_labour_day, 1)) == date(2026, 5, 6)


@given(days, st.integers(1, 60))
def test_a_due_day_is_worked_and_has_the_term_before_it(day: date, term: int) -> None:
    last = time.due_day(time.due_after(CALENDAR, at(day), term))
    assert CALENDAR.is_working(last)
    assert CALENDAR.count(day, last).working_days == term


@given(days, instants, spans)
def test_a_stop_gives_back_the_working_days_that_it_took(due: date, stopped: datetime, span: timedelta) -> None:
    due_at, resumed = end_of_beijing_day(due), stopped + span
    moved = time.moved_on(CALENDAR, due_at, stopped, resumed)
    taken = CALENDAR.count(beijing_day(stopped), beijing_day(resumed)).working_days
    assert moved >= due_at
    assert CALENDAR.count(time.due_day(due_at), time.due_day(moved)).working_days == taken


@given(days, instants, spans)
def test_an_answer_is_as_late_after_a_stop_as_it_was_before(due: date, stopped: datetime, span: timedelta) -> None:
    due_at, resumed = end_of_beijing_day(due), stopped + span
    moved = time.moved_on(CALENDAR, due_at, stopped, resumed)
    assert time.days_late(CALENDAR, moved, resumed) == time.days_late(CALENDAR, due_at, stopped)


@given(days, instants, spans, spans)
def test_two_stops_one_upon_the_other_are_as_one(due: date, first: datetime, one: timedelta, two: timedelta) -> None:
    due_at, middle, end = end_of_beijing_day(due), first + one, first + one + two
    once = time.moved_on(CALENDAR, due_at, first, end)
    twice = time.moved_on(CALENDAR, time.moved_on(CALENDAR, due_at, first, middle), middle, end)
    assert twice == once


@pytest.mark.parametrize("handing_over", HandingOver)
def test_the_ladder_goes_up_and_escalates_only_where_that_is_allowed(handing_over: HandingOver) -> None:
    rungs = LADDERS[handing_over]
    assert [rung.days for rung in rungs] == sorted({rung.days for rung in rungs})
    assert [ESCALATION[rung.tone] for rung in rungs] == sorted(ESCALATION[rung.tone] for rung in rungs)
    relationship = next(one for one in Relationship if WORDING[one] is handing_over)
    escalates = any(ESCALATION[rung.tone] for rung in rungs)
    assert escalates == MAY_ESCALATE[relationship]
    by_hand = {tone for late in (True, False) for tone in tones(handing_over, late=late)}
    assert any(ESCALATION[tone] for tone in by_hand) == MAY_ESCALATE[relationship]


def test_nothing_is_urged_before_it_is_late() -> None:
    assert all(ESCALATION[rung.tone] == 0 for rung in ASSIGN if rung.days <= 0)
    assert tones(HandingOver.ASSIGN, late=False) == (Tone.REMIND,)


def test_the_moments_of_the_ladder_are_mornings_by_working_days() -> None:
    due_at = end_of_beijing_day(date(2026, 5, 15))
    moments, after = [], at(date(2026, 5, 1))
    while (moment := time.next_moment(CALENDAR, ASSIGN, due_at, after)) is not None:
        moments.append(moment.astimezone(BEIJING).date())
        assert moment.astimezone(BEIJING).hour == 9
        after = moment
    # The Saturday before, 9 May 2026, is worked for Labour Day's holiday.
    assert moments == [date(2026, 5, 12), *(date(2026, 5, day) for day in (15, 18, 20, 26))]


@given(days, instants, spans)
def test_every_step_is_reached_exactly_once_however_the_time_is_cut(
    due: date, begin: datetime, span: timedelta
) -> None:
    """Looking in twice finds between them what looking in once finds last."""
    due_at, middle, end = end_of_beijing_day(due), begin + span / 2, begin + span
    first_moment = time.next_moment(CALENDAR, ASSIGN, due_at, begin)
    if first_moment is None or first_moment > end:
        return
    whole = time.reached(CALENDAR, ASSIGN, due_at, first_moment, end)
    later = time.next_moment(CALENDAR, ASSIGN, due_at, middle)
    part = time.reached(CALENDAR, ASSIGN, due_at, later, end) if later is not None and later <= end else None
    assert whole == (part or time.reached(CALENDAR, ASSIGN, due_at, first_moment, middle))


def test_of_steps_that_were_missed_only_the_last_is_taken() -> None:
    due_at = end_of_beijing_day(date(2026, 5, 15))
    since = time.next_moment(CALENDAR, ASSIGN, due_at, at(date(2026, 5, 1)))
    assert since is not None
    rung = time.reached(CALENDAR, ASSIGN, due_at, since, at(date(2026, 5, 20), 12))
    assert rung is not None
    assert rung.step is Step.LATE_3
