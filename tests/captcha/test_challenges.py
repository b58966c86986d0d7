"""A challenge is answered once, in time, by who read the picture; its token gives nothing away."""

import io
import struct
import unicodedata
import wave
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.captcha import ledger, rendering
from app.captcha.challenge import LENGTH, LIFETIME, Challenge, Challenges, Verdict
from app.captcha.models import BurnedChallenge
from app.kit.crypto import SignedTokens, Unreadable
from app.kit.database import Database
from app.kit.errors import Conflict
from tests.support.racing import written_at_once

NOW = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
OURS, THEIRS = Challenges(b"o" * 32), Challenges(b"t" * 32)


def _wrong(digits: str) -> str:
    return str((int(digits) + 1) % 10**LENGTH).zfill(LENGTH)


def test_the_right_digits_are_right() -> None:
    token = OURS.mint(NOW)
    challenge = OURS.read(token, NOW)
    assert len(challenge.digits) == LENGTH
    assert challenge.digits.isdecimal()
    assert OURS.judge(token, challenge.digits, NOW) == (Verdict.RIGHT, challenge)


@pytest.mark.parametrize("zero", ["0", "０", "٠"], ids=["ASCII", "full-width", "Arabic"])
def test_digits_of_any_width_and_with_any_separators_are_taken(zero: str) -> None:
    token = OURS.mint(NOW)
    digits = OURS.read(token, NOW).digits
    typed = " - ".join(chr(ord(zero) + int(digit)) for digit in digits)
    assert [unicodedata.decimal(char) for char in typed if char.isdecimal()] == [int(digit) for digit in digits]
    assert OURS.judge(token, f"\u3000{typed} \n", NOW)[0] is Verdict.RIGHT


def test_wrong_digits_are_wrong_and_the_challenge_is_to_be_burned() -> None:
    token = OURS.mint(NOW)
    challenge = OURS.read(token, NOW)
    digits = challenge.digits
    for answer in (
        "",
        "abc",
        _wrong(digits),
        digits[:-1],
        digits + "0",
        digits[::-1] + "x",
        "²" * LENGTH,
        "9" * 10_000,
    ):
        if answer.strip("x") == digits:
            continue
        assert OURS.judge(token, answer, NOW) == (Verdict.WRONG, challenge)


@given(st.text(max_size=20))
def test_no_answer_breaks_the_judgement(answer: str) -> None:
    token = OURS.mint(NOW)
    verdict, challenge = OURS.judge(token, answer, NOW)
    assert challenge is not None
    typed = "".join(str(unicodedata.decimal(char)) for char in answer if char.isdecimal())
    assert (verdict is Verdict.RIGHT) is (typed == challenge.digits)


def test_a_challenge_ends_after_its_lifetime() -> None:
    token = OURS.mint(NOW)
    digits = OURS.read(token, NOW).digits
    assert OURS.judge(token, digits, NOW + LIFETIME - timedelta(seconds=1))[0] is Verdict.RIGHT
    assert OURS.judge(token, digits, NOW + LIFETIME) == (Verdict.EXPIRED, None)
    with pytest.raises(Unreadable):
        OURS.read(token, NOW + LIFETIME)


@pytest.mark.parametrize("token", ["", "x", "意见", "A" * 200, "\x00", "../../etc/passwd"])
def test_a_forged_token_is_no_challenge(token: str) -> None:
    assert OURS.judge(token, "123456", NOW) == (Verdict.FORGED, None)


def test_another_installations_token_and_another_kind_of_token_are_forged() -> None:
    assert OURS.judge(THEIRS.mint(NOW), "123456", NOW) == (Verdict.FORGED, None)
    other_kind = SignedTokens(b"o" * 32, "form").sign("0" * 32, "challenge", NOW + LIFETIME)
    assert OURS.judge(other_kind, "123456", NOW) == (Verdict.FORGED, None)


def test_every_challenge_is_another() -> None:
    challenges = [OURS.read(OURS.mint(NOW), NOW) for _ in range(1000)]
    assert len({challenge.nonce for challenge in challenges}) == 1000
    assert len({challenge.digits for challenge in challenges}) > 980


