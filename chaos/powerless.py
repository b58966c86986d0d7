"""Power loss: what was never synced is gone, or half of it is."""

import os
import random
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECTOR = 512
HERE = Path(__file__).parent


@contextmanager
def preloaded(folder: Path, shadow: Path) -> Iterator[None]:
    """Processes that are started in the block keep in `shadow` what was synced of the files of `folder`."""
    given = variables(folder, shadow)
    os.environ.update(given)
    try:
        yield
    finally:
        for name in given:
            del os.environ[name]


def variables(folder: Path, shadow: Path) -> dict[str, str]:
    """Of a process that is to keep in `shadow` what was synced of the files of `folder`. The library is built there."""
    built = shadow.with_suffix(".so")
    command = ["gcc", "-shared", "-fPIC", "-O2", "-o", str(built), str(HERE / "powerloss.c"), "-ldl"]
    subprocess.run(command, check=True)
    return {"LD_PRELOAD": str(built), "CHAOS_STORE": str(folder.resolve()), "CHAOS_SHADOW": str(shadow)}


def settle(file: Path) -> None:
    """Everything stands in the file itself, nothing in its log."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def lose_power(file: Path, shadow: Path, chance: random.Random) -> None:
    """What the disk holds. Of the sectors that differ from what was synced, each one got there or did not."""
    for name in (file.name, file.name + "-wal"):
        seen, kept = file.with_name(name), shadow / name
        written = seen.read_bytes() if seen.exists() else b""
        synced = kept.read_bytes() if kept.exists() else b""
        seen.write_bytes(torn(written, synced, chance))
    file.with_name(file.name + "-shm").unlink(missing_ok=True)


def torn(written: bytes, synced: bytes, chance: random.Random) -> bytes:
    """As long as `synced`, every sector of it either as it was synced or as it was written since."""
    sectors = range(0, len(synced), SECTOR)
    pairs = ((synced[at : at + SECTOR], written[at : at + SECTOR]) for at in sectors)
    return b"".join(new if len(new) == len(old) and chance.random() < 0.5 else old for old, new in pairs)
