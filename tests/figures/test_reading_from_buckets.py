"""What is read from buckets is what the numbers themselves say, as far as the bucket tells."""

import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.figures.buckets import (
    AGES,
    BOUNDS,
    EXACT_UNTIL,
    FEWEST_TOLD,
    NOTHING,
    Distribution,
    Reading,
    age_of,
    bucket_of,
    together,
)

NUMBERS = st.lists(st.integers(0, 400), min_size=FEWEST_TOLD, max_size=60)


def distribution(numbers: list[int]) -> Distribution:
    return Distribution(Counter(map(bucket_of, numbers)), max(numbers))


@given(NUMBERS, st.integers(1, 100))
def test_a_quantile_is_the_bucket_of_the_nearest_rank(numbers: list[int], hundredths: int) -> None:
    exact = sorted(numbers)[-(-len(numbers) * hundredths // 100) - 1]
    read = distribution(numbers).quantile(hundredths)
    assert read is not None
    assert read.least <= exact <= read.most
    assert read.is_exact or exact > EXACT_UNTIL


@given(NUMBERS)
def test_a_median_lies_where_the_library_finds_it(numbers: list[int]) -> None:
    read = distribution(numbers).quantile(50)
    assert read is not None
    assert read.least <= statistics.median_low(numbers) <= read.most


@given(NUMBERS)
def test_a_ninetieth_lies_no_further_from_the_librarys_than_its_neighbours(numbers: list[int]) -> None:
    """The library interpolates between two neighbours; the nearest rank is one of those or between them."""
    read, ordered = distribution(numbers).quantile(90), sorted(numbers)
    interpolated = statistics.quantiles(numbers, n=10, method="inclusive")[8]
    below = max(number for number in ordered if number <= interpolated)
    above = min(number for number in ordered if number >= interpolated)
    place = -(-len(ordered) * 90 // 100) - 1
    nearest = ordered[max(0, place - 1)], ordered[min(len(ordered) - 1, place + 1)]
    assert read is not None
    assert read.least <= max(above, nearest[1])
    assert read.most >= min(below, nearest[0])


@given(NUMBERS)
def test_the_longest_is_exact(numbers: list[int]) -> None:
    assert distribution(numbers).maximum == max(numbers)


@given(NUMBERS, NUMBERS)
def test_parts_put_together_are_the_whole(first: list[int], second: list[int]) -> None:
    assert together([distribution(first), distribution(second)]) == distribution(first + second)


@given(st.integers(-3, 2000))
def test_every_number_has_one_bucket_and_one_age(days: int) -> None:
    assert bucket_of(days) == max(bound for bound in BOUNDS if bound <= max(0, days))
    assert age_of(days) == max(bound for bound in AGES if bound <= max(0, days))


def test_of_few_no_median_is_told() -> None:
    few = distribution([1] * (FEWEST_TOLD - 1))
    assert few.quantile(50) is None
    assert few.maximum == 1
    assert NOTHING.quantile(50) is None
    assert NOTHING.maximum is None


@pytest.mark.parametrize(("days", "least", "most"), [(7, 7, 7), (24, 21, 24), (33, 31, 33), (300, 251, 300)])
def test_above_twenty_days_a_reading_is_a_span_that_ends_with_the_longest(days: int, least: int, most: int) -> None:
    assert distribution([days] * 5).quantile(50) == Reading(least, most)
