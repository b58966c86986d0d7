"""Pauses after failures: how they grow, whom they concern, and that nobody is shut out for good."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import delays, passwords
from app.accounts.delays import FORGOTTEN_AFTER, FREE_OF_ACCOUNT, FREE_OF_ONE, LONGEST, Delays, pause_after
from app.kit.database import Database
from app.kit.errors import Unavailable
from tests.support.journey import START

DELAYS = Delays(b"r" * 32)
NONE = timedelta(0)


@given(st.integers(0, 500), st.integers(0, 100))
def test_a_pause_only_grows_and_never_beyond_the_longest(failures: int, free: int) -> None:
    pause = pause_after(failures, free)
    assert (pause == NONE) is (failures < free)
    assert pause <= pause_after(failures + 1, free) <= LONGEST


def _failed(database: Database, times: int, username: str, network: str, device: str | None = None) -> timedelta:
    """The pause that the last of the attempts met."""
    wait = NONE
    for _ in range(times):
        with database.writing() as session:
            wait = delays.attempt(session, DELAYS.counted(username, network, device), START)
    return wait


def test_names_networks_and_known_browsers_are_counted_apart(database: Database) -> None:
    assert _failed(database, FREE_OF_ONE, "li", "192.0.2.1") == NONE
    assert _failed(database, 1, "LI", "192.0.2.1") > NONE, "capitals make no other name"
    assert _failed(database, 1, "li", "192.0.2.2") == NONE
    assert _failed(database, 1, "wang", "192.0.2.1") == NONE
    assert _failed(database, 1, "li", "192.0.2.1", "own browser") == NONE


def test_an_account_hammered_from_everywhere_is_slow_for_strangers_only(database: Database) -> None:
    for place in range(FREE_OF_ACCOUNT):
        assert _failed(database, 1, "li", f"192.0.2.{place}") == NONE
    assert _failed(database, 1, "li", "198.51.100.1") > NONE
    assert _failed(database, 1, "li", "198.51.100.1", "own browser") == NONE


def test_a_right_one_clears_its_own_count_and_time_clears_all(database: Database) -> None:
    counted = DELAYS.counted("li", "192.0.2.1", None)
    _failed(database, FREE_OF_ONE - 1, "li", "192.0.2.1")
    with database.writing() as session:
        assert delays.attempt(session, counted, START) == NONE
        delays.forgive(session, counted, START)
    assert _failed(database, FREE_OF_ONE, "li", "192.0.2.1") == NONE
    with database.writing() as session:
        assert delays.attempt(session, counted, START) > NONE
        assert delays.attempt(session, counted, START + FORGOTTEN_AFTER) == NONE
        delays.forget_old(session, START + 2 * FORGOTTEN_AFTER)


def test_whoever_comes_when_too_many_wait_is_sent_away_at_once() -> None:
    places = passwords.AT_ONCE + passwords.MOST_WAITING
    taken = [passwords._in_line.acquire(blocking=False) for _ in range(places)]
    try:
        with pytest.raises(Unavailable) as refusal:
            passwords.password_fits(None, "whatever it is")
    finally:
        for _ in taken:
            passwords._in_line.release()
    assert refusal.value.code == "signing_in_busy"
    assert not passwords.password_fits(None, "whatever it is")
