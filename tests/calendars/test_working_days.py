"""Which days are worked in China, and how they are counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.working_days import Calendar

NATIONAL_DAYS_2027 = {
    date(2027, 1, 1): False,
    date(2027, 10, 1): False,
    date(2027, 10, 4): False,
    date(2027, 10, 9): True,
}
days = st.dates(date(2003, 12, 1), date(2028, 2, 1))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2025, 4, 27), True),  # a Sunday that was worked for the May holidays
        (date(2025, 5, 1), False),
        (date(2025, 5, 5), False),
        (date(2025, 5, 6), True),
        (date(2025, 5, 10), False),
        (date(2026, 2, 14), True),
    ],
)
def test_the_holidays_that_were_announced_are_known(day: date, working: bool) -> None:
    calendar = Calendar()
    assert calendar.is_working(day) is working
    assert calendar.knows(day.year)


def test_a_window_over_the_may_holidays_has_few_working_days() -> None:
    count = Calendar().count(date(2025, 4, 29), date(2025, 5, 7))
    assert (count.calendar_days, count.working_days, count.assumed_years) == (8, 3, ())


def test_in_a_year_that_nobody_knows_monday_to_friday_are_taken_and_told() -> None:
    calendar = Calendar()
    assert not calendar.knows(2027)
    assert calendar.is_working(date(2027, 1, 1))
    count = calendar.count(date(2026, 12, 28), date(2027, 1, 10))
    assert (count.calendar_days, count.working_days, count.assumed_years) == (13, 9, (2027,))
    assert calendar.after(date(2026, 12, 28), 3).assumed_years == ()
    assert calendar.after(date(2026, 12, 28), 4).assumed_years == (2027,)


def test_days_that_are_entered_make_their_year_known() -> None:
    calendar = Calendar(NATIONAL_DAYS_2027)
    assert calendar.knows(2027)
    assert [calendar.is_working(date(2027, 10, day)) for day in (1, 4, 5, 9, 10)] == [False, False, True, True, False]
    assert calendar.count(date(2027, 9, 30), date(2027, 10, 10)).assumed_years == ()


@pytest.mark.parametrize("missing", [date(2027, 1, 1), date(2027, 10, 1)])
def test_half_a_list_does_not_make_its_year_known(missing: date) -> None:
    entered = {day: working for day, working in NATIONAL_DAYS_2027.items() if day != missing}
    calendar = Calendar(entered)
    assert not calendar.knows(2027)
    assert not calendar.is_working(date(2027, 10, 4))


def test_what_is_entered_wins() -> None:
    assert Calendar({date(2026, 11, 25): False}).is_working(date(2026, 11, 25)) is False


@given(first=days, length=st.integers(-3, 500))
def test_the_count_is_that_of_the_days_one_by_one(first: date, length: int) -> None:
    calendar = Calendar(NATIONAL_DAYS_2027)
    span = [first + timedelta(days=day) for day in range(1, length + 1)]
    count = calendar.count(first, first + timedelta(days=length))
    assert count.calendar_days == len(span)
    assert count.working_days == sum(map(calendar.is_working, span))
    assert count.assumed_years == tuple(sorted({day.year for day in span if not calendar.knows(day.year)}))


@given(day=days, n=st.integers(1, 60))
def test_the_nth_working_day_is_worked_and_has_n_before_it(day: date, n: int) -> None:
    calendar = Calendar(NATIONAL_DAYS_2027)
    found = calendar.after(day, n)
    assert calendar.is_working(found.day)
    count = calendar.count(day, found.day)
    assert (count.working_days, count.assumed_years) == (n, found.assumed_years)


def test_no_days_after_a_day_is_the_day_itself() -> None:
    assert Calendar().after(date(2026, 10, 3), 0).day == date(2026, 10, 3)
    with pytest.raises(ValueError, match="negative"):
        Calendar().after(date(2026, 10, 3), -1)


def test_a_window_of_thousands_of_years_is_counted_at_once() -> None:
    count = Calendar().count(date(2026, 1, 1), date.max)
    assert count.calendar_days == (date.max - date(2026, 1, 1)).days
    assert count.assumed_years[0] == 2027


def test_the_shifted_days_of_a_year_are_listed_in_order() -> None:
    listed = Calendar(NATIONAL_DAYS_2027).shifted(2027)
    assert listed == sorted(NATIONAL_DAYS_2027.items())
