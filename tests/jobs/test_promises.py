"""Promised jobs are kept or lost with the transaction that promised them, and held by one worker at a time."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs import ledger
from app.jobs.models import Job
from app.kit.database import Database
from tests.support.journey import START
from tests.support.racing import at_once

MOMENT = timedelta(microseconds=1)


def promise(database: Database, *minutes: int) -> None:
    """One job for each, due so many minutes after START."""
    with database.writing() as session:
        for count in minutes:
            ledger.enqueue(session, "note", START + timedelta(minutes=count), count=count)


def claimed(session: Session, after: timedelta, most: int = 10) -> list[int]:
    return [job.payload["count"] for job in ledger.claim(session, START + after, most)]


def test_a_promise_is_lost_with_its_transaction(database: Database) -> None:
    with database.writing() as session:
        ledger.enqueue(session, "note", START)
        session.flush()
        session.rollback()
    with database.reading() as session:
        assert not ledger.is_promised(session, "note")


def test_a_claim_takes_what_is_due_and_what_waits_longest(database: Database) -> None:
    promise(database, 3, 1, 2, 9)
    with database.writing() as session:
        assert sorted(claimed(session, timedelta(minutes=3) - MOMENT, most=1)) == [1]
        assert sorted(claimed(session, timedelta(minutes=3))) == [2, 3]


def test_a_claim_holds_until_its_lease_ends(database: Database) -> None:
    promise(database, 0)
    for start in (timedelta(0), ledger.LEASE):
        with database.writing() as session:
            assert claimed(session, start) == [0]
        with database.writing() as session:
            assert claimed(session, start + ledger.LEASE - MOMENT) == []
    with database.reading() as session:
        assert session.scalars(select(Job.attempts)).all() == [2]


def test_claims_at_once_never_share_a_job_nor_take_more_than_they_asked_for(database: Database) -> None:
    promise(database, *range(20))

    def claim() -> list[int]:
        with database.writing() as session:
            return claimed(session, timedelta(hours=1), most=6)

    answers = at_once([claim] * 3)
    taken = [count for answer in answers if isinstance(answer, list) for count in answer]
    assert all(isinstance(answer, list) and len(answer) <= 6 for answer in answers)
    assert len(taken) == len(set(taken)) == 18


def test_a_job_that_another_holds_unfinished_is_passed_over_without_waiting(postgres_url: str) -> None:
    database = Database(postgres_url)
    promise(database, 0, 1)
    with database.writing() as first, database.writing() as second:
        assert claimed(first, timedelta(hours=1), most=1) == [0]
        assert claimed(second, timedelta(hours=1), most=1) == [1]
    database.close()


def test_a_dead_job_is_no_promise_and_a_held_one_is(database: Database) -> None:
    promise(database, 0)
    for attempt in range(ledger.MOST_ATTEMPTS):
        at = timedelta(days=attempt)
        with database.writing() as session:
            (job,) = ledger.claim(session, START + at)
            assert ledger.is_promised(session, "note")
        with database.writing() as session:
            ledger.fail(session, job.id, START + at, "x" * 5000)
    with database.reading() as session:
        assert not ledger.is_promised(session, "note")
        (dead,) = session.scalars(select(Job))
    assert (dead.dead_at, dead.last_error) == (START + at, "x" * 2000)


def test_finishing_or_failing_a_job_that_is_gone_does_nothing(database: Database) -> None:
    promise(database, 0)
    with database.writing() as session:
        (job,) = ledger.claim(session, START)
        ledger.finish(session, job.id)
    with database.writing() as session:
        ledger.finish(session, job.id)
        ledger.fail(session, job.id, START, "late")
        assert session.scalars(select(Job)).all() == []
