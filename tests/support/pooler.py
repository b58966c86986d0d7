"""PgBouncer before a test's PostgreSQL, in transaction mode, by the configuration that is shipped in `deploy/ha`.

With `YANLU_TEST_POOLER=1` every test on PostgreSQL goes through it. A server connection is thrown away after a single
transaction, so that whatever a session was to keep from one to the next is lost every time.
"""

import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import URL

from tests.support.postgres import unprivileged

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "ha"
PROGRAM = shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin:/usr/bin")
START_SECONDS = 60
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)


def asked() -> bool:
    """Whether the tests on PostgreSQL are to go through the pooler."""
    return bool(os.environ.get("YANLU_TEST_POOLER"))


def role_settings(role: str) -> list[str]:
    """What `deploy/ha/role.sql` gives the service's role, for another role."""
    lines = (SHIPPED / "role.sql").read_text().splitlines()
    return [line.replace(" yanlu ", f" {role} ") for line in lines if line.startswith("ALTER ROLE yanlu SET")]


@contextmanager
def pooled(server: URL) -> Iterator[int]:
    """The pooler's port on 127.0.0.1. Whoever may reach the server by `server` reaches it through that port too.

    The shipped file but for where the server is, who may come (the test server trusts everybody) and `server_lifetime`.
    """
    # Not in pytest's own folders, which are closed to other users.
    with TemporaryDirectory(prefix="yanlu-pooler-", dir="/tmp") as folder, _running(server, Path(folder)) as port:
        yield port


@contextmanager
def _running(server: URL, folder: Path) -> Iterator[int]:
    assert PROGRAM
    port = _free_port()
    (folder / "pgbouncer.ini").write_text(_configuration(server, folder, port))
    (folder / "userlist.txt").write_text(f'"{server.username}" "{server.password or ""}"\n')
    identity = _unprivileged(folder)
    with (folder / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, folder / "pgbouncer.ini"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - called before any thread of ours exists
            **identity,
        )
    try:
        _wait(process, port, folder)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)  # at once: 1.18 drops its clients
        process.wait(timeout=START_SECONDS)


def _configuration(server: URL, folder: Path, port: int) -> str:
    shipped = Template((SHIPPED / "pgbouncer.ini").read_text()).substitute(DATA=folder)
    host, number = server.query.get("host", server.host), server.port or 5432
    changed = {
        r"yanlu = .*": f"* = host={host} port={number}",
        r"listen_port = .*": f"listen_port = {port}",
        r"auth_type = .*": "auth_type = trust",
        r"server_lifetime = .*": "server_lifetime = 0",
    }
    for line, instead in changed.items():
        shipped, found = re.subn(rf"(?m)^{line}$", instead, shipped)
        assert found == 1, line
    return shipped


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PgBouncer doesn't run as root either; the server's folder is open to the server's user alone."""
    user = unprivileged()
    if os.geteuid() or user is None:
        return {}
    for path in (folder, *folder.iterdir()):
        os.chown(path, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"PgBouncer did not start:\n{(folder / 'pgbouncer.log').read_text()[-2000:]}")
