"""Putting events into order and promising them to receivers, beside the jobs and in a thread of its own.

Nothing here waits for anybody outside, so that the feed is never more than a moment behind.
"""

from datetime import datetime, timedelta
from threading import Event

import structlog
from sqlalchemy.exc import OperationalError

from app.events import numbering
from app.kit.clock import Clock, SystemClock
from app.kit.database import Database
from app.kit.errors import Conflict
from app.webhooks import ledger
from app.worker.failures import place_of

PAUSE_SECONDS = 0.5
FORGETS_EVERY = timedelta(hours=1)

log = structlog.get_logger("yanlu.events")


def run(database: Database, kept: timedelta, stop: Event) -> None:
    """Works until `stop` is set; a store that can't be reached is tried again. Events are kept for `kept`."""
    clock, forgets_at = SystemClock(), None
    while not stop.is_set():
        try:
            put_in_order(database, clock)
            forgets_at = _forget_when_due(database, clock.now(), kept, forgets_at)
        except (OperationalError, Conflict) as error:
            log.warning("store_unavailable", error=type(error).__name__)
        except Exception as error:  # whatever went wrong, what happens next still has to be told
            log.error("events_failed", error=place_of(error))
        stop.wait(PAUSE_SECONDS)


def put_in_order(database: Database, clock: Clock) -> int:
    """How many events got their position; each batch is a transaction, and so is each one's promise to receivers."""
    number = 0
    while _is_waiting(database):
        with database.writing() as session:
            done = numbering.number(session)
        if not done:
            break
        number += done
    while _is_behind(database):
        with database.writing() as session:
            ledger.spread(session, clock.now())
    return number


def forget(database: Database, now: datetime, kept: timedelta) -> None:
    """Drops what is older than that, settled messages first, then events; a bounded transaction for each batch."""
    for drop in (ledger.forget, numbering.forget):
        dropped = True
        while dropped:
            with database.writing() as session:
                dropped = drop(session, now - kept) > 0


def _forget_when_due(database: Database, now: datetime, kept: timedelta, due: datetime | None) -> datetime:
    if due is not None and now < due:
        return due
    forget(database, now, kept)
    return now + FORGETS_EVERY


def _is_waiting(database: Database) -> bool:
    with database.reading() as session:
        return numbering.is_waiting(session)


def _is_behind(database: Database) -> bool:
    with database.reading() as session:
        return ledger.is_behind(session)
