"""Web and worker, and a department's program, as children of one process: it ends when any ends, and leaves none."""

import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event

from app.cli.terminal import complain
from app.config import Settings

COMMANDS = ("serve", "worker")
PLAYED = ("mock-department", "--feed")
READY_SECONDS = 240
STOP_SECONDS = 25
POLL_SECONDS = 0.2
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # what listens everywhere is reached here

Child = subprocess.Popen[bytes]


class ChildEnded(Exception):
    """A child ended by itself, or wasn't ready in time; the message is one line."""


def run_together(settings: Settings, log: Path, when_ready: Callable[[], None], played: str | None = None) -> int:
    """Runs web and worker until SIGINT, SIGTERM or SIGHUP; calls `when_ready` once the web side answers.

    With `played`, the key of a department, a program that acknowledges and answers for it runs from then on.
    All write to `log`. Answers 0 when it was asked to stop, 1 when a child ended by itself; either way all are gone.
    """
    asked = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.set())
    children: dict[str, Child] = {}
    try:
        with log.open("wb") as file:
            for command in COMMANDS:
                children[command] = _start([command], settings, file.fileno())
            _wait_ready(settings, children, asked)
            if played and not asked.is_set():
                given = {"MOCK_KEY": played, "MOCK_URL": f"{_here(settings)}{settings.base_path}/api/v1"}
                children[PLAYED[0]] = _start(PLAYED, settings, file.fileno(), given)
        if not asked.is_set():
            when_ready()
        while not asked.wait(POLL_SECONDS):
            _refuse_ended(children)
    except ChildEnded as error:
        complain(f"{error}: {_last_line(log)} (the whole log is {log})")
        return 1
    finally:
        _stop(list(children.values()))
    return 0


def _here(settings: Settings) -> str:
    host = EVERYWHERE.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _start(command: Sequence[str], settings: Settings, log: int, given: Mapping[str, str] | None = None) -> Child:
    parent, prctl = os.getpid(), _prctl()

    def die_with_parent() -> None:
        if prctl is not None:
            prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(  # noqa: S603  # our own interpreter with our own words
        [sys.executable, "-P", "-m", "app.cli", *command],
        env={**os.environ, "YANLU_ENVIRONMENT": settings.environment.value, **(given or {})},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        preexec_fn=die_with_parent,  # noqa: PLW1509  # safe here: this process has one thread
    )


def _prctl() -> Callable[[int, int], int] | None:
    """Linux alone can end a child with its parent; elsewhere only a killed parent leaves its children running."""
    return ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def _wait_ready(settings: Settings, children: dict[str, Child], asked: Event) -> None:
    until = time.monotonic() + READY_SECONDS
    while not _answers(settings):
        if asked.wait(POLL_SECONDS):
            return
        _refuse_ended(children)
        if time.monotonic() > until:
            raise ChildEnded(f"the web side was not ready after {READY_SECONDS} seconds")


def _answers(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(EVERYWHERE.get(settings.host, settings.host), settings.port, timeout=5)
    try:
        # A name that is always trusted, whatever the settings say of others.
        connection.request("GET", f"{settings.base_path}/readyz", headers={"Host": "127.0.0.1"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _refuse_ended(children: dict[str, Child]) -> None:
    for command, child in children.items():
        if child.poll() is not None:
            raise ChildEnded(f"yanlu {command} ended with exit code {child.returncode}")


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "it wrote nothing")


def _stop(children: Sequence[Child]) -> None:
    for child in children:
        child.terminate()
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
