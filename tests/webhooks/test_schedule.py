"""A message is tried for days, ever less often, and a receiver is left alone as long as it asks for, within bounds."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.webhooks import schedule
from app.webhooks.lifecycle import Outcome
from tests.support.journey import START


def test_it_is_tried_for_days_and_then_given_up() -> None:
    pauses = [schedule.pause(attempts, 0.5) for attempts in range(1, schedule.MOST_ATTEMPTS)]
    assert all(pauses)
    assert sorted(schedule.PAUSES) == list(schedule.PAUSES)
    assert timedelta(days=3) < sum(schedule.PAUSES, timedelta()) < timedelta(days=7)
    assert schedule.pause(schedule.MOST_ATTEMPTS, 0.5) is None


@given(st.integers(1, len(schedule.PAUSES)), st.floats(0, 1, exclude_max=True))
def test_pauses_are_spread_by_a_fifth(attempts: int, chance: float) -> None:
    pause, middle = schedule.pause(attempts, chance), schedule.PAUSES[attempts - 1]
    assert pause is not None
    assert middle * 0.8 <= pause <= middle * 1.2


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, Outcome.ACCEPTED), (204, Outcome.ACCEPTED), (299, Outcome.ACCEPTED), (410, Outcome.GONE)]
    + [(status, Outcome.REFUSED) for status in (199, 301, 302, 307, 400, 401, 404, 500)]
    + [(status, Outcome.THROTTLED) for status in (429, 502, 503, 504)],
)
def test_only_a_status_of_200_to_299_is_a_success(status: int, outcome: Outcome) -> None:
    assert schedule.outcome_of(status) is outcome


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("1", 10),
        ("99999999999", 6 * 3600),
        (format_datetime(START + timedelta(minutes=30), usegmt=True), 1800),
        (format_datetime(START - timedelta(minutes=30), usegmt=True), 10),
        ("soon", 10),
        ("-5", 10),
        ("", 10),
        (None, 10),
    ],
)
def test_retry_after_is_honoured_within_bounds(said: str | None, seconds: int) -> None:
    assert schedule.rest(Outcome.THROTTLED, said, START) == timedelta(seconds=seconds)


def test_only_a_receiver_that_throttles_says_how_long() -> None:
    assert schedule.rest(Outcome.REFUSED, "3600", START) == schedule.REST
