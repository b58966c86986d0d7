"""A challenge is used once, whoever asks at the same moment, on both stores."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app.captcha import ledger
from app.captcha.challenge import LIFETIME, Challenge, Challenges
from app.captcha.ledger import LedgerBroken
from app.captcha.models import BurnedChallenge
from app.kit.database import Database
from app.kit.errors import Conflict
from tests.captcha.test_challenges import FORM, NOW
from tests.support.racing import written_at_once

OURS = Challenges(b"o" * 32)


def _challenge() -> Challenge:
    return OURS.read(OURS.mint(NOW, FORM, 8), NOW)


@pytest.fixture
def challenge() -> Challenge:
    return _challenge()


def _burned(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(BurnedChallenge)) or 0


def test_a_challenge_is_burned_once(database: Database, challenge: Challenge) -> None:
    with database.writing() as session:
        assert ledger.burn(session, challenge)
        assert not ledger.burn(session, challenge)
    with database.writing() as session:
        assert not ledger.burn(session, challenge)
        assert ledger.burn(session, _challenge())
    assert _burned(database) == 2


def _burn_and_fail(database: Database, challenge: Challenge) -> None:
    with database.writing() as session:
        assert ledger.burn(session, challenge)
        raise ZeroDivisionError


def test_a_burn_is_undone_with_its_transaction(database: Database, challenge: Challenge) -> None:
    with suppress(ZeroDivisionError):
        _burn_and_fail(database, challenge)
    assert _burned(database) == 0
    with database.writing() as session:
        assert ledger.burn(session, challenge)


def test_of_many_who_burn_it_at_once_one_only_is_let_through(database: Database, challenge: Challenge) -> None:
    let_through: list[bool] = []
    errors = written_at_once(database, [lambda session: let_through.append(ledger.burn(session, challenge))] * 6)
    refused = [error for error in errors if error is not None]
    assert all(isinstance(error, Conflict) and error.code == "exists_already" for error in refused)
    assert let_through.count(True) == 1
    assert len(refused) + let_through.count(False) == 5
    assert _burned(database) == 1


def test_what_has_expired_is_forgotten(database: Database, challenge: Challenge) -> None:
    later = NOW + LIFETIME
    fresh = OURS.read(OURS.mint(later, FORM, 8), later)
    with database.writing() as session:
        assert ledger.burn(session, challenge)
        assert ledger.burn(session, fresh)
    with database.writing() as session:
        ledger.forget_expired(session, later + timedelta(seconds=1))
        assert not ledger.burn(session, fresh)
    assert _burned(database) == 1


def test_a_ledger_that_is_gone_is_told_as_broken(database: Database, challenge: Challenge) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE burned_challenges"))
    with pytest.raises(LedgerBroken), database.writing() as session:
        ledger.burn(session, challenge)
