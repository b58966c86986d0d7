"""The machine loses its power in a rush: on each store, and on one that doesn't wait for the disk."""

import random
import tempfile
import time
from pathlib import Path

from benchmarks.service import YANLU, Kind, new_keys, serving, store
from chaos import powerless, powerless_server
from chaos.clients import clients_of
from chaos.faults import Ground, end_database, kill_service, start_database
from chaos.report import Result
from chaos.verdicts import verdict

THREADS = 6
PATIENCE = 60
"""Seconds in which the first receipt must come."""
CONTROL = "chaos.unsynced"


def sqlite(seed: int, seconds: float, *, syncs: bool = True) -> Result:
    """All processes are killed at once; then the store holds what was synced, and by chance some of what wasn't.

    One process of the service: the control has no more, so that the two compare.
    """
    chance = random.Random(seed)  # noqa: S311 - a schedule that can be repeated
    name = "power lost" if syncs else "power lost, synchronous=OFF (control)"
    with store(Kind.SQLITE) as url, tempfile.TemporaryDirectory(prefix="yanlu-chaos-") as place:
        keys = new_keys()
        clients = clients_of(url, keys, Path(place))
        file, shadow = Path(url.removeprefix("sqlite:///")), Path(place) / "shadow"
        shadow.mkdir()
        powerless.settle(file)
        (shadow / file.name).write_bytes(file.read_bytes())
        program = YANLU if syncs else CONTROL
        with powerless.preloaded(file.parent, shadow), serving(url, 1, program, **keys) as service:
            clients.port = service.port
            clients.start(THREADS)
            clients.pause_until_next(PATIENCE)
            time.sleep(seconds * chance.uniform(0.8, 1.5))
            kill_service(Ground(url, file.parent), service, chance)
        clients.stop()
        powerless.lose_power(file, shadow, chance)
        return verdict(name, Kind.SQLITE, clients, url, keys)


def postgresql(seed: int, seconds: float, *, syncs: bool = True) -> Result:
    """The same for the server and the service on one machine; the control is a server with `fsync=off`."""
    chance = random.Random(seed)  # noqa: S311 - a schedule that can be repeated
    name = "power lost" if syncs else "power lost, fsync=off (control)"
    with store(Kind.POSTGRESQL) as url, tempfile.TemporaryDirectory(prefix="yanlu-chaos-") as kept:
        keys, place = new_keys(), Path(kept)
        place.chmod(0o755)
        clients = clients_of(url, keys, place)
        ground = Ground(url, place)
        before, shadow = ground.server.with_name("before"), place / "shadow"
        try:
            command = powerless_server.begin(ground, before, shadow, syncs=syncs)
            with serving(url, 2, **keys) as service:
                clients.port = service.port
                clients.start(THREADS)
                clients.pause_until_next(PATIENCE)
                time.sleep(seconds * chance.uniform(0.8, 1.5))
                end_database(ground)
                kill_service(ground, service, chance)
            clients.stop()
            powerless_server.lose_power(ground, before, shadow, chance)
            start_database(ground, command)
            powerless_server.wait(ground)
            return verdict(name, Kind.POSTGRESQL, clients, url, keys)
        finally:
            ground.end()
