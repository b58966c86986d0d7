"""Runs a program on somebody's file so that it can hang, crash or eat memory without harming anything else.

Started as a program by its path it takes time, memory, disk and network away from itself and then becomes the program
it was given; limits and the empty network pass to whatever that one starts. It imports only the standard library.
"""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_NEW_NETWORK = 0x40000000
_NEW_USER = 0x10000000
_MEGABYTE = 1024 * 1024
_PLAIN_SURROUNDINGS = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of waiting and of CPU; megabytes of address space a process; megabytes of each file written."""

    seconds: int
    megabytes: int
    file_megabytes: int = 64


class TimeIsUpError(Exception):
    """The program was killed at the limit of time, of waiting or of CPU."""


class CrashedError(Exception):
    """The program ended by itself, not well: by a signal or another code than 0."""


def run_confined(
    program: Sequence[str],
    folder: Path,
    limits: Limits,
    *,
    content: bytes = b"",
    extra: Mapping[str, str] | None = None,
) -> bytes:
    """What a program prints, having read `content`, in a session and with an environment of its own.

    The working directory, HOME and TMPDIR are `folder`, which must be there and empty of secrets. At its end or at
    the limit the whole process group is killed, and no other. What is printed is bounded by the limit of files.
    Raises TimeIsUpError or CrashedError.
    """
    stdin, stdout = folder / ".stdin", folder / ".stdout"
    stdin.write_bytes(content)
    surroundings = {**_PLAIN_SURROUNDINGS, "HOME": str(folder), "TMPDIR": str(folder), **(extra or {})}
    numbers = map(str, (limits.seconds, limits.megabytes, limits.file_megabytes))
    with stdin.open("rb") as reading, stdout.open("wb") as writing:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", __file__, *numbers, *program],
            stdin=reading,
            stdout=writing,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=surroundings,
            start_new_session=True,
        )
    code = _wait(process, limits.seconds)
    if code == -signal.SIGXCPU:
        raise TimeIsUpError
    if code != 0:
        raise CrashedError(code)
    return stdout.read_bytes()


def _wait(process: subprocess.Popen[bytes], seconds: int) -> int:
    """Ends the whole group when its leader ended or time is up, whatever it left running.

    The leader is waited for without being reaped, so that the group's number can't pass to anybody else before.
    """
    leader = threading.Thread(target=os.waitid, args=(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT), daemon=True)
    try:
        leader.start()
        leader.join(seconds)
        in_time = not leader.is_alive()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        leader.join()
        code = process.wait()
    if not in_time:
        raise TimeIsUpError
    return code


def confine(limits: Limits) -> None:
    """Takes resources away from this process for good; raising them again is not possible."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    for kind, megabytes in ((resource.RLIMIT_AS, limits.megabytes), (resource.RLIMIT_FSIZE, limits.file_megabytes)):
        resource.setrlimit(kind, (megabytes * _MEGABYTE, megabytes * _MEGABYTE))


def leave_network() -> bool:
    """Moves this process into a network without any interface; False where the system doesn't allow it."""
    library = ctypes.CDLL(None, use_errno=True)
    return any(library.unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK))


def main(arguments: Sequence[str]) -> None:
    seconds, megabytes, file_megabytes = map(int, arguments[:3])
    leave_network()
    confine(Limits(seconds, megabytes, file_megabytes))
    os.execvp(arguments[3], list(arguments[3:]))  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
