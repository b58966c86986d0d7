"""Claiming and doing jobs, one at a time."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import app.tables  # noqa: F401  # a foreign key is resolved only when every model is known
from app.bundles.outward import TOLD_OUTSIDE
from app.config import Network, Settings
from app.jobs import ledger
from app.jobs.models import Job
from app.kit.clock import Clock, SystemClock
from app.kit.database import Database
from app.kit.errors import Conflict
from app.worker import delivering, events, exporting, filing, hooks, picking_up, sealing, transparency, watching
from app.worker.failures import place_of
from app.worker.jobs import BEFOREHAND, INSIDE, JOBS, OUTSIDE, RECURRING, Work

PAUSE_SECONDS = 1.0

log = structlog.get_logger("yanlu.worker")


class UnknownJob(Exception):
    """A newer version promised a job that this one doesn't know; another worker may."""


class LostLease(Exception):
    """Another worker has taken the job over meanwhile; what was done here is rolled back."""


def run(settings: Settings, stop: Event) -> None:
    """Works until `stop` is set: the job in hand is done to its end, no other is begun.

    A store that can't be reached is no end: it is tried again. Messages go out in a thread beside, where the settings
    name a way out; files are looked after in another one, the audit log is sealed in a third, a fourth watches for
    rushes, a fifth puts events into order, a sixth sends them to receivers, a seventh picks up mails and takes them in,
    an eighth writes the files of data that were ordered, and a ninth seals the transparency log.
    """
    post, cabinet = delivering.post_of(settings), filing.cabinet_of(settings)
    database = Database(settings.database_url)
    beside = [
        Thread(target=filing.run, args=(database, cabinet, stop), name="files"),
        Thread(target=sealing.run, args=(database, sealing.heads_file_of(settings), stop), name="audit"),
        Thread(target=transparency.run, args=(database, transparency.keeper_of(settings), stop), name="log"),
        Thread(target=watching.run, args=(database, watching.watch_of(settings), stop), name="alerts"),
        Thread(target=events.run, args=(database, timedelta(days=settings.events_kept_days), stop), name="events"),
        Thread(
            target=picking_up.run, args=(database, picking_up.post_office_of(settings, database), stop), name="mail"
        ),
        Thread(target=hooks.run, args=(database, hooks.hooks_of(settings), stop), name="webhooks"),
        Thread(target=exporting.run, args=(database, exporting.clerk_of(settings), stop), name="exports"),
    ]
    if post:
        beside.append(Thread(target=delivering.run, args=(database, post, stop), name="deliveries"))
    log.info("worker_started", jobs=sorted(JOBS), sends_mail=post is not None)
    for thread in beside:
        thread.start()
    try:
        while not stop.is_set():
            if not _try_once(database, SystemClock(), settings.network):
                stop.wait(PAUSE_SECONDS)
    finally:
        stop.set()
        for thread in beside:
            thread.join()
        database.close()
    log.info("worker_stopped")


def _try_once(database: Database, clock: Clock, network: Network = Network.WHOLE) -> bool:
    try:
        if network is Network.INNER:
            return work_once(database, clock, INSIDE, held=TOLD_OUTSIDE)
        if network is Network.OUTER:
            return work_once(database, clock, recurring=OUTSIDE)
        return work_once(database, clock)
    except (OperationalError, Conflict) as error:
        log.warning("store_unavailable", error=type(error).__name__)
        return False


def work_once(
    database: Database,
    clock: Clock,
    jobs: Mapping[str, Work] = JOBS,
    recurring: Mapping[str, timedelta] = RECURRING,
    held: Collection[str] = (),
) -> bool:
    """Does one due job that isn't `held` for another installation, if there is one; False when nothing is due.

    A job that fails leaves nothing behind and is tried again later; it never stops the worker.
    """
    with database.writing() as session:
        for name in recurring:
            _promise(session, name, clock.now())
        claimed = list(ledger.claim(session, clock.now(), most=1, but=held))
    for job in claimed:
        _do(database, clock, job, jobs, recurring)
    return bool(claimed)


def _promise(session: Session, name: str, due_at: datetime) -> None:
    if not ledger.is_promised(session, name):
        ledger.enqueue(session, name, due_at)


def _do(
    database: Database, clock: Clock, job: Job, jobs: Mapping[str, Work], recurring: Mapping[str, timedelta]
) -> None:
    try:
        work, payload = _work_of(job, jobs), _prepared(database, job)
        with database.writing() as session:
            _hold(session, job)
            work(session, clock.now(), payload)
            ledger.finish(session, job.id)
            session.flush()
            if job.name in recurring:
                _promise(session, job.name, clock.now() + recurring[job.name])
    except LostLease:
        log.warning("job_lost", job=job.name, id=str(job.id))
    except Exception as error:  # whatever a job does wrong, the next one must still be done
        with database.writing() as session:
            ledger.fail(session, job.id, clock.now(), place_of(error))
        log.error("job_failed", job=job.name, id=str(job.id), attempts=job.attempts, error=place_of(error))
    else:
        log.info("job_done", job=job.name, id=str(job.id), attempts=job.attempts)


def _hold(session: Session, job: Job) -> None:
    """Locks the job's row until the work is committed, so that an expired lease hands nothing to a second worker."""
    row = session.get(Job, job.id, with_for_update=True)
    if row is None or row.attempts != job.attempts:
        raise LostLease


def _work_of(job: Job, jobs: Mapping[str, Work]) -> Work:
    if job.name not in jobs:
        raise UnknownJob
    return jobs[job.name]


def _prepared(database: Database, job: Job) -> dict[str, Any]:
    """The payload, with what the job wants to know before its transaction."""
    payload = dict(job.payload)
    if job.name in BEFOREHAND:
        with database.reading() as session:
            payload |= BEFOREHAND[job.name](session, payload)
    return payload
