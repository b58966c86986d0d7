"""Sealing the transparency log once a minute, beside the jobs and in a thread of its own.

Heads are exported from what is committed, never from a transaction that may still be lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import structlog
from sqlalchemy.orm import Session

from app.audit import sealing as audit
from app.config import Settings, load_secrets
from app.kit.clock import SystemClock
from app.kit.database import Database
from app.kit.signing import Signer
from app.transparency import heads, ledger, sealing
from app.transparency.keys import signer_of
from app.worker.failures import place_of
from app.worker.sealing import add_line

PAUSE_SECONDS = 5.0
Pause = Callable[[float], object]

log = structlog.get_logger("yanlu.transparency")


@dataclass(frozen=True)
class LogKeeper:
    """Who signs heads, the file they are added to, and whether a minute without entries gets a batch as well."""

    signer: Signer
    heads: Path | None
    every_minute: bool


def keeper_of(settings: Settings) -> LogKeeper:
    signer = signer_of(settings.signature_seed, load_secrets(settings).signing)
    return LogKeeper(signer, settings.log_heads, settings.log_every_minute)


def run(database: Database, keeper: LogKeeper, stop: Event) -> None:
    """Works until `stop` is set. A store or a folder that can't be reached is tried again."""
    clock = SystemClock()
    while not stop.is_set():
        try:
            seal_if_due(database, keeper, clock.now(), stop.wait)
            export_head(database, keeper)
        except Exception as error:  # whatever went wrong, entries still have to be sealed
            log.error("log_sealing_failed", error=place_of(error))
        stop.wait(PAUSE_SECONDS)


def seal_if_due(database: Database, keeper: LogKeeper, now: datetime, pause: Pause = sleep) -> int | None:
    """How many entries were sealed; None where there was nothing to be done, or another sealer did it.

    `pause` takes the seconds for which it leaves the store to others. Raises Conflict where two sealers met.
    """
    with database.reading() as session:
        wanted = sealing.is_due(session, now) and (keeper.every_minute or sealing.is_waiting(session))
    if not wanted:
        return None
    with database.writing() as session:
        if sealing.is_alone(session):
            _countersign(session, now)
    number = _seal(database, now, pause)
    if number:
        log.info("log_sealed", number=number)
    return number


def _seal(database: Database, now: datetime, pause: Pause) -> int | None:
    """Hashes outside of any transaction that writes, and writes in steps, of which only the last one seals.

    Between steps others may write for as long as the step kept them waiting. Whoever is killed in between leaves chunks
    without a leaf of the log, with which the next sealer goes on.
    """
    with database.reading() as session:
        draft = sealing.draw(session)
    portions = list(sealing.steps(draft)) or [()]
    for place, pieces in enumerate(portions, 1):
        begun = monotonic()
        with database.writing() as session:
            if not sealing.is_alone(session) or not sealing.is_due(session, now):
                return None
            sealing.keep(session, draft, pieces)
            if place == len(portions):
                sealing.close(session, draft, now)
        if place < len(portions):
            pause(monotonic() - begun)
    return len(draft)


def export_head(database: Database, keeper: LogKeeper) -> bool:
    """Adds the newest head to the file, where there is one, unless it is the last line already."""
    if keeper.heads is None:
        return False
    with database.reading() as session:
        head = heads.newest(session, keeper.signer)
    return head is not None and add_line(keeper.heads, head.line())


def _countersign(session: Session, now: datetime) -> None:
    """Once an hour; nothing while the audit log is empty."""
    head = audit.head(session)
    if head.position:
        ledger.countersign(session, now, head.position, head.seal.hex())
