"""Receipt numbers and access codes: what is printed, what a person may type, what is kept."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from app.kit.crypto import derive
from app.kit.identifiers import CROCKFORD
from app.submissions import queries
from app.submissions.receipts import Receipts, read_number
from tests.support import journey
from tests.support.journey import World

RECEIPTS = Receipts(b"r" * 32)
TOKENS = st.text(min_size=1, max_size=64)


@given(TOKENS)
def test_a_number_has_16_digits_and_checks_itself(token: str) -> None:
    number = RECEIPTS.of_token(token).number
    assert len(number) == 16
    assert number.isascii()
    assert luhn.is_valid(number)


@given(TOKENS, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_shows(token: str, place: int, more: int) -> None:
    number = RECEIPTS.of_token(token).number
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert not luhn.is_valid(wrong)


@given(TOKENS)
def test_a_code_has_16_characters_that_are_not_mistaken_for_others(token: str) -> None:
    code = RECEIPTS.of_token(token).access_code
    assert len(code) == 16
    assert set(code) <= set(CROCKFORD)


def test_the_same_token_gives_the_same_receipt_and_another_installation_another() -> None:
    again, elsewhere = Receipts(b"r" * 32).of_token("form"), Receipts(b"q" * 32).of_token("form")
    assert again == RECEIPTS.of_token("form")
    assert again.number != elsewhere.number
    assert again.access_code != elsewhere.access_code


def test_numbers_do_not_grow_and_use_the_whole_range() -> None:
    numbers = [int(RECEIPTS.of_token(f"form {count}").number) for count in range(400)]
    rising = sum(before < after for before, after in pairwise(numbers))
    assert len(set(numbers)) == len(numbers)
    assert 150 < rising < 250
    assert {number // 10**15 for number in numbers} == set(range(10))


def test_number_and_code_have_keys_of_their_own() -> None:
    assert len({derive(b"r" * 32, label) for label in ("receipt-number", "access-code", "access-code-hash")}) == 3
    receipt = RECEIPTS.of_token("form")
    assert receipt.access_code.encode() not in RECEIPTS.hash_code(receipt.number, receipt.access_code)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1234567890123452", "1234567890123452"),
        (" 1234 5678-9012 3452\n", "1234567890123452"),
        ("１２３４５６７８９０１２３４５２", "1234567890123452"),
        ("回执编号：1234", "1234"),
        ("", ""),
        ("²³", ""),
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str, read: str) -> None:
    assert read_number(typed) == read


def confusable(code: str) -> str:
    return code.replace("0", "O").replace("1", "l")


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code,
        str.lower,
        lambda code: " ".join(code[place : place + 4] for place in range(0, 16, 4)),
        lambda code: f" {code[:8]}-{code[8:]}\n",
        confusable,
        lambda code: confusable(code).lower(),
        lambda code: code.replace("1", "I").replace("0", "o"),
    ],
    ids=["as printed", "lower case", "in groups", "dashes", "O and l", "o and l", "I and o"],
)
def test_a_code_opens_however_it_is_typed(world: World, typed: object) -> None:
    token = next(
        f"form {count}"
        for count in range(1000)
        if {"0", "1"} <= set(world.receipts.of_token(f"form {count}").access_code)
    )
    receipt = journey.submit(world, token=token)
    with world.database.reading() as session:
        found = queries.with_code(session, world.receipts, receipt.number, typed(receipt.access_code))  # type: ignore[operator]
        assert found is not None
        assert found.token == token


def test_a_wrong_number_or_code_opens_nothing(world: World) -> None:
    mine, anothers = journey.submit(world, person=1), journey.submit(world, person=2)
    last = mine.access_code[-1]
    wrong = mine.access_code[:-1] + ("2" if last != "2" else "3")
    with world.database.reading() as session:
        for number, code in (
            (mine.number, wrong),
            (mine.number, ""),
            (mine.number, mine.access_code[:-1]),
            (mine.number, mine.access_code + "0"),
            (mine.number, anothers.access_code),
            (anothers.number, mine.access_code),
            ("0000000000000000", mine.access_code),
            ("", ""),
        ):
            assert queries.with_code(session, world.receipts, number, code) is None, (number, code)
        assert queries.with_code(session, world.receipts, mine.number, mine.access_code) is not None
