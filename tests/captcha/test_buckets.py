"""Without a script at most sixty a minute are let through for the whole site, and five an hour for one network."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.captcha import buckets
from app.captcha.buckets import NETWORK_MOST, NETWORK_SPAN, SITE, SITE_MOST, SITE_SPAN
from app.captcha.models import CaptchaBucket
from app.captcha.networks import bucket_key, network_of
from app.kit.database import Database
from app.kit.errors import Conflict
from tests.captcha.test_challenges import NOW

KEY = b"k" * 32


def _admits(database: Database, network: str, nonce: str, now: datetime = NOW) -> bool:
    """As the form asks: again when another process made the same bucket first."""
    for _try in range(5):
        with suppress(Conflict), database.writing() as session:
            return buckets.admit(session, bucket_key(KEY, network), nonce, now)
    raise AssertionError("never admitted")


def test_one_network_has_its_share_of_an_hour(database: Database) -> None:
    assert [_admits(database, "192.0.2.0/24", f"n{number}") for number in range(7)] == [True] * NETWORK_MOST + [
        False
    ] * 2
    assert _admits(database, "198.51.100.0/24", "other")
    assert not _admits(database, "192.0.2.0/24", "late", NOW + NETWORK_SPAN - timedelta(seconds=1))
    assert _admits(database, "192.0.2.0/24", "free", NOW + NETWORK_SPAN)


def test_the_site_has_sixty_in_any_minute_whatever_their_networks(database: Database) -> None:
    let_through = [_admits(database, f"network {number}", f"n{number}") for number in range(70)]
    assert let_through.count(True) == SITE_MOST
    assert not _admits(database, "new network", "n71", NOW + SITE_SPAN - timedelta(milliseconds=1))
    assert _admits(database, "new network", "n72", NOW + SITE_SPAN)


def test_the_same_challenge_takes_one_place_however_often_it_comes(database: Database) -> None:
    assert all(_admits(database, "192.0.2.0/24", "same") for _ in range(20))
    with database.reading() as session:
        assert len(session.get_one(CaptchaBucket, SITE).passes) == 1


def test_two_processes_share_the_sites_bucket(database_url: str) -> None:
    """Two engines on one store, as two workers have them, asked from many threads at once."""
    workers = [Database(database_url), Database(database_url)]

    def ask(number: int) -> bool:
        return _admits(workers[number % 2], f"network {number}", f"n{number}")

    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(ask, range(90)))
    assert let_through.count(True) == SITE_MOST
    for worker in workers:
        worker.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pauses=st.lists(st.floats(min_value=0, max_value=4), min_size=60, max_size=120))
def test_no_minute_has_more_than_its_share(pauses: list[float]) -> None:
    """Of the rule alone: a window that slides, so that no edge lets twice as many through."""
    session = _Memory()
    passed: list[datetime] = []
    now = NOW
    for number, pause in enumerate(pauses):
        now += timedelta(seconds=pause)
        if buckets.admit(session, f"network {number}", f"n{number}", now):  # type: ignore[arg-type]
            passed.append(now)
    for first in passed:
        assert sum(first <= at < first + SITE_SPAN for at in passed) <= SITE_MOST


class _Memory:
    """As much of a session as the rule needs."""

    def __init__(self) -> None:
        self.rows: dict[str, CaptchaBucket] = {}

    def get(self, model: type[CaptchaBucket], key: str, **how: object) -> CaptchaBucket | None:
        return self.rows.get(key)

    def add(self, bucket: CaptchaBucket) -> None:
        self.rows[bucket.key] = bucket

    def flush(self) -> None:
        return None


def test_networks_are_kept_as_keyed_hashes_and_forgotten_after_the_hour(database: Database) -> None:
    _admits(database, "192.0.2.0/24", "n1")

    def keys(session: Session) -> set[str]:
        return set(session.scalars(select(CaptchaBucket.key)))

    with database.reading() as session:
        assert keys(session) == {SITE, bucket_key(KEY, "192.0.2.0/24")}
        assert not any("192" in key for key in keys(session))
    with database.writing() as session:
        buckets.forget_old(session, NOW + NETWORK_SPAN - timedelta(seconds=1))
        assert bucket_key(KEY, "192.0.2.0/24") in keys(session)
        buckets.forget_old(session, NOW + NETWORK_SPAN)
        assert keys(session) == set()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("testclient", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_clients_network(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_keys_differ_by_network_and_by_installation() -> None:
    made: list[Callable[[], str]] = [
        lambda: bucket_key(KEY, "a"),
        lambda: bucket_key(KEY, "b"),
        lambda: bucket_key(b"o" * 32, "a"),
    ]
    assert len({make() for make in made}) == 3
