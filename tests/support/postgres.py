"""A PostgreSQL of the tests' own, started when the first test asks for a database.

One per test process, in a folder of its own, reachable through a socket in that folder only. It dies with the process
that started it, however that ends. `YANLU_TEST_POSTGRES_URL` names a server to use instead, by a user who may create
databases; `YANLU_TEST_POSTGRES_BIN` the folder of another version's programs.

Tests work as a role that is no superuser, as the service does in production: row-level security binds it.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

from tests.support.template import migrate

START_SECONDS = 60
FOLDER = "yanlu-postgres-"
MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 2**30
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)
FAST_SHUTDOWN = signal.SIGINT  # postgresql.org/docs/current/server-shutdown.html
CONFIGURATION = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "128MB",
    "dynamic_shared_memory_type": "mmap",  # in the folder, so that all goes with it
    "timezone": "UTC",
}


def missing() -> str | None:
    """Why no server can be had here, and how to change that; None where one can."""
    if given() is not None:
        return None
    if programs() is None:
        return "no PostgreSQL: apt-get install postgresql, or name a server in YANLU_TEST_POSTGRES_URL"
    if os.geteuid() == 0 and unprivileged() is None:
        return "PostgreSQL refuses to run as root and there is no user postgres or nobody: run as another user"
    return None


def given() -> URL | None:
    url = os.environ.get("YANLU_TEST_POSTGRES_URL")
    return make_url(url).set(drivername="postgresql+psycopg") if url else None


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`: the newest that Debian has, or the one in PATH."""
    if named := os.environ.get("YANLU_TEST_POSTGRES_BIN"):
        return Path(named) if (Path(named) / "initdb").exists() else None
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    found = shutil.which("initdb")
    # What PATH names may be a link out of the folder that holds the other programs.
    return installed[-1].parent if installed else Path(found).resolve().parent if found else None


def unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server where the tests run as root."""
    users = {user.pw_name: user for user in pwd.getpwall()}
    return users.get("postgres") or users.get("nobody")


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, FAST_SHUTDOWN)


@contextmanager
def server(place: Path | None = None, changed: Mapping[str, str] = MappingProxyType({})) -> Iterator[URL]:
    """The URL of a running server's maintenance database.

    Its files lie in memory where there is room, or in `place`; `changed` has other values for CONFIGURATION.
    """
    if url := given():
        yield url
        return
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER}{os.getpid()}-", dir=place or _place()))
    try:
        with _running(folder, {**CONFIGURATION, **changed}):
            yield URL.create("postgresql+psycopg", "yanlu", database="postgres", query={"host": str(folder)})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place() -> Path:
    """Memory where there is enough of it: a new database costs a tenth there of what it costs on a disk.

    Otherwise /tmp itself: a socket's path has 107 characters, and pytest's own folders are closed to other users.
    """
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY
    return MEMORY if roomy else Path("/tmp")


def _sweep() -> None:
    """Removes what test processes left that were killed: their servers died with them."""
    for folder in _place().glob(f"{FOLDER}*-*"):
        if not Path("/proc", folder.name.removeprefix(FOLDER).partition("-")[0]).exists():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(folder: Path, configuration: Mapping[str, str]) -> Iterator[None]:
    binaries = programs()
    assert binaries
    identity: dict[str, Any] = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}}
    if os.geteuid() == 0 and (user := unprivileged()):
        identity |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    cluster: list[str | Path] = [
        "-D",
        data,
        "-U",
        "yanlu",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    subprocess.run([binaries / "initdb", *cluster], check=True, stdout=subprocess.DEVNULL, **identity)
    options = [f"-c{name}={value}" for name, value in configuration.items()]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the tests: they stop the server when they are done
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - called before any thread of ours exists
            **identity,
        )
    try:
        _wait(process, folder)
        yield
    finally:
        process.send_signal(FAST_SHUTDOWN)
        process.wait(timeout=START_SECONDS)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(host=str(folder), user="yanlu", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()[-2000:]}")


class Databases:
    """Makes and drops databases on one server; every new one is a copy of a template migrated once.

    They belong to a role of their own where the server's user is a superuser, and else to that user.
    """

    def __init__(self, maintenance: URL) -> None:
        self._maintenance = maintenance
        self._owner = self._plain_role()
        self._template = self._new_name()
        self._made: set[str] = set()
        kind = f"ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0 OWNER {self._owner.username}"
        self._execute(f"CREATE DATABASE {self._template} {kind}")
        migrate(self._url(self._template))

    @property
    def maintenance(self) -> str:
        """The URL of a database in which others may be made."""
        return self._maintenance.render_as_string(hide_password=False)

    @property
    def owner(self) -> URL:
        """How the role connects that owns every database made here."""
        return self._owner

    def go_through(self, port: int) -> None:
        """From now on URLs lead to a pooler on 127.0.0.1; making and dropping databases doesn't go through it."""
        self._owner = self._owner.set(host="127.0.0.1", port=port, query={})

    def alter(self, statements: list[str]) -> None:
        """By the server's own user, once for all databases."""
        for statement in statements:
            self._execute(statement)

    def create(self, like: str | None = None) -> str:
        """The URL of a new database: migrated and empty, or a copy of the one at `like`, which nobody may be using."""
        name = self._new_name()
        template = make_url(like).database if like else self._template
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {self._owner.username}")
        self._made.add(self._url(name))
        return self._url(name)

    def drop(self, url: str) -> None:
        """Drops the database, whoever is still connected to it."""
        self._execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")
        self._made.discard(url)

    def close(self) -> None:
        for url in (*self._made, self._url(self._template)):
            self.drop(url)
        if self._owner.username != self._maintenance.username:
            self._execute(f"DROP ROLE {self._owner.username}")

    def _plain_role(self) -> URL:
        """Who owns the databases, and how it connects."""
        if self._answer("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is not True:
            return self._maintenance
        name = self._new_name()
        self._execute(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{name}'")
        return self._maintenance.set(username=name, password=name)

    def _new_name(self) -> str:
        return f"yanlu_test_{uuid.uuid4().hex}"

    def _url(self, name: str) -> str:
        return self._owner.set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._address(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _answer(self, query: str) -> Any:
        with psycopg.connect(self._address()) as connection:
            row = connection.execute(query.encode()).fetchone()
            return row[0] if row else None

    def _address(self) -> str:
        return self._maintenance.set(drivername="postgresql").render_as_string(hide_password=False)
