"""What an answer is worth: two doors, a person behind both, and nobody locked out by what is broken."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.captcha import gate as gates
from app.captcha.challenge import LIFETIME
from app.captcha.doubts import Doubt
from app.captcha.gate import BROKEN_FOR, FASTEST, NETWORK_FAILURES, NETWORK_SPAN, Door, Gate, Judged, Outcome, Sent
from app.captcha.proof import NUMBERS
from tests.captcha.test_challenges import FORM, NOW, OTHER_FORM
from tests.support.proving import proof_of

NETWORK = "192.0.2.0/24"
LATER = NOW + timedelta(seconds=20)


@pytest.fixture
def gate() -> Gate:
    """Its proofs cost so little that every four numbers are one."""
    return Gate(b"m" * 32, NUMBERS)


def _judged(gate: Gate, sent: Sent, now: datetime = LATER, network: str = NETWORK) -> Judged:
    return gate.judge(sent, FORM, network, now)


def _solved(gate: Gate, at: datetime = NOW) -> Sent:
    token = gate.mint(at, FORM)
    return Sent(token, digits=gate.challenges.read(token, at).digits)


def _proven(gate: Gate) -> Sent:
    token = gate.mint(NOW, FORM)
    return Sent(token, proof=proof_of(gate.challenges.read(token, NOW)))


def _wrong(gate: Gate, count: str = "") -> Sent:
    return Sent(gate.mint(NOW, FORM), digits="11", count=count)


def test_each_door_lets_through_what_is_right(gate: Gate) -> None:
    by_digits, by_proof = _judged(gate, _solved(gate)), _judged(gate, _proven(gate))
    assert (by_digits.outcome, by_digits.door) == (Outcome.PASSED, Door.DIGITS)
    assert (by_proof.outcome, by_proof.door) == (Outcome.PASSED, Door.PROOF)
    assert by_digits.doubts == by_proof.doubts == frozenset()
    assert by_digits.challenge is not None


def test_what_is_wrong_is_to_be_used_up_and_what_is_missing_is_not(gate: Gate) -> None:
    wrong, missing = _judged(gate, _wrong(gate)), _judged(gate, Sent(gate.mint(NOW, FORM)))
    assert (wrong.outcome, wrong.failures) == (Outcome.WRONG, 1)
    assert wrong.challenge is not None
    assert (missing.outcome, missing.failures) == (Outcome.MISSING, 1)


def test_an_expired_token_is_no_failure_and_tells_when_the_form_was_begun(gate: Gate) -> None:
    expired = _judged(gate, _solved(gate), NOW + LIFETIME)
    assert (expired.outcome, expired.failures, expired.challenge) == (Outcome.EXPIRED, 0, None)
    assert expired.begun_at == NOW


@pytest.mark.parametrize("make", [_solved, _proven])
def test_too_fast_and_the_field_that_nobody_sees_are_doubts_and_no_refusals(gate: Gate, make: object) -> None:
    assert callable(make)
    sent = make(gate)
    fast = _judged(gate, sent, NOW + FASTEST - timedelta(milliseconds=1))
    assert (fast.outcome, fast.doubts) == (Outcome.PASSED, {Doubt.TOO_FAST})
    assert _judged(gate, make(gate), NOW + FASTEST).doubts == frozenset()
    trapped = _judged(gate, replace(make(gate), trap="http://example.com"))
    assert (trapped.outcome, trapped.doubts) == (Outcome.PASSED, {Doubt.HONEYPOT})


def test_a_second_challenge_of_the_same_form_counts_from_its_first_showing(gate: Gate) -> None:
    token = gate.mint(LATER, FORM, NOW)
    digits = gate.challenges.read(token, LATER).digits
    assert _judged(gate, Sent(token, digits)).doubts == frozenset()


def test_the_hidden_fields_name_is_another_for_each_challenge(gate: Gate) -> None:
    names = {gate.trap_name(gate.mint(NOW, FORM)) for _ in range(50)}
    assert len(names) == 50
    assert all(name.startswith("website_") for name in names)


def test_after_three_failures_a_person_is_offered_and_not_before(gate: Gate) -> None:
    count, asking = "", replace(_wrong(gate), asks_person=True)
    for failures in range(1, 4):
        assert _judged(gate, replace(asking, token=gate.mint(NOW, FORM), count=count)).outcome is Outcome.WRONG
        judged = _judged(gate, _wrong(gate, count))
        assert judged.failures == failures
        assert gate.offers_person(judged.failures, "", LATER) is (failures == 3)
        count = gate.count(judged.failures, FORM, LATER)
    accepted = _judged(gate, replace(asking, token=gate.mint(NOW, FORM), count=count))
    assert (accepted.outcome, accepted.door) == (Outcome.PASSED, Door.PERSON)
    assert accepted.doubts == {Doubt.FAILED}


def test_a_count_can_be_neither_forged_nor_moved_to_another_form(gate: Gate) -> None:
    theirs = gate.count(3, OTHER_FORM, NOW)
    for count in ("", "3", theirs, gate.count(3, FORM, NOW)[:-1]):
        assert gate.failures(count, FORM, NOW) == 0
    assert gate.failures(gate.count(3, FORM, NOW), FORM, NOW) == 3


def test_a_new_form_does_not_set_a_networks_failures_back(gate: Gate) -> None:
    for _ in range(NETWORK_FAILURES):
        _judged(gate, _wrong(gate))
    right = _judged(gate, _solved(gate))
    assert (right.outcome, right.doubts) == (Outcome.PASSED, {Doubt.FAILED})
    assert gate.offers_person(0, NETWORK, LATER)
    assert _judged(gate, _proven(gate)).doubts == frozenset()
    assert _judged(gate, _solved(gate), network="198.51.100.0/24").doubts == frozenset()
    assert not gate.offers_person(0, NETWORK, LATER + NETWORK_SPAN)


def test_each_challenge_is_hashed_for_once(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of bogus proofs costs the processor one look a token; what is no proof by its form costs none."""
    hashed: list[str] = []

    def looked(challenge: object, proof: str, places: object) -> bool:
        hashed.append(proof)
        return proof == "1,2,3,4"

    monkeypatch.setattr(gates.proof, "is_proven", looked)
    token = gate.mint(NOW, FORM)
    for bogus in ("5,6,7,8", "5,6,7,8", "1,2,3,4", "9,10,11,12"):
        assert _judged(gate, Sent(token, proof=bogus)).outcome is Outcome.WRONG
    assert hashed == ["5,6,7,8"]
    assert _judged(gate, Sent(gate.mint(NOW, FORM), proof="x" * 5000)).outcome is Outcome.WRONG
    assert _judged(gate, Sent("forged", proof="1,2,3,4")).outcome is Outcome.EXPIRED
    assert hashed == ["5,6,7,8"]
    good = Sent(gate.mint(NOW, FORM), proof="1,2,3,4")
    assert [_judged(gate, good).outcome for _ in range(3)] == [Outcome.PASSED] * 3
    assert len(hashed) == 2


def test_no_more_than_a_few_hash_at_once_and_whoever_finds_no_place_is_not_refused(gate: Gate) -> None:
    gate._turns = gates.Turns(1, 0)
    with gate._turns.taken():
        judged = _judged(gate, _proven(gate))
    assert (judged.outcome, judged.doubts) == (Outcome.PASSED, {Doubt.BROKEN})
    assert not gate.is_broken(LATER)


def test_a_hash_that_fails_lets_through_under_doubt_and_offers_a_person_for_a_while(
    gate: Gate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(challenge: object, proof: str, places: object) -> bool:
        raise MemoryError("13900000007")

    monkeypatch.setattr(gates.proof, "is_proven", fails)
    judged = _judged(gate, _proven(gate))
    assert (judged.outcome, judged.doubts) == (Outcome.PASSED, {Doubt.BROKEN})
    assert gate.offers_person(0, NETWORK, LATER)
    waiting = _judged(gate, Sent(gate.mint(NOW, FORM), asks_person=True))
    assert (waiting.outcome, waiting.doubts) == (Outcome.PASSED, {Doubt.BROKEN})
    assert not gate.offers_person(0, NETWORK, LATER + BROKEN_FOR)
