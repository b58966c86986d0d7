"""One number of a proof is looked at, nobody can choose which, and cheating costs what honest work costs."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from app.captcha import gate as gates
from app.captcha.challenge import Challenge
from app.captcha.gate import FEW_WRONG, WRONG_SPAN, Gate, Outcome, Sent, spot
from app.captcha.proof import NUMBERS, is_proven, numbers_of
from tests.captcha.test_challenges import FORM, NOW
from tests.captcha.test_gate import LATER, NETWORK
from tests.support.proving import is_small, proof_of

WORK = 24
EVERY = range(NUMBERS)


@pytest.fixture
def gate() -> Gate:
    return Gate(b"m" * 32, WORK)


def _challenge(gate: Gate) -> tuple[str, Challenge]:
    token = gate.mint(NOW, FORM)
    return token, gate.challenges.read(token, NOW)


def _partly(challenge: Challenge, wrong: int) -> str:
    """A proof whose last `wrong` numbers were not looked for, and aren't right."""
    found = (numbers_of(proof_of(challenge)) or [])[: NUMBERS - wrong]
    number = found[-1] if found else 0
    while len(found) < NUMBERS:
        number += 1
        if not is_small(challenge, number):
            found.append(number)
    return ",".join(map(str, found))


def _sent(gate: Gate, token: str, proof: str, at: timedelta = timedelta()) -> Outcome:
    return gate.judge(Sent(token, proof=proof), FORM, NETWORK, LATER + at).outcome


def _look_at(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "spot", lambda key, nonce, given: place)


def _failing(gate: Gate, times: int, at: timedelta = timedelta()) -> None:
    for _ in range(times):
        token, challenge = _challenge(gate)
        assert _sent(gate, token, _partly(challenge, NUMBERS), at) is Outcome.WRONG


@pytest.mark.parametrize("wrong", range(NUMBERS + 1))
def test_whoever_found_k_of_them_passes_at_k_places_of_all(
    gate: Gate, wrong: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = 0
    for place in EVERY:
        _look_at(place, monkeypatch)
        token, challenge = _challenge(gate)
        passed += _sent(gate, token, _partly(challenge, wrong)) is Outcome.PASSED
    assert passed == NUMBERS - wrong


def test_only_the_place_that_is_asked_for_is_hashed() -> None:
    challenge = _challenge(Gate(b"m" * 32, WORK))[1]
    half = _partly(challenge, 2)
    assert [is_proven(challenge, half, (place,)) for place in EVERY] == [True, True, False, False]
    assert not is_proven(challenge, half)


def test_every_process_looks_at_the_same_place_and_another_key_at_any() -> None:
    nonces = [f"{number:032x}" for number in range(400)]
    here, there = ([spot(key, nonce, "1,2,3,4") for nonce in nonces] for key in (b"a" * 32, b"b" * 32))
    assert here == [spot(b"a" * 32, nonce, "1,2,3,4") for nonce in nonces]
    assert all(60 <= here.count(place) <= 140 for place in EVERY)
    assert 60 <= sum(one == other for one, other in zip(here, there, strict=True)) <= 140
    assert {spot(b"a" * 32, nonces[0], f"1,2,3,{number}") for number in range(4, 60)} == set(EVERY)


def test_a_wrong_number_ends_the_challenge_for_right_ones_too(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    token, challenge = _challenge(gate)
    _look_at(NUMBERS - 1, monkeypatch)
    assert _sent(gate, token, _partly(challenge, 1)) is Outcome.WRONG
    _look_at(0, monkeypatch)
    assert _sent(gate, token, _partly(challenge, 1)) is Outcome.WRONG
    assert _sent(gate, token, proof_of(challenge)) is Outcome.WRONG
    judged = gate.judge(Sent(token, proof=proof_of(challenge)), FORM, NETWORK, LATER)
    assert judged.challenge is not None, "whoever judges by it has to use it up"


def test_of_different_proofs_of_one_challenge_at_one_instant_one_is_looked_at(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each would be a chance of its own at numbers that nobody looked for."""
    looked, began, go = list[str](), Event(), Event()

    def look(challenge: object, given: str, places: Collection[int]) -> bool:
        looked.append(given)
        began.set()
        assert go.wait(60)
        return False

    monkeypatch.setattr(gates.proof, "is_proven", look)
    token, _ = _challenge(gate)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(_sent, gate, token, "1,2,3,4")
        assert began.wait(60)
        assert _sent(gate, token, "5,6,7,8") is Outcome.WRONG
        go.set()
        assert first.result() is Outcome.WRONG
    assert looked == ["1,2,3,4"]


def test_after_more_than_a_few_wrong_ones_all_numbers_are_looked_at_for_a_while(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    _look_at(0, monkeypatch)
    _failing(gate, FEW_WRONG)
    token, challenge = _challenge(gate)
    assert _sent(gate, token, _partly(challenge, 3)) is Outcome.PASSED
    _failing(gate, 1)
    token, challenge = _challenge(gate)
    assert _sent(gate, token, _partly(challenge, 1)) is Outcome.WRONG
    token, challenge = _challenge(gate)
    assert _sent(gate, token, proof_of(challenge)) is Outcome.PASSED, "honest work passes as before"
    token, challenge = _challenge(gate)
    assert _sent(gate, token, _partly(challenge, 3), WRONG_SPAN) is Outcome.PASSED


def test_what_costs_no_hash_does_not_make_proofs_dearer(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    _look_at(0, monkeypatch)
    token, challenge = _challenge(gate)
    for _ in range(FEW_WRONG + 5):
        assert _sent(gate, token, _partly(challenge, NUMBERS)) is Outcome.WRONG
        assert _sent(gate, token, "no proof") is Outcome.WRONG
    token, challenge = _challenge(gate)
    assert _sent(gate, token, _partly(challenge, 3)) is Outcome.PASSED
