"""A proof of work can't be guessed, exchanged or written in two ways, and costs what its token says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.captcha.challenge import Challenge, Challenges
from app.captcha.load import CALM, SPAN, STEPS, Load
from app.captcha.proof import NUMBERS, is_proven, numbers_of, threshold
from tests.captcha.test_challenges import FORM, NOW
from tests.support.proving import is_small, proof_of

OURS = Challenges(b"o" * 32)


def _challenge(work: int) -> Challenge:
    return OURS.read(OURS.mint(NOW, FORM, work), NOW)


@pytest.fixture(scope="module")
def challenge() -> Challenge:
    return _challenge(24)


@pytest.fixture(scope="module")
def proof(challenge: Challenge) -> str:
    return proof_of(challenge)


def test_the_numbers_that_were_looked_for_prove_it(challenge: Challenge, proof: str) -> None:
    assert is_proven(challenge, proof)


def test_they_prove_no_other_challenge(proof: str) -> None:
    assert not all(is_proven(_challenge(24), proof) for _ in range(20))


def test_one_wrong_number_is_no_proof(challenge: Challenge, proof: str) -> None:
    numbers = [int(number) for number in proof.split(",")]
    wrong = next(number for number in range(numbers[-1] + 1, numbers[-1] + 100) if not is_small(challenge, number))
    for place in range(NUMBERS):
        changed = sorted({*numbers[:place], *numbers[place + 1 :], wrong})
        assert not is_proven(challenge, ",".join(map(str, changed)))


def test_a_proof_of_less_work_is_none_of_more(challenge: Challenge) -> None:
    cheap = replace(challenge, work=NUMBERS)
    assert is_proven(cheap, proof_of(cheap))
    assert not is_proven(replace(challenge, work=100_000), proof_of(cheap))


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1",
        "1,2,3",
        "1,2,3,4,5",
        "4,3,2,1",
        "1,1,2,3",
        "01,2,3,4",
        "1, 2,3,4",
        "1,2,3,-4",
        "１,2,3,4",
        "1,2,3,99999999",
    ],
)
def test_what_is_not_written_as_proofs_are_is_none(written: str) -> None:
    assert numbers_of(written) is None
    assert not is_proven(_challenge(NUMBERS), written)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_proof(text: str) -> None:
    numbers = numbers_of(text)
    assert numbers is None or (len(numbers) == NUMBERS and numbers == sorted(set(numbers)))


@given(st.integers(min_value=1, max_value=100_000))
def test_a_tag_is_small_once_in_work_by_numbers(work: int) -> None:
    assert 0 < threshold(work) <= 2**32
    assert threshold(work) * max(work, NUMBERS) <= NUMBERS * 2**32


def test_the_work_doubles_with_the_load_of_the_last_minute_up_to_its_bound() -> None:
    load = Load(100)
    seen = [load.work(NOW)]
    for _ in range(CALM << (STEPS + 1)):
        load.note(NOW)
        seen.append(load.work(NOW))
    assert seen[CALM] == 100
    assert seen[CALM + 1] == 200
    assert seen[2 * CALM + 1] == 400
    assert sorted(set(seen)) == [100, 200, 400, 800]
    assert load.work(NOW + SPAN) == 100
