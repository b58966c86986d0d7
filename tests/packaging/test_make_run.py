"""`make run` hands over to the demonstration as it is: its file, its signals, its end."""

import os
import select
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.machine import Machine

SECONDS = 30
DEMONSTRATION = """#!/bin/bash
trap 'echo stopped; exit 0' TERM
printf '<%s>' "$@"; echo " $$ $PPID"
while :; do read -r -t 1 <>"$WAIT"; done
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder that is set up, whose demonstration tells how it was called and waits."""
    machine = Machine(tmp_path)
    machine.run()
    command = machine.project / ".venv/bin/yanlu"
    command.write_text(DEMONSTRATION)
    command.chmod(0o755)
    os.mkfifo(tmp_path / "wait")
    return machine.project


def _start(project: Path, *words: str) -> subprocess.Popen[str]:
    # What another make says to its own sub-makes is not for this one.
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.Popen(
        ["make", "run", *words],
        cwd=project,
        env=env | {"CALLS": os.devnull, "WAIT": str(project.parent / "wait")},
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    assert select.select([process.stdout], [], [], SECONDS)[0]
    return process.stdout.readline().strip()


@pytest.mark.parametrize(
    ("words", "called"),
    [([], "<demo>"), (["DEMO=/saved pages/征求意见 (1).txt"], "<demo><--page></saved pages/征求意见 (1).txt>")],
)
def test_the_demonstration_gets_the_file_and_the_signal(project: Path, words: list[str], called: str) -> None:
    with _start(project, *words) as make:
        try:
            told, own, parent = _line(make).rsplit(" ", 2)
            ended = os.pidfd_open(int(own))
        finally:
            make.send_signal(signal.SIGTERM)
        out, _ = make.communicate(timeout=SECONDS)
    assert (told, int(parent)) == (called, make.pid)
    assert "stopped" in out
    assert select.select([ended], [], [], SECONDS)[0]
    os.close(ended)
