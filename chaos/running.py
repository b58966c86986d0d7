"""One fault under load, on a store of its own."""

import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.service import Kind, new_keys, serving, store
from chaos.clients import clients_of
from chaos.faults import Fault, Ground, small_disk
from chaos.report import Result
from chaos.verdicts import verdict

WORKERS = 2
THREADS = 6
PATIENCE = 60
"""Seconds in which the intake must be back."""
DISK_MIB = {Kind.SQLITE: 96, Kind.POSTGRESQL: 700}
FOLDER = "YANLU_TEST_FOLDER"


def trouble(fault: Fault, kind: Kind, seed: int, rounds: int, seconds: float) -> Result:
    """One fault, so many times, on a store of its own; its last round is undisturbed work."""
    chance = random.Random(seed)  # noqa: S311 - a schedule that can be repeated
    with _disk(fault, kind) as disk, store(kind) as url, tempfile.TemporaryDirectory(prefix="yanlu-chaos-") as place:
        ground, keys = Ground(url, disk), new_keys()
        clients, pauses = clients_of(url, keys, Path(place)), list[float]()
        try:
            for turn in range(rounds + 1):
                with serving(url, WORKERS, **keys) as service:
                    clients.port = service.port
                    if turn == 0:
                        clients.start(THREADS)
                    time.sleep(seconds * chance.uniform(0.5, 1.5))
                    clients.longest_pause()
                    if turn < rounds:
                        fault.strike(ground, service, chance)
                        time.sleep(seconds / 2)
                        if service.process.poll() is None:
                            pauses.append(clients.pause_until_next(PATIENCE))
                    else:
                        clients.stop()
            return verdict(fault.name, kind, clients, url, keys, max(pauses, default=None))
        finally:
            ground.end()


@contextmanager
def _disk(fault: Fault, kind: Kind) -> Iterator[Path]:
    """Where the store's files lie; small where the fault is to fill it."""
    if not fault.small_disk:
        yield Path(tempfile.gettempdir())
        return
    with tempfile.TemporaryDirectory(prefix="yanlu-chaos-") as place, small_disk(Path(place), DISK_MIB[kind]) as disk:
        before = os.environ.get(FOLDER)
        os.environ[FOLDER] = str(disk)
        try:
            yield disk
        finally:
            os.environ.pop(FOLDER)
            os.environ.update({FOLDER: before} if before else {})
