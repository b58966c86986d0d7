"""What was read once serves all who ask within the second, and nobody waits for whoever is reading it anew."""

from datetime import UTC, datetime, timedelta

import pytest

from app.web.kept import LONGEST, MOST_KEPT, KeptForASecond

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_it_is_read_once_in_its_second_and_anew_in_the_next() -> None:
    kept, read = KeptForASecond[int](), iter(range(10))
    asked = [timedelta(), timedelta(microseconds=999_999), timedelta(seconds=1), timedelta(seconds=1.5)]
    assert [kept.of("a", AT + later, lambda: next(read)) for later in asked] == [0, 0, 1, 1]
    assert kept.of("a", AT, lambda: next(read)) == 1
    assert kept.of("b", AT, lambda: next(read)) == 2


@pytest.mark.parametrize(("later", "got"), [(0, None), (1, "first"), (LONGEST, "first"), (LONGEST + 1, None)])
def test_who_comes_while_it_is_read_gets_the_one_before_unless_that_is_old(later: int, got: str | None) -> None:
    kept = KeptForASecond[str]()
    met: list[str | None] = []
    now = AT + timedelta(seconds=later)

    def read() -> str:
        met.append(kept.of("a", now, lambda: "other"))
        return "second"

    if later:
        kept.of("a", AT, lambda: "first")
    assert kept.of("a", now, read) == "second"
    assert met == [got]
    assert kept.known("a", now) == "second"


@pytest.mark.parametrize(
    ("later", "first", "second"),
    [(0, "x", "x"), (0.9, "x", "x"), (1, None, "x"), (LONGEST, None, "x"), (LONGEST + 1, None, None)],
)
def test_one_of_each_second_is_sent_to_read(later: float, first: str | None, second: str | None) -> None:
    kept = KeptForASecond[str]()
    assert kept.known("a", AT) is None
    kept.of("a", AT, lambda: "x")
    now = AT + timedelta(seconds=later)
    assert [kept.known("a", now), kept.known("a", now)] == [first, second]
    kept.of("a", now, lambda: "y")
    assert kept.known("a", now) == ("x" if later < 1 else "y")


def test_where_reading_fails_another_is_sent_in_the_next_second() -> None:
    kept = KeptForASecond[str]()
    kept.of("a", AT, lambda: "x")
    second = AT + timedelta(seconds=1)
    assert kept.known("a", second) is None
    with pytest.raises(ZeroDivisionError):
        kept.of("a", second, lambda: str(1 / 0))
    assert kept.known("a", second) == "x"
    assert kept.known("a", AT + timedelta(seconds=2)) is None


def test_what_fails_is_told_and_tried_anew() -> None:
    kept = KeptForASecond[float]()
    with pytest.raises(ZeroDivisionError):
        kept.of("a", AT, lambda: 1 / 0)
    assert kept.of("a", AT, lambda: 2.0) == 2.0


def test_no_more_are_kept_than_so_many() -> None:
    kept = KeptForASecond[int]()
    for number in range(MOST_KEPT + 1):
        kept.of(str(number), AT, lambda number=number: number)
    assert kept.of("1", AT, lambda: -1) == 1
    assert kept.of("0", AT, lambda: -1) == -1
