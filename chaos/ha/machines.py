"""Machines of the drill: network namespaces on one bridge, which lose power or their cable when told to.

Nothing outside of the namespaces made here is touched: no address, no route and no rule of the machine itself. Needs
root and `ip` (iproute2).
"""

import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SUBNET = "10.77.0.0/24"
CLONE_NEWNET = 0x40000000  # setns(2)
BRIDGE = "br0"
PATIENCE = 900
"""Seconds that a command gets on a crowded machine: migrating an empty store takes most of them there."""
MARK = "yanlu-drill-"
"""How the names of all namespaces made here begin; the process's number follows."""
LIBC = ctypes.CDLL(None, use_errno=True)


def ip(*words: str, may_fail: bool = False) -> str:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode and not may_fail:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


@dataclass
class Machine:
    """One namespace with an address and a folder of its own. `logs` holds what its processes said."""

    name: str
    namespace: str
    hub: str
    address: str
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(
        self, name: str, command: Sequence[str], *, user: str | None = None, environ: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[bytes]":
        """A process of this machine, by default root's; it is ended with the machine."""
        if name in self.processes and self.processes[name].poll() is None:
            raise RuntimeError(f"{name} runs on {self.name} already")
        log = (self.folder / f"{name}.log").open("ab")
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.namespace, *_as(user), *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            env={**os.environ, **(environ or {})},
            start_new_session=True,
        )
        log.close()
        self.processes[name] = process
        return process

    def run(
        self,
        command: Sequence[str],
        *,
        user: str | None = None,
        environ: Mapping[str, str] | None = None,
        given: str = "",
    ) -> str:
        """What the command says; RuntimeError with its complaint where it fails."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.namespace, *_as(user), *command],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **(environ or {})},
            timeout=PATIENCE,
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} on {self.name}: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def lose_power(self) -> None:
        """Every process is killed, and none of them says so to anybody: the cable is dead first. `heal` comes before
        the next start."""
        self.cut()
        self.kill_all()

    def kill_all(self, but: str = "") -> None:
        """Every process in the namespace, whoever started it, except those of the program `but`."""
        while pids := [pid for pid in self.pids() if not but or _program(pid) != but]:
            for pid in pids:
                with _gone_already():
                    os.kill(pid, signal.SIGKILL)
            self._bury()
            time.sleep(0.01)
        self._bury()

    def _bury(self) -> None:
        for name, process in list(self.processes.items()):
            if process.poll() is not None:
                del self.processes[name]

    def kill(self, name: str) -> None:
        """One process of the machine loses its life, with what it started."""
        process = self.processes.pop(name)
        with _gone_already():
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def pids(self) -> list[int]:
        return [int(word) for word in ip("netns", "pids", self.namespace, may_fail=True).split()]

    def succeeds(self, command: Sequence[str], *, user: str, environ: Mapping[str, str]) -> bool:
        done = subprocess.run(
            ["ip", "netns", "exec", self.namespace, *_as(user), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            env={**os.environ, **environ},
        )
        return done.returncode == 0

    def cut(self) -> None:
        """The cable is out: packets are lost, nobody is told."""
        ip("-n", self.hub, "link", "set", self.name, "down")

    def heal(self) -> None:
        ip("-n", self.hub, "link", "set", self.name, "up")


@contextmanager
def inside(machine: Machine) -> Iterator[None]:
    """What this thread opens in the block, it opens as a process of that machine would (setns(2) binds one thread)."""
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{machine.namespace}", os.O_RDONLY)
    try:
        _enter(there)
        yield
    finally:
        _enter(own)
        os.close(there)
        os.close(own)


def _enter(namespace: int) -> None:
    if LIBC.setns(namespace, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


@contextmanager
def network(names: Sequence[str], folder: Path) -> Iterator[dict[str, Machine]]:
    """Machines by name, all on one bridge; everything of them is gone afterwards but their folders."""
    sweep()
    mark = f"{MARK}{os.getpid()}"
    hub = f"{mark}-hub"
    machines = {
        name: Machine(name, f"{mark}-{name}", hub, SUBNET.replace("0/24", str(10 + place)), folder / name)
        for place, name in enumerate(names)
    }
    try:
        ip("netns", "add", hub)
        ip("-n", hub, "link", "add", BRIDGE, "type", "bridge")
        ip("-n", hub, "link", "set", BRIDGE, "up")
        for machine in machines.values():
            _plug_in(machine)
        yield machines
    finally:
        with _undisturbed():
            for machine in machines.values():
                machine.kill_all()
            for namespace in (*(machine.namespace for machine in machines.values()), hub):
                ip("netns", "del", namespace, may_fail=True)


def sweep() -> None:
    """Removes the namespaces of drills that were killed themselves, and every process in them."""
    for namespace in (line.split()[0] for line in ip("netns", "list").splitlines() if line.startswith(MARK)):
        drill = namespace.removeprefix(MARK).partition("-")[0]
        if drill.isdigit() and not Path("/proc", drill).exists():
            Machine("", namespace, "", "", Path()).kill_all()
            ip("netns", "del", namespace, may_fail=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C doesn't break off the tidying up."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _program(pid: int) -> str:
    try:
        return Path("/proc", str(pid), "comm").read_text().strip()
    except OSError:
        return ""


def _plug_in(machine: Machine) -> None:
    machine.folder.mkdir(parents=True, exist_ok=True)
    inside = machine.namespace
    ip("netns", "add", inside)
    ip("-n", inside, "link", "set", "lo", "up")
    ip("-n", machine.hub, "link", "add", machine.name, "type", "veth", "peer", "name", "eth0", "netns", inside)
    ip("-n", machine.hub, "link", "set", machine.name, "master", BRIDGE, "up")
    ip("-n", inside, "address", "add", f"{machine.address}/24", "dev", "eth0")
    ip("-n", inside, "link", "set", "eth0", "up")


def _as(user: str | None) -> list[str]:
    if user is None:
        return []
    row = pwd.getpwnam(user)
    return ["setpriv", f"--reuid={row.pw_uid}", f"--regid={row.pw_gid}", "--clear-groups"]


@contextmanager
def _gone_already() -> Iterator[None]:
    try:
        yield
    except ProcessLookupError:
        return