def test_the_token_does_not_tell_the_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything in it is public; who knows all of it, but not the key, gets other digits."""
    nonces = [f"{number:032x}" for number in range(200)]
    same = 0
    for nonce in nonces:
        monkeypatch.setattr("secrets.token_hex", lambda size, made=nonce: made)
        ours, theirs = OURS.mint(NOW), THEIRS.mint(NOW)
        digits = OURS.read(ours, NOW).digits
        same += digits == THEIRS.read(theirs, NOW).digits
        assert digits not in ours
        assert digits not in nonce
    assert same == 0


def test_the_digits_are_spread_over_all_there_are() -> None:
    firsts = [OURS.read(OURS.mint(NOW), NOW).digits[0] for _ in range(2000)]
    assert all(120 < firsts.count(digit) < 280 for digit in "0123456789")


@pytest.fixture
def challenge() -> Challenge:
    return OURS.read(OURS.mint(NOW), NOW)


def _burned(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(BurnedChallenge)) or 0


def test_a_challenge_is_burned_once(database_url: str, challenge: Challenge) -> None:
    database = Database(database_url)
    with database.writing() as session:
        assert ledger.burn(session, challenge)
        assert not ledger.burn(session, challenge)
    with database.writing() as session:
        assert not ledger.burn(session, challenge)
        assert ledger.burn(session, OURS.read(OURS.mint(NOW), NOW))
    assert _burned(database) == 2
    database.close()


def _burn_and_fail(database: Database, challenge: Challenge) -> None:
    with database.writing() as session:
        assert ledger.burn(session, challenge)
        raise ZeroDivisionError


def test_a_burn_is_undone_with_its_transaction(database_url: str, challenge: Challenge) -> None:
    database = Database(database_url)
    with pytest.raises(ZeroDivisionError):
        _burn_and_fail(database, challenge)
    with database.writing() as session:
        assert ledger.burn(session, challenge)
    database.close()


def test_of_two_who_burn_it_at_once_one_only_is_let_through(database_url: str, challenge: Challenge) -> None:
    database = Database(database_url)
    let_through: list[bool] = []
    errors = written_at_once(database, [lambda session: let_through.append(ledger.burn(session, challenge))] * 2)
    refused = [error for error in errors if error is not None]
    assert all(isinstance(error, Conflict) and error.code == "exists_already" for error in refused)
    assert let_through.count(True) == 1
    assert len(refused) + let_through.count(False) == 1
    assert _burned(database) == 1
    database.close()


def test_what_has_expired_is_forgotten_and_stays_refused_by_its_date(database_url: str) -> None:
    database = Database(database_url)
    token = OURS.mint(NOW)
    old = OURS.read(token, NOW)
    later = NOW + LIFETIME
    fresh = OURS.read(OURS.mint(later), later)
    with database.writing() as session:
        assert ledger.burn(session, old)
        assert ledger.burn(session, fresh)
    with database.writing() as session:
        ledger.forget_expired(session, later + timedelta(seconds=1))
        assert not ledger.burn(session, fresh)
    assert _burned(database) == 1
    assert OURS.judge(token, old.digits, later)[0] is Verdict.EXPIRED
    database.close()


def test_the_picture_is_a_png_of_its_size() -> None:
    data = rendering.picture("012345")
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (rendering.WIDTH, rendering.HEIGHT)
    assert data.endswith(b"IEND\xaeB`\x82")
    assert 2_000 < len(data) < 100_000


def test_the_sound_is_a_wav_of_some_seconds() -> None:
    data = rendering.sound("012345")
    with wave.open(io.BytesIO(data)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert 3 < seconds < 60
    assert len(data) < 1_000_000


def test_no_two_pictures_of_the_same_digits_are_equal() -> None:
    assert rendering.picture("012345") != rendering.picture("012345")


def test_neither_names_the_digits_beside_them() -> None:
    assert b"012345" not in rendering.picture("012345")
    assert b"012345" not in rendering.sound("012345")
