"""The same request under the same key gets the same answer, and only that."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.idempotency import ledger
from app.idempotency.ledger import AT_WORK_FOR, KEPT_FOR, EarlierAnswer, InFlight
from app.idempotency.models import AnsweredRequest
from app.kit.database import Database
from app.kit.errors import Conflict, Unprocessable
from tests.support.journey import START
from tests.support.racing import written_at_once

ANSWER = EarlierAnswer(200, {"state": "已答复", "list": [1, None, True, 0.5], "nested": {"": "𠮷"}})


def keep(database: Database, client: str = "a", key: str = "k", fingerprint: str = "f", days: int = 0) -> None:
    at = START + timedelta(days=days)
    with database.writing() as session:
        assert ledger.claim(session, client, key, fingerprint, at) is None
    with database.writing() as session:
        ledger.keep_answer(session, client, key, ANSWER, at)


def test_the_same_request_gets_the_answer_as_it_was(database: Database) -> None:
    keep(database)
    with database.reading() as session:
        assert ledger.earlier_answer(session, "a", "k", "f", START) == ANSWER


def test_a_new_key_and_another_clients_key_have_no_answer(database: Database) -> None:
    keep(database)
    with database.reading() as session:
        assert ledger.earlier_answer(session, "a", "K", "f", START) is None
        assert ledger.earlier_answer(session, "b", "k", "f", START) is None


def test_another_request_under_the_key_is_refused(database: Database) -> None:
    keep(database)
    with database.reading() as session, pytest.raises(Unprocessable) as refused:
        ledger.earlier_answer(session, "a", "k", "another", START)
    assert refused.value.code == "idempotency_key_reused"


def claimed(database: Database, at: datetime = START) -> None:
    with database.writing() as session:
        assert ledger.claim(session, "a", "k", "f", at) is None


def test_an_answer_is_lost_with_the_write_that_it_belongs_to(database: Database) -> None:
    claimed(database)
    with database.writing() as session:
        ledger.keep_answer(session, "a", "k", ANSWER, START)
        session.flush()
        session.rollback()
    with database.writing() as session:
        ledger.let_go(session, "a", "k", START)
    with database.reading() as session:
        assert ledger.earlier_answer(session, "a", "k", "f", START) is None


def test_of_two_requests_at_once_under_one_key_exactly_one_is_carried_out(database: Database) -> None:
    errors = written_at_once(database, [lambda s: ledger.claim(s, "a", "k", "f", START)] * 2)
    assert [isinstance(error, Conflict) for error in errors if error] == [True]


def test_a_claim_holds_for_its_time_and_is_then_anybodys(database: Database) -> None:
    claimed(database)
    later = START + AT_WORK_FOR
    with database.reading() as session:
        with pytest.raises(InFlight):
            ledger.earlier_answer(session, "a", "k", "f", later - timedelta(microseconds=1))
        with pytest.raises(Unprocessable):
            ledger.earlier_answer(session, "a", "k", "another", START)
        assert ledger.earlier_answer(session, "a", "k", "another", later) is None
    claimed(database, later)
    with database.writing() as session, pytest.raises(Conflict):
        ledger.keep_answer(session, "a", "k", ANSWER, START)
    with database.writing() as session:
        ledger.let_go(session, "a", "k", START)
        ledger.keep_answer(session, "a", "k", ANSWER, later)
    with database.reading() as session:
        assert ledger.earlier_answer(session, "a", "k", "f", later) == ANSWER


def test_answers_are_kept_for_their_time_and_then_forgotten(database: Database) -> None:
    keep(database, key="old")
    keep(database, key="new", days=1)
    with database.writing() as session:
        ledger.forget_old(session, START + KEPT_FOR)
        assert len(session.scalars(select(AnsweredRequest)).all()) == 2
    with database.writing() as session:
        ledger.forget_old(session, START + KEPT_FOR + timedelta(microseconds=1))
        assert session.scalars(select(AnsweredRequest.key)).all() == ["new"]
