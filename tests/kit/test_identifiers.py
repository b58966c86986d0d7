"""Record ids sort by the time they were made; numbers survive being read out and typed in."""

import itertools
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from app.kit.identifiers import CROCKFORD, base32, in_groups, luhn_digit, new_id, read_base32


def test_an_id_is_a_uuid_of_version_7() -> None:
    made = new_id()
    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_ids_carry_their_millisecond_and_sort_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    instants = [0, 1, 999, 1_778_463_000_000, 1_778_463_000_001, 2**48 - 1]
    made = []
    for millisecond in instants:
        monkeypatch.setattr(time, "time_ns", lambda now=millisecond: now * 1_000_000 + 999_999)
        made.append(new_id())
    assert [value.int >> 80 for value in made] == instants
    assert made == sorted(made)
    assert [value.hex for value in made] == sorted(value.hex for value in made)


def test_ids_of_one_millisecond_differ_and_sort_in_the_order_they_were_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_778_463_000_000_000_000)
    made = [new_id() for _ in range(10_000)]
    assert len(set(made)) == 10_000
    assert made == sorted(made)
    assert {(value.version, value.variant, value.int >> 80) for value in made} == {
        (7, uuid.RFC_4122, 1_778_463_000_000)
    }


def test_how_far_apart_ids_of_one_millisecond_are_is_not_to_be_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_778_463_000_000_000_000)
    made = [new_id() for _ in range(100)]
    assert len({later.int - earlier.int for earlier, later in itertools.pairwise(made)}) > 90


@pytest.mark.parametrize(
    ("digits", "check"),
    [("", "0"), ("0", "0"), ("1", "8"), ("7992739871", "3"), ("411111111111111", "1"), ("37828224631000", "5")],
)
def test_check_digits_worked_out_by_hand(digits: str, check: str) -> None:
    assert luhn_digit(digits) == check


@given(st.text("0123456789", min_size=1, max_size=30))
def test_check_digits_are_those_of_another_implementation(digits: str) -> None:
    assert luhn_digit(digits) == luhn.calc_check_digit(digits)


@given(st.text("0123456789", min_size=2, max_size=20), st.data())
def test_any_single_wrong_digit_is_caught(digits: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(digits) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[place]]))
    assert luhn_digit(digits[:place] + wrong + digits[place + 1 :]) != luhn_digit(digits)


def _decoded(text: str, length: int) -> bytes:
    bits = sum(CROCKFORD.index(character) << (5 * place) for place, character in enumerate(reversed(text)))
    return (bits >> (5 * len(text) - 8 * length)).to_bytes(length)


@given(st.binary(max_size=40))
def test_base_32_keeps_every_bit(data: bytes) -> None:
    text = base32(data)
    assert len(text) == -(-8 * len(data) // 5)
    assert _decoded(text, len(data)) == data


def test_base_32_by_hand() -> None:
    assert base32(b"") == ""
    assert base32(b"\x00") == "00"
    assert base32(b"\xff") == "ZW"
    assert base32(bytes([0b00001_000, 0b10_00011_0])) == "1230"
    assert not set("ILOU") & set(CROCKFORD)


@given(st.binary(min_size=1, max_size=20))
def test_what_a_person_typed_reads_as_it_was_written(data: bytes) -> None:
    written = base32(data)
    typed = in_groups(written, 4).lower().replace("0", "o").replace("1", "l").replace(" ", "-")
    assert read_base32(f"  {typed}\n") == written


def test_groups_are_of_the_size_and_keep_every_character() -> None:
    assert in_groups("ABCDEFGHJ") == "ABCD EFGH J"
    assert in_groups("ABCDEF", 3) == "ABC DEF"
    assert in_groups("") == ""
