"""Days are Beijing's, instants are UTC's; a life cycle takes only the steps of its table."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.clock import BEIJING, SystemClock, beijing_day, end_of_beijing_day
from app.kit.errors import InvalidTransition
from app.kit.lifecycle import Lifecycle


def test_a_day_ends_at_its_24_00_in_beijing() -> None:
    assert end_of_beijing_day(date(2025, 5, 7)) == datetime(2025, 5, 7, 16, 0, tzinfo=UTC)
    assert end_of_beijing_day(date(2026, 12, 31)) == datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


def test_summer_time_of_the_past_is_known() -> None:
    assert end_of_beijing_day(date(1990, 7, 1)) == datetime(1990, 7, 1, 15, 0, tzinfo=UTC)


@given(st.dates(date(1992, 1, 1), date(2200, 1, 1)))
def test_the_last_microsecond_belongs_to_the_day_and_its_end_to_the_next(day: date) -> None:
    end = end_of_beijing_day(day)
    assert beijing_day(end - timedelta(microseconds=1)) == day
    assert beijing_day(end) == day + timedelta(days=1)
    assert end.tzinfo is UTC


def test_the_day_is_beijings_whatever_the_zone_of_the_instant() -> None:
    assert beijing_day(datetime(2026, 5, 7, 16, 0, tzinfo=UTC)) == date(2026, 5, 8)
    assert beijing_day(datetime(2026, 5, 8, 0, 0, tzinfo=BEIJING)) == date(2026, 5, 8)


def test_the_system_clock_tells_aware_instants_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"


class Push(StrEnum):
    SHUT = "shut"
    SLAM = "slam"


LIFE: Lifecycle[Door, Push] = Lifecycle({(Door.OPEN, Push.SHUT): Door.SHUT, (Door.OPEN, Push.SLAM): Door.SHUT})


@pytest.mark.parametrize("state", list(Door))
@pytest.mark.parametrize("event", list(Push))
def test_a_step_is_taken_exactly_where_the_table_has_it(state: Door, event: Push) -> None:
    if LIFE.allows(state, event):
        assert LIFE.after(state, event) is LIFE.transitions[state, event]
    else:
        with pytest.raises(InvalidTransition) as refused:
            LIFE.after(state, event)
        assert refused.value.details == {"state": state.value, "event": event.value}
        assert refused.value.status == 409


def test_this_table_has_two_steps() -> None:
    assert [pair for pair in LIFE.transitions if LIFE.allows(*pair)] == [
        (Door.OPEN, Push.SHUT),
        (Door.OPEN, Push.SLAM),
    ]
    assert not LIFE.allows(Door.SHUT, Push.SHUT)
