"""Housekeeping drops what has ended, and nothing that still counts."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.accounts import sessions
from app.accounts.models import StaffSession, StaffUser
from app.captcha.models import BurnedChallenge
from app.idempotency.ledger import KEPT_FOR
from app.idempotency.models import AnsweredRequest
from app.kit.database import Database
from app.worker.housekeeping import forget

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def _answer(key: str, at: datetime) -> AnsweredRequest:
    return AnsweredRequest(client_id="c", key=key, fingerprint="f", status=200, body={}, answered_at=at)


def test_what_has_ended_is_forgotten_and_the_rest_is_kept(database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as session:
        user = StaffUser(username="a", display_name="a", password_hash="-", created_at=NOW)
        session.add(user)
        session.flush()
        sessions.begin(session, user, NOW - sessions.IDLE)
        sessions.begin(session, user, NOW - sessions.IDLE + timedelta(seconds=1))
        session.add(BurnedChallenge(nonce="old", expires_at=NOW - timedelta(seconds=1)))
        session.add(BurnedChallenge(nonce="fresh", expires_at=NOW + timedelta(seconds=1)))
        session.add(_answer("old", NOW - KEPT_FOR - timedelta(seconds=1)))
        session.add(_answer("fresh", NOW - KEPT_FOR + timedelta(seconds=1)))
    with database.writing() as session:
        forget(session, NOW, {})
    with database.reading() as session:
        assert [row.nonce for row in session.scalars(select(BurnedChallenge))] == ["fresh"]
        assert [row.key for row in session.scalars(select(AnsweredRequest))] == ["fresh"]
        assert len(session.scalars(select(StaffSession)).all()) == 1
    database.close()
