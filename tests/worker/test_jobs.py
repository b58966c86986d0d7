"""The worker does each promised job once, whatever fails around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from app.jobs import ledger
from app.jobs.models import Job
from app.kit.database import Database
from app.worker import loop
from app.worker.jobs import JOBS, RECURRING
from app.worker.loop import work_once

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


@dataclass
class SetClock:
    at: datetime = START

    def now(self) -> datetime:
        return self.at


@dataclass
class Recorder:
    """A job that notes its payload, and fails as often as it is told to."""

    seen: list[dict[str, Any]]
    failures: int = 0

    def __call__(self, session: Session, now: datetime, payload: dict[str, Any]) -> None:
        self.seen.append(payload)
        if self.failures:
            self.failures -= 1
            raise ValueError("张三 13800138000")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def promise(database: Database, name: str = "note", **payload: Any) -> None:
    with database.writing() as session:
        ledger.enqueue(session, name, START, **payload)


def jobs(database: Database) -> list[Job]:
    with database.reading() as session:
        found = list(session.scalars(select(Job).order_by(Job.due_at)))
        session.expunge_all()
    return found


def test_a_due_job_is_done_once_and_leaves_the_table(database: Database) -> None:
    note = Recorder([])
    promise(database, consultation="c1")
    assert work_once(database, SetClock(), {"note": note}, {})
    assert not work_once(database, SetClock(), {"note": note}, {})
    assert note.seen == [{"consultation": "c1"}]
    assert jobs(database) == []


def test_a_job_waits_for_its_instant(database: Database) -> None:
    note = Recorder([])
    promise(database)
    assert not work_once(database, SetClock(START - timedelta(seconds=1)), {"note": note}, {})
    assert note.seen == []


def test_a_failing_job_keeps_nothing_and_is_tried_again_after_growing_pauses(database: Database) -> None:
    clock, note = SetClock(), Recorder([], failures=2)

    def write_then_fail(session: Session, now: datetime, payload: dict[str, Any]) -> None:
        ledger.enqueue(session, "trace", now + timedelta(days=1))
        session.flush()
        note(session, now, payload)

    promise(database)
    for pause in (10, 20):
        assert work_once(database, clock, {"note": write_then_fail}, {})
        assert [job.name for job in jobs(database)] == ["note"]
        clock.at += timedelta(seconds=pause - 1)
        assert not work_once(database, clock, {"note": write_then_fail}, {})
        clock.at += timedelta(seconds=1)
    assert work_once(database, clock, {"note": write_then_fail}, {})
    assert [job.name for job in jobs(database)] == ["trace"]


def test_what_failed_is_kept_and_logged_without_what_a_person_wrote(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    promise(database)
    work_once(database, SetClock(), {"note": Recorder([], failures=1)}, {})
    (job,) = jobs(database)
    assert job.last_error is not None
    assert job.last_error.startswith("ValueError at test_jobs.py:")
    captured = capsys.readouterr()
    assert "13800138000" not in captured.out + captured.err + job.last_error


def test_after_its_last_attempt_a_job_is_dead_and_stays(database: Database) -> None:
    clock, note = SetClock(), Recorder([], failures=100)
    promise(database)
    for _ in range(ledger.MOST_ATTEMPTS):
        assert work_once(database, clock, {"note": note}, {})
        clock.at += timedelta(hours=1)
    assert not work_once(database, clock, {"note": note}, {})
    (job,) = jobs(database)
    assert job.dead_at is not None
    assert len(note.seen) == ledger.MOST_ATTEMPTS


def test_a_job_that_this_version_does_not_know_waits_for_one_that_does(database: Database) -> None:
    promise(database, "of_a_newer_version")
    assert work_once(database, SetClock(), {}, {})
    (job,) = jobs(database)
    assert job.dead_at is None
    assert job.due_at > START


def test_the_job_of_a_worker_that_died_is_taken_over_when_its_lease_ends(database: Database) -> None:
    note = Recorder([])
    promise(database)
    with database.writing() as session:
        assert len(ledger.claim(session, START)) == 1
    assert not work_once(database, SetClock(START + ledger.LEASE - timedelta(seconds=1)), {"note": note}, {})
    assert work_once(database, SetClock(START + ledger.LEASE), {"note": note}, {})
    assert len(note.seen) == 1


def test_a_worker_that_lost_its_lease_leaves_the_job_to_the_other(database: Database) -> None:
    note = Recorder([])
    promise(database)
    with database.writing() as session:
        (slow,) = ledger.claim(session, START)
    with database.writing() as session:
        assert len(ledger.claim(session, START + ledger.LEASE)) == 1
    loop._do(database, SetClock(), slow, {"note": note}, {})
    assert note.seen == []
    assert len(jobs(database)) == 1


def test_a_recurring_job_promises_itself_again_when_it_is_done(database: Database) -> None:
    clock, note = SetClock(), Recorder([])
    recurring = {"note": timedelta(minutes=10)}
    assert work_once(database, clock, {"note": note}, recurring)
    assert not work_once(database, clock, {"note": note}, recurring)
    clock.at += timedelta(minutes=10)
    assert work_once(database, clock, {"note": note}, recurring)
    assert len(note.seen) == 2
    assert [job.due_at for job in jobs(database)] == [START + timedelta(minutes=20)]


def test_a_recurring_job_that_was_promised_twice_becomes_one_again(database: Database) -> None:
    clock, note = SetClock(), Recorder([])
    promise(database)
    promise(database)
    for _ in range(2):
        assert work_once(database, clock, {"note": note}, {"note": timedelta(minutes=10)})
    assert len(jobs(database)) == 1


def test_a_dead_recurring_job_is_promised_anew(database: Database) -> None:
    clock, note = SetClock(), Recorder([], failures=ledger.MOST_ATTEMPTS)
    for _ in range(ledger.MOST_ATTEMPTS):
        assert work_once(database, clock, {"note": note}, {"note": timedelta(minutes=10)})
        clock.at += timedelta(hours=1)
    assert work_once(database, clock, {"note": note}, {"note": timedelta(minutes=10)})
    assert sorted(job.dead_at is None for job in jobs(database)) == [False, True]


def test_two_workers_at_once_do_every_job_once(database_url: str) -> None:
    first = Database(database_url)
    note = Recorder([])
    for number in range(12):
        promise(first, number=number)
    second, ready = Database(database_url), Barrier(2)

    def work(database: Database) -> None:
        ready.wait(timeout=30)
        while work_once(database, SetClock(), {"note": note}, {}):
            pass

    threads = [Thread(target=work, args=(database,)) for database in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(payload["number"] for payload in note.seen) == list(range(12))
    assert jobs(first) == []
    first.close()
    second.close()


def test_a_job_in_hand_is_not_given_to_another_worker_even_when_its_lease_has_ended(database_url: str) -> None:
    """On SQLite the second worker waits for the one write transaction, on PostgreSQL it skips the locked row."""
    first, second = Database(database_url), Database(database_url)
    begun, finished, seen = Event(), Event(), []

    def slow(session: Session, now: datetime, payload: dict[str, Any]) -> None:
        seen.append(now)
        begun.set()
        finished.wait(timeout=0.2 if first.engine.dialect.name == "sqlite" else 30)

    promise(first)
    thread = Thread(target=work_once, args=(first, SetClock(), {"note": slow}, {}))
    thread.start()
    assert begun.wait(timeout=30)
    assert not work_once(second, SetClock(START + 2 * ledger.LEASE), {"note": slow}, {})
    finished.set()
    thread.join(timeout=30)
    assert len(seen) == 1
    assert jobs(first) == []
    first.close()
    second.close()


def test_the_loop_stops_when_it_is_told_to_and_outlives_a_store_that_is_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YANLU_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("YANLU_ENVIRONMENT", "test")
    monkeypatch.setenv("YANLU_DATABASE_URL", f"sqlite:///{tmp_path}/missing/yanlu.sqlite3")
    monkeypatch.setattr(loop, "PAUSE_SECONDS", 0)
    stop, passes = Event(), []
    real = loop.work_once

    def counted(database: Database, clock: Any) -> bool:
        passes.append(clock.now())
        if len(passes) == 3:
            stop.set()
        return real(database, clock)

    monkeypatch.setattr(loop, "work_once", counted)
    loop.run(Settings(), stop)
    assert len(passes) == 3
    assert "store_unavailable" in capsys.readouterr().out


def test_every_recurring_job_is_known() -> None:
    assert set(RECURRING) <= set(JOBS)
