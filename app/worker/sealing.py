"""Sealing the audit log, beside the jobs and in a thread of its own: no long job keeps an entry waiting.

Heads are exported from what is committed, never from a transaction that may still be lost.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import structlog

from app.audit import heads, sealing
from app.config import Settings
from app.kit.clock import Clock, SystemClock
from app.kit.database import Database
from app.kit.signing import Signer
from app.worker.failures import place_of

PAUSE_SECONDS = 10.0

log = structlog.get_logger("yanlu.audit")


@dataclass(frozen=True)
class HeadsFile:
    """Where heads are added, and who signs them, if anybody does."""

    path: Path
    signer: Signer | None


def heads_file_of(settings: Settings) -> HeadsFile | None:
    """None where the settings name no file."""
    if settings.audit_heads is None:
        return None
    seed = settings.signature_seed
    return HeadsFile(settings.audit_heads, Signer(seed) if seed else None)


def run(database: Database, exported: HeadsFile | None, stop: Event) -> None:
    """Works until `stop` is set. A store or a folder that can't be reached is tried again."""
    clock = SystemClock()
    while not stop.is_set():
        try:
            seal_all(database, clock)
            if exported:
                export_head(database, exported)
        except Exception as error:  # whatever went wrong, entries still have to be sealed
            log.error("sealing_failed", error=place_of(error))
        stop.wait(PAUSE_SECONDS)


def seal_all(database: Database, clock: Clock) -> int:
    """How many entries were sealed; a transaction for each batch, so that no writer waits for long."""
    number = 0
    while True:
        with database.reading() as session:
            waits = sealing.is_waiting(session)
        if not waits:
            return number
        with database.writing() as session:
            done = sealing.seal(session, clock.now())
        if not done:
            return number
        number += done
        log.info("audit_sealed", number=done)


def export_head(database: Database, exported: HeadsFile) -> bool:
    """Adds the head to the file where it isn't the one that was added last; durable when this returns."""
    with database.reading() as session:
        head = sealing.head(session)
    return bool(head.position) and add_line(exported.path, heads.kept(head, exported.signer).line())


def add_line(path: Path, line: str) -> bool:
    """Adds the line unless it is the last one already; durable when this returns."""
    if _last_line(path) == line:
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        os.write(file, f"{line}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)
    return True


def _last_line(path: Path) -> str:
    """Empty where there is none; a file of heads has short lines, so its last 4 KiB hold it."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        lines = file.read().decode(errors="replace").splitlines()
    return lines[-1] if lines else ""
