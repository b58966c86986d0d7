"""A table of promises: enqueued in the caller's transaction, claimed under a lease, tried again with growing pauses."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.jobs.models import Job

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=10)


def enqueue(session: Session, name: str, due_at: datetime, **payload: Any) -> None:
    """Promises the job; the promise is kept or lost with the caller's transaction."""
    session.add(Job(name=name, due_at=due_at, payload=payload))


def is_promised(session: Session, name: str) -> bool:
    """Whether a job of that name is waiting or being done."""
    return session.scalar(select(Job.id).where(Job.name == name, Job.dead_at.is_(None)).limit(1)) is not None


def claim(session: Session, now: datetime, most: int = 10, but: Collection[str] = ()) -> Sequence[Job]:
    """Due jobs that nobody else holds, now held by the caller for LEASE. No job goes to two workers at once.

    Those whose names are in `but` stay: another installation does them.
    """
    due = (
        select(Job.id)
        .where(Job.dead_at.is_(None), Job.due_at <= now, or_(Job.leased_until.is_(None), Job.leased_until <= now))
        .where(Job.name.not_in(but))
        .order_by(Job.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    claimed = (
        update(Job)
        .where(Job.id.in_(due.scalar_subquery()))
        .values(leased_until=now + LEASE, attempts=Job.attempts + 1)
        .returning(Job)
    )
    return session.scalars(claimed, execution_options={"synchronize_session": False}).all()


def finish(session: Session, job_id: uuid.UUID) -> None:
    """The job is done and leaves the table."""
    job = session.get(Job, job_id)
    if job is not None:
        session.delete(job)


def fail(session: Session, job_id: uuid.UUID, now: datetime, error: str) -> None:
    """Tries again after a pause that doubles each time; after MOST_ATTEMPTS the job is dead and stays."""
    job = session.get(Job, job_id)
    if job is None:
        return
    job.last_error = error[:2000]
    job.leased_until = None
    job.due_at = now + FIRST_PAUSE * 2 ** (job.attempts - 1)
    if job.attempts >= MOST_ATTEMPTS:
        job.dead_at = now
