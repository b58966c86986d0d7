"""What is done to the processes of one machine while comments come in. Each is over when the function returns."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import make_url

from benchmarks.processes import tree
from benchmarks.service import YANLU, Kind, Service

FILLER = "filler"
BOTH = tuple(Kind)
ONLY_POSTGRESQL = (Kind.POSTGRESQL,)


@dataclass
class Ground:
    """One store with what is begun besides the service. `disk` is where the store's files lie."""

    url: str
    disk: Path
    started: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def end(self) -> None:
        """What was started here, ends."""
        for process in self.started:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
        self.started.clear()

    @property
    def server(self) -> Path:
        """PostgreSQL's data folder."""
        return Path(str(make_url(self.url).query["host"])) / "data"


@dataclass(frozen=True)
class Fault:
    name: str
    strike: Callable[[Ground, Service, random.Random], None]
    kinds: tuple[Kind, ...] = BOTH
    small_disk: bool = False


def kill_worker(_: Ground, service: Service, chance: random.Random) -> None:
    """Its parent starts another one."""
    tell(chance.choice(tree(service.process.pid)[1:]), signal.SIGKILL)


def pause_worker(_: Ground, service: Service, chance: random.Random) -> None:
    worker = chance.choice(tree(service.process.pid)[1:])
    tell(worker, signal.SIGSTOP)
    time.sleep(chance.uniform(0.5, 2))
    tell(worker, signal.SIGCONT)


def kill_service(_: Ground, service: Service, __: random.Random) -> None:
    """The whole of it, parent first; the next round starts another."""
    for pid in tree(service.process.pid):
        tell(pid, signal.SIGKILL)
    service.process.wait()


def kill_database(ground: Ground, _: Service, chance: random.Random) -> None:
    """PostgreSQL dies with all its processes, is away for a moment, and starts again with a recovery."""
    command = database_command(ground)
    end_database(ground)
    time.sleep(chance.uniform(0.2, 1.5))
    start_database(ground, command)


def crash_database(ground: Ground, _: Service, chance: random.Random) -> None:
    """One server process dies; PostgreSQL ends all others and recovers by itself."""
    tell(chance.choice(tree(postmaster(ground))[1:]), signal.SIGKILL)


def fill_disk(ground: Ground, _: Service, chance: random.Random) -> None:
    """Nothing can be written for a moment; then there is room again. A server that gave up is started again."""
    command = database_command(ground)
    filler = ground.disk / FILLER
    with filler.open("wb") as file:
        _write_until_full(file.fileno())
    time.sleep(chance.uniform(1, 3))
    filler.unlink()
    time.sleep(0.5)
    if command and not _is_running(ground):
        start_database(ground, command)


def kill_background(_: Ground, service: Service, chance: random.Random) -> None:
    """`yanlu worker` dies while it numbers and seals what comes in."""
    variables = Path(f"/proc/{service.process.pid}/environ").read_bytes().rstrip(b"\0").decode().split("\0")
    environ = dict(line.split("=", 1) for line in variables)
    for _turn in range(3):
        worker = subprocess.Popen(
            [sys.executable, "-m", YANLU, "worker"], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(2, 5))
        worker.kill()
        worker.wait()


FAULTS = (
    Fault("one process of the service killed", kill_worker),
    Fault("one process stopped and continued", pause_worker),
    Fault("the whole service killed and started again", kill_service),
    Fault("the background worker killed", kill_background),
    Fault("the database killed and started again", kill_database, ONLY_POSTGRESQL),
    Fault("a process of the database killed", crash_database, ONLY_POSTGRESQL),
    Fault("the disk full for a while", fill_disk, BOTH, small_disk=True),
)


def tell(pid: int, number: signal.Signals) -> None:
    """The signal, unless the process has just ended."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


@contextmanager
def small_disk(place: Path, mebibytes: int) -> Iterator[Path]:
    """A file system of its own in memory; needs root."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=755", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _write_until_full(descriptor: int) -> None:
    block = bytes(65536)
    try:
        while os.write(descriptor, block):
            pass
    except OSError:
        return


def postmaster(ground: Ground) -> int:
    """The process of PostgreSQL that started the others."""
    return int((ground.server / "postmaster.pid").read_text().split()[0])


def end_database(ground: Ground) -> None:
    """SIGKILL for all its processes.

    The first is our child: as long as nobody has asked how it ended, it stands in the way of a server in its place.
    """
    first = postmaster(ground)
    for pid in tree(first):
        tell(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(first, 0)
    ground.started = [process for process in ground.started if process.poll() is None]


def database_command(ground: Ground) -> list[str]:
    """Empty where the store is a file."""
    if make_url(ground.url).get_backend_name() == "sqlite":
        return []
    return Path(f"/proc/{postmaster(ground)}/cmdline").read_bytes().rstrip(b"\0").decode().split("\0")


def _is_running(ground: Ground) -> bool:
    try:
        return Path(f"/proc/{postmaster(ground)}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, ValueError, IndexError):
        return False


def start_database(ground: Ground, command: Sequence[str], also: Mapping[str, str] = MappingProxyType({})) -> None:
    """PostgreSQL with the command line that it had; `also` are further variables of its processes."""
    owner = ground.server.stat()
    with (ground.server.parent / "log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=ground.server.parent,
            user=owner.st_uid,
            group=owner.st_gid,
            extra_groups=[],
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **also},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    ground.started.append(process)
