"""Power loss under PostgreSQL: its folder is put back to what was synced, and it has to recover from that."""

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from chaos import powerless
from chaos.faults import Ground, database_command, postmaster, start_database

PATIENCE = 120
NOT_KEPT = ("postmaster.pid", "postmaster.opts")


def begin(ground: Ground, before: Path, shadow: Path, *, syncs: bool = True) -> list[str]:
    """Stops the server in order, keeps its folder in `before` and starts it with a disk that forgets. Its command."""
    command, pid = database_command(ground), postmaster(ground)
    ground.end()
    _stop(pid)
    subprocess.run(["cp", "-a", str(ground.server), str(before)], check=True)
    shadow.mkdir(mode=0o777)
    shadow.chmod(0o777)
    unsynced = [] if syncs else ["-c", "fsync=off"]
    start_database(ground, [*command, *unsynced], powerless.variables(ground.server, shadow))
    wait(ground)
    return command


def lose_power(ground: Ground, before: Path, shadow: Path, chance: random.Random) -> None:
    """Puts the folder together that the disk holds. The server has been killed."""
    for kept in shadow.iterdir():
        file = before / kept.name.replace("%", "/")
        if file.parent.is_dir():  # what is in folders that were removed in order is gone
            file.write_bytes(kept.read_bytes())
    for file in [file for file in before.rglob("*") if file.is_file()]:
        seen = ground.server / file.relative_to(before)
        if file.name not in NOT_KEPT and seen.is_file():
            file.write_bytes(powerless.torn(seen.read_bytes(), file.read_bytes(), chance))
    owner = ground.server.stat()
    shutil.rmtree(ground.server)
    before.rename(ground.server)
    for file in [ground.server, *ground.server.rglob("*")]:
        shutil.chown(file, owner.st_uid, owner.st_gid)


def wait(ground: Ground) -> None:
    """Returns when the server answers. Raises TimeoutError with the end of its log when it doesn't."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            psycopg.connect(host=str(ground.server.parent), user="yanlu", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError((ground.server.parent / "log").read_text()[-2000:])


def _stop(pid: int) -> None:
    """Fast shutdown, with a checkpoint; the process may be a child of ours, and is then left as a zombie."""
    stat = Path(f"/proc/{pid}/stat")
    subprocess.run(["kill", f"-{signal.SIGINT.value}", str(pid)], check=True)
    until = time.monotonic() + PATIENCE
    while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z":
        if time.monotonic() > until:
            raise TimeoutError("PostgreSQL did not stop")
        time.sleep(0.05)
