"""Sending webhooks, beside everything else: several receivers at once, one message at a time for each.

A receiver that is slow or fails holds up its own messages only: while it fails it shares at most half of the senders
with others that fail, and no receiver ever has two.
"""

import random
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from threading import Event, Lock

import structlog
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from app.config import Environment, Settings, load_secrets
from app.kit.clock import Clock, SystemClock
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.kit.errors import Conflict
from app.webhooks import guard, ledger, queries, schedule, sending, signing
from app.webhooks.guard import Address, NoWay, Policy, Target, Way
from app.webhooks.ledger import Held, Tried
from app.webhooks.lifecycle import Outcome
from app.webhooks.sending import Answer, NotSent, Resolve, TimedOut
from app.worker.failures import place_of

AT_ONCE = 8
SLOW_AT_ONCE = AT_ONCE // 2
PAUSE_SECONDS = 0.5
POSTGRES_PORT = 5432
Post = Callable[[Target, Way, dict[str, str], bytes], Answer]

log = structlog.get_logger("yanlu.webhooks")


@dataclass(frozen=True)
class Hooks:
    """All that sending needs. `own` are the addresses of the database; tests bring a resolver of their own."""

    sealer: Sealer
    own: frozenset[Address] = frozenset()
    is_demonstration: bool = False
    resolve: Resolve = sending.resolve
    post: Post = sending.post
    chance: Callable[[], float] = random.random


def hooks_of(settings: Settings) -> Hooks:
    """Outside of production a receiver may stand on the same machine. Raises ConfigurationError without keys."""
    secrets = load_secrets(settings)
    return Hooks(
        sealer=Sealer.of(secrets),
        own=_addresses_of_store(settings.database_url),
        is_demonstration=settings.environment is not Environment.PRODUCTION,
    )


def run(database: Database, hooks: Hooks, stop: Event) -> None:
    """Sends until `stop` is set; what is on its way is settled first. Nothing that goes wrong ends it."""
    with ThreadPoolExecutor(AT_ONCE, "webhooks") as pool:
        room = Room(database, SystemClock(), hooks)
        while not stop.is_set():
            if not room.hand_out(pool):
                stop.wait(PAUSE_SECONDS)


class Room:
    """Which receivers have a message on its way from this worker."""

    def __init__(self, database: Database, clock: Clock, hooks: Hooks) -> None:
        self._database, self._clock, self._hooks = database, clock, hooks
        self._busy: dict[uuid.UUID, bool] = {}
        self._lock = Lock()

    def hand_out(self, pool: ThreadPoolExecutor) -> bool:
        """Gives the pool one message; False where there is none, or nobody to carry it."""
        busy = self.busy()
        if len(busy) >= AT_ONCE:
            return False
        held = _claimed(self._database, self._clock, busy)
        if held is None:
            return False
        with self._lock:
            self._busy[held.endpoint_id] = held.is_slow
        pool.submit(self._carry, held)
        return True

    def busy(self) -> dict[uuid.UUID, bool]:
        """Receivers that have a message on its way now, and whether they were failing before."""
        with self._lock:
            return dict(self._busy)

    def _carry(self, held: Held) -> None:
        try:
            carry(self._database, self._clock, self._hooks, held)
        except Exception as error:  # its lease ends, and it is tried again
            log.error("webhook_failed", id=str(held.delivery_id), error=place_of(error))
        finally:
            with self._lock:
                del self._busy[held.endpoint_id]


def _claimed(database: Database, clock: Clock, busy: dict[uuid.UUID, bool]) -> Held | None:
    slow_too = sum(busy.values()) < SLOW_AT_ONCE
    try:
        with database.reading() as session:
            if not ledger.is_due(session, clock.now(), busy, slow_too):
                return None
        with database.writing() as session:
            return ledger.claim(session, clock.now(), busy, slow_too)
    except (OperationalError, Conflict) as error:
        log.warning("store_unavailable", error=type(error).__name__)
        return None


def carry_once(database: Database, clock: Clock, hooks: Hooks) -> Outcome | None:
    """Sends the one message whose turn it is and says what came of it; None when nothing is due."""
    held = _claimed(database, clock, {})
    return None if held is None else carry(database, clock, hooks, held)


def carry(database: Database, clock: Clock, hooks: Hooks, held: Held) -> Outcome:
    """One attempt, outside of any transaction, and what came of it written down."""
    tried = attempt(database, clock, hooks, held)
    with database.writing() as session:
        kept = ledger.settle(session, held, clock.now(), tried, hooks.chance())
    log.info(
        "webhook",
        id=str(held.delivery_id),
        endpoint=str(held.endpoint_id),
        kind=held.kind,
        came_to=tried.outcome.value,
        status=tried.status,
        error=tried.error,
        milliseconds=tried.milliseconds,
        kept=kept,
    )
    return tried.outcome


def attempt(database: Database, clock: Clock, hooks: Hooks, held: Held) -> Tried:
    """Looks up the name once, asks the guard, connects to the address that it let pass."""
    with database.reading() as session:
        policy = Policy(queries.allowed(session), hooks.own, hooks.is_demonstration)
    began = time.monotonic()
    told = partial(_tried, began)
    try:
        target = guard.target_of(held.url)
        way = guard.way_to(target, sending.addresses_of(target, hooks.resolve), policy)
        signed = signing.headers(_secrets(hooks.sealer, held), held.message_id, clock.now(), held.body)
        answer = hooks.post(target, way, {"Content-Type": "application/json", **signed}, held.body)
    except NoWay as refusal:
        return told(Outcome.FORBIDDEN_ADDRESS, error=refusal.code)
    except TimedOut as trouble:
        return told(Outcome.TIMED_OUT, error=trouble.code)
    except NotSent as trouble:
        return told(Outcome.UNREACHABLE, error=trouble.code)
    outcome = schedule.outcome_of(answer.status)
    return told(outcome, status=answer.status, excerpt=answer.excerpt, retry_after=answer.retry_after)


def _tried(began: float, outcome: Outcome, **said: str | int | None) -> Tried:
    milliseconds = round((time.monotonic() - began) * 1000)
    return Tried(outcome, milliseconds, **said)  # type: ignore[arg-type]


def _secrets(sealer: Sealer, held: Held) -> list[str]:
    table, *columns = ledger.SEALED
    places = zip(held.sealed, columns, strict=True)
    row = str(held.endpoint_id)
    return [sealer.open(sealed, table, column, row) for sealed, column in places if sealed is not None]


def _addresses_of_store(url: str) -> frozenset[Address]:
    """Where the database is; nothing for a file. A name that can't be resolved now is no reason not to start."""
    parsed = make_url(url)
    hosts = [host for host in (parsed.host or "").split(",") if host]
    found: set[str] = set()
    for host in hosts:
        try:
            found |= set(sending.resolve(host, parsed.port or POSTGRES_PORT))
        except NotSent:
            log.warning("store_not_resolved")
    return frozenset(ip_address(text.partition("%")[0]) for text in found)
