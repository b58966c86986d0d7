"""A running demonstration: web and worker start together, and nothing of them outlives the command."""

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
SECONDS = 120


@dataclass
class Running:
    process: "subprocess.Popen[str]"
    port: int
    printed: list[str]
    children: list[int]


def get(port: int, path: str, **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "app.cli", *arguments]


def settings(var_dir: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "YANLU_VAR_DIR": str(var_dir), **more}


@contextmanager
def demonstration(var_dir: Path, *arguments: str, **more: str) -> Iterator[Running]:
    """Started and ready; ended by force at the end if the test hasn't ended it."""
    port = free_port()
    process = subprocess.Popen(
        command("demo", *arguments),
        env=settings(var_dir, YANLU_PORT=str(port), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    printed: list[str] = []
    try:
        for line in process.stdout:
            printed.append(line)
            if line.startswith("Ctrl-C"):
                break
        assert printed, "it ended without a word"
        assert printed[-1].startswith("Ctrl-C"), printed
        yield Running(process, port, printed, children_of(process.pid))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def name_of(pid: int) -> str:
    """Which of our commands it is."""
    return command_of(pid).partition(" app.cli ")[2].split()[0]


def assert_ends(pids: list[int]) -> None:
    """Waits on handles of the processes themselves, so that a number used again can't be mistaken for one of them."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            ready, _, _ = select.select([handle], [], [], SECONDS)
            assert ready, command_of(pid)
        finally:
            os.close(handle)


@pytest.mark.parametrize(
    ("number", "base"), [(signal.SIGTERM, ""), (signal.SIGINT, "/yijian")], ids=["SIGTERM", "SIGINT, base path"]
)
def test_it_serves_what_it_prints_and_stops_with_all_its_processes(
    tmp_path: Path, number: signal.Signals, base: str
) -> None:
    with demonstration(tmp_path / "var", YANLU_BASE_PATH=base) as running:
        assert sorted(map(name_of, running.children)) == ["mock-department", "serve", "worker"]
        assert get(running.port, f"{base}/readyz")[0] == 200
        printed = "".join(running.printed)
        here = re.escape(f"http://127.0.0.1:{running.port}")
        public = re.search(rf"public address: {here}(\S+)", printed)
        staff = re.search(rf"staff address: {here}(\S+)", printed)
        api = re.search(rf'curl -H "Authorization: (Bearer \S+)" {here}(\S+)', printed)
        assert public and staff and api  # noqa: PT018
        status, page = get(running.port, public[1])
        assert (status, "步行和骑行" in page.decode()) == (200, True)
        assert get(running.port, staff[1])[0] == 200
        status, body = get(running.port, api[2], Authorization=api[1])
        assert (status, json.loads(body)["items"]) == (200, [])
        assert get(running.port, api[2], Authorization="Bearer yl_wrong")[0] == 401
        running.process.send_signal(number)
        assert running.process.wait(timeout=SECONDS) == 0
        assert_ends(running.children)
        with pytest.raises(urllib.error.URLError):
            get(running.port, f"{base}/readyz")


def test_its_children_end_with_it_even_when_it_is_killed(tmp_path: Path) -> None:
    with demonstration(tmp_path / "var") as running:
        running.process.kill()
        running.process.wait()
        assert_ends(running.children)


def test_when_one_process_ends_the_other_is_stopped_and_the_failure_told(tmp_path: Path) -> None:
    with demonstration(tmp_path / "var") as running:
        (worker,) = [pid for pid in running.children if name_of(pid) == "worker"]
        os.kill(worker, signal.SIGKILL)
        assert running.process.wait(timeout=SECONDS) == 1
        assert_ends(running.children)
        assert running.process.stdout is not None
        assert "yanlu: yanlu worker ended with exit code -9" in running.process.stdout.read()


@pytest.fixture
def prepared(tmp_path: Path) -> dict[str, str]:
    """The environment of a service whose database is ready."""
    environment = settings(tmp_path / "var", YANLU_ENVIRONMENT="test", YANLU_PORT=str(free_port()))
    subprocess.run(command("migrate"), env=environment, check=True, stdout=subprocess.DEVNULL)
    return environment


def test_one_side_is_served_alone_and_a_supervisor_ends_it_cleanly(prepared: dict[str, str], tmp_path: Path) -> None:
    """systemd and container engines send SIGTERM, and count another exit code than 0 as a failure."""
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command("serve", "--side", "api,staff"), env=prepared, stdout=log, stderr=log)
    try:
        port = int(prepared["YANLU_PORT"])
        wait_listening(process, port)
        assert get(port, "/consultations")[0] == 404
        assert get(port, "/staff/sign-in")[0] == 200
        assert get(port, "/api/v1/assignments")[0] == 401
        process.terminate()
        assert process.wait(timeout=SECONDS) == 0
    finally:
        process.kill()
        process.wait()


def test_a_supervisor_ends_the_worker_cleanly(prepared: dict[str, str]) -> None:
    process = subprocess.Popen(command("worker"), env=prepared, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        started = process.stderr.readline()
        assert json.loads(started)["event"] == "worker_started", started
        process.terminate()
        events = [json.loads(line)["event"] for line in process.stderr]
        assert events[-1] == "worker_stopped"
        assert process.wait(timeout=SECONDS) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def wait_listening(process: "subprocess.Popen[bytes]", port: int) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except ConnectionRefusedError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
    pytest.fail("it ended instead of listening")
