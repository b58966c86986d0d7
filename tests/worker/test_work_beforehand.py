"""Work that takes long and only reads is done before a job's transaction, so that nobody has to wait for it."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs import ledger
from app.jobs.models import Job
from app.kit.database import Database
from app.worker import loop
from app.worker.loop import work_once
from tests.support.journey import START, StoppedClock


def promise(database: Database, name: str, **payload: Any) -> None:
    with database.writing() as session:
        ledger.enqueue(session, name, START, **payload)


def test_others_write_while_a_job_prepares_itself(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []

    def prepare(session: Session, payload: dict[str, Any]) -> dict[str, Any]:
        assert session.scalars(select(Job.name)).all() == ["long"]
        promise(database, "written meanwhile")
        return {"found": payload["sought"] * 2}

    monkeypatch.setattr(loop, "BEFOREHAND", {"long": prepare})
    promise(database, "long", sought="意见")
    work = {"long": lambda session, now, payload: seen.append(payload), "written meanwhile": lambda *rest: None}
    assert work_once(database, StoppedClock(), work, {})
    assert seen == [{"sought": "意见", "found": "意见意见"}]
    assert work_once(database, StoppedClock(), work, {})
    assert not work_once(database, StoppedClock(), work, {})


def test_a_job_whose_preparation_fails_is_tried_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare(session: Session, payload: dict[str, Any]) -> dict[str, Any]:
        raise ValueError("no such version")

    monkeypatch.setattr(loop, "BEFOREHAND", {"long": prepare})
    promise(database, "long")
    assert work_once(database, StoppedClock(), {"long": lambda *rest: None}, {})
    with database.reading() as session:
        job = session.scalars(select(Job)).one()
    assert (job.attempts, job.dead_at, job.due_at > START) == (1, None, True)
