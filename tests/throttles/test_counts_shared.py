"""Two processes on one store know of each other's counts after an exchange, and of no address."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text

from app.kit.database import Database
from app.kit.throttle import Rate, Throttle
from app.throttles import sharing
from app.throttles.models import RateCount
from app.throttles.sharing import Shared, forget_ended
from tests.support.journey import START

MASTER = b"m" * 32
SPAN = timedelta(minutes=10)
ADDRESS = "192.0.2.7"


@pytest.fixture
def two(database: Database, database_url: str) -> Iterator[tuple[Shared, Shared]]:
    """As two processes have it: each with a connection of its own."""
    second = Database(database_url)
    yield Shared(database, MASTER), Shared(second, MASTER)
    second.close()


def throttles(two: tuple[Shared, Shared], most: int) -> tuple[Throttle, Throttle]:
    one, other = (Throttle(most, SPAN, "tries", shared) for shared in two)
    return one, other


def exchange(two: tuple[Shared, Shared], after: timedelta = timedelta()) -> None:
    """Both are busy, so that both tell and ask."""
    for shared in (*two, *two):
        shared.others("asked", "", START + after)
        shared.exchange(START + after)


def test_what_one_process_counted_the_other_knows(two: tuple[Shared, Shared]) -> None:
    one, other = throttles(two, 3)
    for _ in range(2):
        one.note(ADDRESS, START)
    other.note(ADDRESS, START)
    assert not one.is_over(ADDRESS, START)
    exchange(two)
    assert one.is_over(ADDRESS, START)
    assert other.is_over(ADDRESS, START)
    assert not other.is_over("192.0.2.8", START)


def test_the_limit_ends_when_the_span_has_passed(two: tuple[Shared, Shared]) -> None:
    one, other = throttles(two, 2)
    for _ in range(2):
        one.note(ADDRESS, START)
    exchange(two)
    ends_at = other.free_at(ADDRESS, START)
    assert ends_at is not None
    assert SPAN <= ends_at - START <= SPAN * 7 / 6
    assert not other.is_over(ADDRESS, ends_at)


def test_counts_outlive_the_process(two: tuple[Shared, Shared], database: Database) -> None:
    one, _other = throttles(two, 2)
    for _ in range(2):
        one.note(ADDRESS, START)
    exchange(two)
    started_anew = Shared(database, MASTER)
    again = Throttle(2, SPAN, "tries", started_anew)
    assert not again.is_over(ADDRESS, START)  # not known yet, but from now on asked for
    started_anew.exchange(START)
    assert again.is_over(ADDRESS, START)


def test_telling_twice_counts_once_and_more_is_added(two: tuple[Shared, Shared], database: Database) -> None:
    one, _other = throttles(two, 9)
    one.note(ADDRESS, START)
    exchange(two)
    exchange(two)
    one.note(ADDRESS, START)
    exchange(two)
    with database.reading() as session:
        assert session.scalars(select(RateCount.number)).all() == [2]


def test_requests_within_reason_are_told_to_nobody(two: tuple[Shared, Shared], database: Database) -> None:
    rate = Rate(400, SPAN, "pages", two[0])
    for _ in range(99):
        assert rate.free_at(ADDRESS, START) is None
    exchange(two)
    assert rows(database) == 0
    rate.free_at(ADDRESS, START)
    exchange(two)
    assert rows(database) == 1


def test_a_flood_over_two_processes_ends_at_the_limit(two: tuple[Shared, Shared]) -> None:
    """Exchanging after every tenth request of each, the overshoot is what came in between, and the untold quarter."""
    most = 200
    rates = [Rate(most, SPAN, "pages", shared) for shared in two]
    admitted = 0
    for second in range(60):
        for rate in rates:
            admitted += sum(rate.free_at(ADDRESS, START) is None for _ in range(10))
        exchange(two, timedelta(milliseconds=second))
    assert most <= admitted <= most + 2 * 10


def test_a_flood_of_addresses_is_no_flood_of_writes(
    two: tuple[Shared, Shared], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MOST_WRITTEN", 50)
    throttle = Throttle(3, SPAN, "tries", two[0])
    for number in range(200):
        throttle.note(f"192.0.2.{number}", START)
    two[0].exchange(START)
    assert rows(database) == 50
    for _ in range(3):
        two[0].exchange(START)
    assert rows(database) == 200


def test_who_has_nothing_to_tell_or_ask_leaves_the_store_alone(database: Database) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    shared = Shared(database, MASTER)
    shared.exchange(START)
    assert statements == []


def test_a_store_that_is_away_leaves_each_process_its_own_limits(database: Database) -> None:
    shared = Shared(database, MASTER)
    throttle = Throttle(2, SPAN, "tries", shared)
    with database.writing() as session:
        session.execute(text("ALTER TABLE rate_counts RENAME TO away"))
    throttle.note(ADDRESS, START)
    shared.exchange(START)
    assert not throttle.is_over(ADDRESS, START)
    throttle.note(ADDRESS, START)
    assert throttle.is_over(ADDRESS, START)
    with database.writing() as session:
        session.execute(text("ALTER TABLE away RENAME TO rate_counts"))
    shared.exchange(START)
    assert rows(database) == 1


def test_the_store_holds_no_address_and_forgets(two: tuple[Shared, Shared], database: Database) -> None:
    one, _other = throttles(two, 3)
    one.note(ADDRESS, START)
    exchange(two)
    with database.writing() as session:
        (row,) = session.scalars(select(RateCount))
        assert ADDRESS not in f"{row.bucket}{row.process}"
        assert Shared(database, b"n" * 32)._bucket("tries", ADDRESS) != row.bucket
        forget_ended(session, row.ends_at - timedelta(seconds=1))
    assert rows(database) == 1
    with database.writing() as session:
        forget_ended(session, row.ends_at)
    assert rows(database) == 0


def rows(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(RateCount)) or 0
