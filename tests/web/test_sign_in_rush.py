"""However many sign in at once, two passwords are hashed at a time, and those who comment find threads."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest

from app.accounts import passwords
from app.kit.database import POOL_SIZE
from app.web.staff import signing_in
from tests.support.app import ENTRY, filled, hidden, serving
from tests.support.journey import SLUG, StoppedClock, World

RUSH = 100
PLACES = passwords.AT_ONCE + passwords.MOST_WAITING
FORM = f"/consultations/{SLUG}/comment"


@contextmanager
def nobody_is_let_in() -> Iterator[None]:
    """As if each hash took for ever."""
    taken = [passwords._at_once.acquire() for _ in range(passwords.AT_ONCE)]
    try:
        yield
    finally:
        for _ in taken:
            passwords._at_once.release()


def test_a_hundred_sign_ins_at_once_leave_room_for_a_comment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "LONGEST_WAIT", 3600.0)
    monkeypatch.setattr(signing_in.delays, "attempt", lambda *_: timedelta(0))
    with serving(world.database, StoppedClock()) as browser, ThreadPoolExecutor(RUSH + 1) as pool:
        fields = hidden(browser.get("/staff/sign-in").text)
        with nobody_is_let_in():
            tries: list[Future[Any]] = [
                pool.submit(browser.post, "/staff/sign-in", data=fields | {"username": f"u{number}", "password": "no"})
                for number in range(RUSH)
            ]
            away = [done.result().status_code for done in islice(as_completed(tries), RUSH - PLACES)]
            sent = pool.submit(lambda: browser.post(FORM, data=filled(browser.get(FORM).text, **ENTRY)))
            answer = sent.result(timeout=120)
        assert (answer.status_code, "/receipts" in answer.headers["location"]) == (303, True)
        assert away == [503] * (RUSH - PLACES)
        assert sorted(one.result().status_code for one in tries) == [422] * PLACES + [503] * (RUSH - PLACES)


def test_who_signs_in_never_takes_more_than_half_of_the_threads() -> None:
    assert 2 * PLACES <= POOL_SIZE


def test_no_more_are_hashed_at_a_time_than_memory_was_set_aside_for() -> None:
    with nobody_is_let_in():
        assert not passwords._at_once.acquire(blocking=False)
    assert passwords.AT_ONCE * passwords._hasher.memory_cost <= 40 * 1024
