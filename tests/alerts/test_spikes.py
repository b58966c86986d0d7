"""Far above the past, and not merely above it: measured on made-up consultations whose past is rough."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.spikes import LEAST, PAST, AlertKind, is_news, level, limit, usual

BEGIN = datetime(2026, 5, 10, 16, tzinfo=UTC)  # midnight in Beijing
HOUR = timedelta(hours=1)
DAYS = 14
ROUGHNESS = 4
"""Shape of the gamma that the rate of each hour is drawn from: its deviation is half of its mean."""
NUMBERS = st.lists(st.integers(0, 10_000), min_size=1, max_size=60)


def rhythm(at: datetime) -> float:
    """How much of the mean a time of day has: little at night, most from nine to five and in the evening."""
    hour = (at.hour + 8) % 24
    return 0.1 if hour < 7 else 1.7 if 9 <= hour < 17 or 19 <= hour < 22 else 1.0


def poisson(chance: Random, rate: float) -> int:
    """By the arrivals of a unit of time; for high rates by the normal distribution."""
    if rate > 200:
        return max(0, round(chance.gauss(rate, rate**0.5)))
    arrived, passed = 0, chance.expovariate(rate) if rate else 2.0
    while passed < 1:
        arrived, passed = arrived + 1, passed + chance.expovariate(rate)
    return arrived


def consultation(chance: Random, mean: float, days: int = DAYS) -> dict[datetime, int]:
    rates = (mean * chance.gammavariate(ROUGHNESS, 1 / ROUGHNESS) for _ in range(days * 24))
    return {(at := BEGIN + HOUR * place): poisson(chance, rate * rhythm(at)) for place, rate in enumerate(rates)}


def alarms(past: dict[datetime, int]) -> Iterator[datetime]:
    for hour, number in past.items():
        numbers = usual({at: known for at, known in past.items() if at < hour}, hour)
        if numbers and number >= limit(AlertKind.VOLUME, numbers):
            yield hour


@pytest.mark.parametrize("mean", [2, 20, 200])
def test_an_ordinary_fortnight_raises_next_to_nothing(mean: float) -> None:
    """Measured over 200 fortnights of each size: docs/alerts.md."""
    fortnights = [consultation(Random(seed), mean) for seed in range(4)]
    assert sum(len(list(alarms(one))) for one in fortnights) <= 1


@pytest.mark.parametrize("mean", [5, 20, 200])
@pytest.mark.parametrize("hour_of_day", [3, 11])
def test_ten_times_the_usual_is_seen(mean: float, hour_of_day: int) -> None:
    for seed in range(5):
        past = consultation(Random(seed), mean)
        hour = BEGIN + timedelta(days=10, hours=hour_of_day)
        past[hour] = max(LEAST[AlertKind.VOLUME], round(10 * mean * rhythm(hour)))
        assert hour in set(alarms({at: number for at, number in past.items() if at <= hour}))


def test_an_earlier_rush_does_not_hide_the_next() -> None:
    past = consultation(Random(1), 20)
    for hours in range(3):
        past[BEGIN + timedelta(days=8, hours=10 + hours)] = 2000
    hour = BEGIN + timedelta(days=10, hours=11)
    past[hour] = 400
    assert hour in set(alarms({at: number for at, number in past.items() if at <= hour}))


def test_the_first_day_has_nothing_to_be_compared_with() -> None:
    past = {BEGIN + HOUR * place: 1 for place in range(23)}
    assert usual(past, BEGIN + HOUR * 23) == []
    assert usual(past | {BEGIN + HOUR * 23: 1}, BEGIN + HOUR * 24) == [1] * 24


def test_hours_of_the_same_time_of_day_are_compared_once_there_are_enough() -> None:
    past = {BEGIN + HOUR * place: place % 24 for place in range(24 * 5)}
    assert set(usual(past, BEGIN + HOUR * 24 * 5)) == {22, 23, 0, 1, 2}


def test_what_is_long_ago_and_what_comes_after_is_not_looked_at() -> None:
    hour = BEGIN + timedelta(days=30)
    past = {hour - PAST - HOUR: 9, hour + HOUR: 9}
    assert usual(past, hour) == []


@given(NUMBERS, st.sampled_from(AlertKind))
def test_the_limit_is_above_the_level_and_the_least_number(numbers: list[int], kind: AlertKind) -> None:
    assert limit(kind, numbers) >= max(LEAST[kind], 2 * level(numbers))


@given(NUMBERS, st.integers(1, 1000))
def test_a_higher_past_never_lowers_the_limit(numbers: list[int], more: int) -> None:
    assert limit(AlertKind.VOLUME, [number + more for number in numbers]) >= limit(AlertKind.VOLUME, numbers)


def test_the_same_thing_is_news_again_after_six_hours_or_when_it_doubled() -> None:
    assert is_news(100, BEGIN, None)
    assert not is_news(150, BEGIN + HOUR, (BEGIN, 100))
    assert is_news(200, BEGIN + HOUR, (BEGIN, 100))
    assert is_news(100, BEGIN + 6 * HOUR, (BEGIN, 100))
