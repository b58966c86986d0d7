"""The checker of `make chaos` finds what was planted."""

import random

import pytest

from chaos.checking import MESSAGE, Stored, compare
from chaos.powerless import SECTOR, torn

ROWS = [("a", "r1", "h1"), ("b", "r2", "h2")]
PROMISED = [("r1", "h1"), ("r2", "h2")]


def stored(rows: list[tuple[str, str, str]], audit: list[str]) -> Stored:
    return Stored(rows, {"audit": audit}, len(rows))


def test_all_there_once_holds_and_counts_what_was_never_answered() -> None:
    found = compare(PROMISED[:1], ["h2", "h3"], stored(ROWS, ["a", "b"]))
    assert found.holds
    assert (found.stored, found.unknown_found) == (2, 1)


@pytest.mark.parametrize(
    ("rows", "audit", "what"),
    [
        (ROWS[:1], ["a"], "missing"),
        ([ROWS[0], ("b", "r2", "other")], ["a", "b"], "altered"),
        ([*ROWS, ("c", "r3", "h2")], ["a", "b", "c"], "doubled"),
        (ROWS, ["a"], "half"),
        (ROWS, ["a", "b", "b"], "half"),
        (ROWS, ["a", "b", "orphan"], "half"),
    ],
)
def test_what_was_planted_is_found(rows: list[tuple[str, str, str]], audit: list[str], what: str) -> None:
    found = compare(PROMISED, [], stored(rows, audit))
    assert not found.holds
    assert getattr(found, what) == 1


@pytest.mark.parametrize(("burned", "faults", "what"), [(1, [], "captchas"), (3, [], "captchas"), (2, ["x"], "faults")])
def test_a_captcha_too_few_or_too_many_and_a_broken_file_are_found(burned: int, faults: list[str], what: str) -> None:
    found = compare(PROMISED, [], Stored(ROWS, {"audit": ["a", "b"]}, burned, faults))
    assert not found.holds
    assert getattr(found, what) == 1


def test_one_that_a_person_is_to_look_at_lacks_its_captcha_and_its_message_and_nothing_else() -> None:
    whole, half = {"audit": ["a", "b"], MESSAGE: ["a"]}, {"audit": ["a"], MESSAGE: ["a"]}
    assert compare(PROMISED, [], Stored(ROWS, whole, 1, [], ["b"])).holds
    assert compare(PROMISED, [], Stored(ROWS, half, 1, [], ["b"])).half == 1
    assert compare(PROMISED, [], Stored(ROWS, whole, 2, [], ["b"])).captchas == 1
    assert compare(PROMISED, [], Stored(ROWS, whole, 2)).half == 1


def test_after_power_loss_each_sector_is_the_old_or_the_new_one() -> None:
    old, new = b"o" * SECTOR * 40, b"n" * SECTOR * 50
    kept = torn(new, old, random.Random(1))
    sectors = {kept[at : at + SECTOR] for at in range(0, len(kept), SECTOR)}
    assert len(kept) == len(old)
    assert sectors == {b"o" * SECTOR, b"n" * SECTOR}
    assert torn(b"", old, random.Random(1)) == old
