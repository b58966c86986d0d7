"""A throttle counts failures by client within a span of time, and its memory doesn't grow without end."""

from datetime import timedelta

import pytest

from app.kit import throttle
from app.kit.throttle import Throttle, of_address
from tests.support.journey import START

SPAN = timedelta(minutes=10)


def test_so_many_failures_are_allowed_and_each_counts_for_the_span() -> None:
    limit = Throttle(3, SPAN)
    for minute in range(3):
        assert not limit.is_over("one", START + timedelta(minutes=minute))
        limit.note("one", START + timedelta(minutes=minute))
    assert limit.is_over("one", START + SPAN - timedelta(seconds=1))
    assert not limit.is_over("one", START + SPAN)
    limit.note("one", START + SPAN)
    assert limit.is_over("one", START + SPAN)


def test_who_tried_too_often_is_told_when_to_try_again() -> None:
    limit = Throttle(2, SPAN)
    limit.note("one", START)
    assert limit.free_at("one", START) is None
    limit.note("one", START + timedelta(minutes=4))
    assert limit.free_at("one", START + timedelta(minutes=5)) == START + SPAN
    assert limit.free_at("one", START + SPAN) is None


def test_one_client_says_nothing_about_another() -> None:
    limit = Throttle(1, SPAN)
    limit.note("one", START)
    assert limit.is_over("one", START)
    assert not limit.is_over("other", START)


def test_who_was_seen_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_KEYS", 2)
    limit = Throttle(1, SPAN)
    for key in ("first", "second", "third"):
        limit.note(key, START)
    assert [limit.is_over(key, START) for key in ("first", "second", "third")] == [False, True, True]


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("testclient", ""),
        (None, ""),
    ],
)
def test_a_client_is_its_address_or_its_own_network(address: str | None, key: str) -> None:
    assert of_address(address) == key
