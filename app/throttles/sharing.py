"""What all processes have counted, through the store, at a bounded cost: one small write and one read each second.

A count lives in the memory of its process and is written by the next exchange, so that a flood of requests makes no
flood of writes. The price is that a limit may be overshot by what the other processes admit within two exchanges (and
of a `Rate`, by the quarter below which nothing is told), and never by more than the limit itself for each of them.
Where the store can't be reached, each goes on by itself.
"""

import secrets
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.kit.clock import Clock
from app.kit.crypto import derive, keyed_hash
from app.kit.database import Database
from app.kit.errors import DomainError
from app.kit.throttle import STRETCHES
from app.throttles.models import RateCount

EVERY_SECONDS = 1.0
MOST_KEPT, MOST_WRITTEN, MOST_READ = 20_000, 500, 5_000
TOLD_EVERY = timedelta(minutes=1)
ASKED_WITHIN = timedelta(minutes=1)
"""After which a process that asks for no count doesn't read any."""

log = structlog.get_logger("yanlu.throttles")
Counted = tuple[str, datetime]
"""Bucket, and the instant from which its count counts no more."""


class Shared:
    """The counts of this process and, as of the last exchange, those of the others. Safe for threads."""

    def __init__(self, database: Database, master: bytes) -> None:
        self._database, self._key = database, derive(master, "rate-counts")
        self._process = secrets.token_hex(8)
        self._own: OrderedDict[Counted, int] = OrderedDict()
        self._untold: OrderedDict[Counted, None] = OrderedDict()
        self._others: dict[str, list[tuple[datetime, int]]] = {}
        self._lock = Lock()
        self._asked_at: datetime | None = None
        self._told_at: datetime | None = None

    def note(self, name: str, key: str, span: timedelta, now: datetime, number: int | None = None) -> None:
        """Counts one more, or knows that it is this `number` in the present stretch of the span."""
        counted = (self._bucket(name, key), _ends_at(span, now))
        with self._lock:
            self._own[counted] = self._own.get(counted, 0) + 1 if number is None else number
            self._own.move_to_end(counted)
            self._untold[counted] = None
            while len(self._own) > MOST_KEPT:
                forgotten, _ = self._own.popitem(last=False)
                self._untold.pop(forgotten, None)

    def others(self, name: str, key: str, now: datetime) -> tuple[int, datetime | None]:
        """What other processes have counted, those that ended among them, and when the first of it ends."""
        self._asked_at = now
        found = self._others.get(self._bucket(name, key)) if self._others else None
        live = [one for one in found or () if one[0] > now]
        return (sum(number for _, number in live), live[0][0]) if live else (0, None)

    def exchange(self, now: datetime) -> None:
        """Tells what is new, at most MOST_WRITTEN buckets of it, and reads what the others told. Never raises for a
        store that isn't there: the last known counts hold until they end.
        """
        with self._lock:
            told = [(one, self._own[one]) for one in self._untold][:MOST_WRITTEN]
        if not told and (self._asked_at is None or now - self._asked_at > ASKED_WITHIN):
            return
        try:
            if told:
                with self._database.marking() as session:
                    _tell(session, self._process, told)
            self._note_told(told, now)
            with self._database.reading() as session:
                self._others = _read(session, self._process, now)
        except (DomainError, SQLAlchemyError) as error:
            self._tell_failure(error, now)

    @contextmanager
    def exchanging(self, clock: Clock) -> Iterator[None]:
        """Exchanges every second, in a thread, until the block is left, and then once more."""
        stop = Event()
        thread = Thread(target=self._exchange_until, args=(stop, clock), name="rate-counts", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _exchange_until(self, stop: Event, clock: Clock) -> None:
        while not stop.wait(EVERY_SECONDS):
            self.exchange(clock.now())
        self.exchange(clock.now())

    def _note_told(self, told: Iterable[tuple[Counted, int]], now: datetime) -> None:
        with self._lock:
            for counted, number in told:
                if self._own.get(counted) == number:
                    self._untold.pop(counted, None)
            for counted in [one for one in self._own if one[1] <= now]:
                del self._own[counted]
                self._untold.pop(counted, None)

    def _tell_failure(self, error: Exception, now: datetime) -> None:
        if self._told_at is None or now - self._told_at >= TOLD_EVERY:
            self._told_at = now
            log.warning("rate_counts_not_shared", kind=type(error).__name__)

    def _bucket(self, name: str, key: str) -> str:
        return keyed_hash(self._key, name, key).hex()[:32]


def forget_ended(session: Session, now: datetime) -> None:
    """Drops the counts that count no more."""
    session.execute(delete(RateCount).where(RateCount.ends_at <= now))


def _ends_at(span: timedelta, now: datetime) -> datetime:
    """Of the stretch that now lies in, and the span after it: a count holds for the span and at most a stretch more."""
    stretch = span.total_seconds() / STRETCHES
    return datetime.fromtimestamp((now.timestamp() // stretch + 1) * stretch, UTC) + span


def _tell(session: Session, process: str, told: Iterable[tuple[Counted, int]]) -> None:
    rows = [
        {"bucket": bucket, "process": process, "ends_at": ends_at, "number": number}
        for (bucket, ends_at), number in sorted(told)
    ]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(RateCount)
    newer = {"number": statement.excluded.number}
    session.execute(statement.on_conflict_do_update(index_elements=["bucket", "process", "ends_at"], set_=newer), rows)


def _read(session: Session, process: str, now: datetime) -> dict[str, list[tuple[datetime, int]]]:
    """The largest counts of the others that still count, by bucket, those that end first at the beginning."""
    number = func.sum(RateCount.number)
    rows = session.execute(
        select(RateCount.bucket, RateCount.ends_at, number)
        .where(RateCount.process != process, RateCount.ends_at > now)
        .group_by(RateCount.bucket, RateCount.ends_at)
        .order_by(number.desc())
        .limit(MOST_READ)
    )
    found: dict[str, list[tuple[datetime, int]]] = {}
    for bucket, ends_at, counted in rows:
        found.setdefault(bucket, []).append((ends_at, int(counted)))
    return {bucket: sorted(counts) for bucket, counts in found.items()}
