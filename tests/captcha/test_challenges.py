"""A challenge serves one form, in time, by who read its digits; its token gives nothing away."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.captcha.challenge import DIGITS, LENGTH, LIFETIME, Challenge, Challenges, is_read_right
from app.kit.crypto import SignedTokens, Unreadable

NOW = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
FORM, OTHER_FORM = "consultation|version|form", "consultation|version|another form"
OURS, THEIRS = Challenges(b"o" * 32), Challenges(b"t" * 32)


def _mint(challenges: Challenges = OURS, form: str = FORM) -> str:
    return challenges.mint(NOW, form, 8)


@pytest.fixture
def challenge() -> Challenge:
    return OURS.read_for(_mint(), FORM, NOW)


def test_it_has_digits_without_a_one(challenge: Challenge) -> None:
    assert len(challenge.digits) == LENGTH
    assert set(challenge.digits) <= set("023456789")
    assert is_read_right(challenge, challenge.digits)


@pytest.mark.parametrize("zero", ["0", "０", "٠"], ids=["ASCII", "full-width", "Arabic"])
def test_digits_of_any_width_and_with_any_separators_are_taken(challenge: Challenge, zero: str) -> None:
    typed = " - ".join(chr(ord(zero) + int(digit)) for digit in challenge.digits)
    assert is_read_right(challenge, f"\u3000{typed} \n")


def test_other_digits_are_wrong(challenge: Challenge) -> None:
    digits = challenge.digits
    other = digits[:-1] + ("0" if digits[-1] != "0" else "2")
    for answer in ("", "abc", other, digits[:-1], digits + "0", "²" * LENGTH, "9" * 10_000):
        assert not is_read_right(challenge, answer)


@given(st.text(max_size=20))
def test_no_answer_breaks_the_judgement(answer: str) -> None:
    challenge = OURS.read(_mint(), NOW)
    typed = "".join(str(unicodedata.decimal(char)) for char in answer if char.isdecimal())
    assert is_read_right(challenge, answer) is (typed == challenge.digits)


def test_a_challenge_ends_after_its_lifetime_and_still_tells_when_its_form_was_begun() -> None:
    token = OURS.mint(NOW, FORM, 8, NOW - timedelta(minutes=7))
    assert OURS.read_for(token, FORM, NOW + LIFETIME - timedelta(seconds=1)).begun_at == NOW - timedelta(minutes=7)
    with pytest.raises(Unreadable, match="expired"):
        OURS.read_for(token, FORM, NOW + LIFETIME)
    assert OURS.begun_at(token, FORM) == NOW - timedelta(minutes=7)
    assert OURS.begun_at(token, OTHER_FORM) is None


@pytest.mark.parametrize("token", ["", "x", "意见", "A" * 200, "\x00", "../../etc/passwd"])
def test_a_forged_token_is_no_challenge(token: str) -> None:
    with pytest.raises(Unreadable):
        OURS.read(token, NOW)


def test_another_forms_token_another_installations_and_another_kind_are_forged() -> None:
    value = "|".join(("0" * 32, "0", "8", "f" * 32))
    foreign = [
        _mint(form=OTHER_FORM),
        _mint(THEIRS),
        SignedTokens(b"o" * 32, "form").sign(value, "challenge", NOW + LIFETIME),
    ]
    for token in foreign:
        with pytest.raises(Unreadable, match="forged"):
            OURS.read_for(token, FORM, NOW)


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=5))
def test_no_bit_of_a_token_can_be_changed(place: int, bit: int) -> None:
    token = _mint()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    at = place % len(token)
    changed = token[:at] + alphabet[alphabet.index(token[at]) ^ (1 << bit)] + token[at + 1 :]
    with pytest.raises(Unreadable):
        OURS.read_for(changed, FORM, NOW)


@given(st.integers(min_value=1))
def test_the_halves_of_two_tokens_make_no_third(cut: int) -> None:
    """Neither nonce nor work nor form can be taken from another token (splicing)."""
    first, second = OURS.mint(NOW, FORM, 8), OURS.mint(NOW + timedelta(seconds=1), FORM, 999_999)
    at = 1 + cut % (min(len(first), len(second)) - 1)
    for spliced in (first[:at] + second[at:], second[:at] + first[at:]):
        if spliced not in (first, second):
            with pytest.raises(Unreadable):
                OURS.read_for(spliced, FORM, NOW)


def test_every_challenge_is_another_and_its_digits_are_spread_over_all_there_are() -> None:
    challenges = [OURS.read(_mint(), NOW) for _ in range(2000)]
    assert len({challenge.nonce for challenge in challenges}) == 2000
    for place in range(LENGTH):
        found = [challenge.digits[place] for challenge in challenges]
        assert all(150 < found.count(digit) < 300 for digit in DIGITS)


def test_the_token_does_not_tell_the_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything in it is public; who knows all of it, but not the key, gets other digits."""
    same = 0
    for number in range(200):
        monkeypatch.setattr("secrets.token_hex", lambda size, made=f"{number:032x}": made)
        ours, theirs = OURS.read(_mint(), NOW), THEIRS.read(_mint(THEIRS), NOW)
        same += ours.digits == theirs.digits
    assert same == 0
