"""The PostgreSQL of the tests: alone, durable, of the right locale, and gone with the process that started it."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.support import postgres
from tests.support.parts import ROOT

pytestmark = pytest.mark.postgres

OWNER = """
import sys
from pathlib import Path
from tests.support.postgres import server

with server() as url:
    folder = Path(url.query["host"])
    print(folder, (folder / "data/postmaster.pid").read_text().split()[0], flush=True)
    sys.stdin.readline()
"""


def _show(url: str, name: str) -> str:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        row = connection.execute(f"SHOW {name}".encode()).fetchone()
        assert row
        return str(row[0])


@pytest.mark.parametrize(("name", "value"), [("fsync", "on"), ("server_encoding", "UTF8"), ("lc_ctype", "C.UTF-8")])
def test_it_keeps_what_it_commits_and_knows_chinese(postgres_url: str, name: str, value: str) -> None:
    assert _show(postgres_url, name) == value


def test_it_is_reached_through_its_own_folder_only(postgres_databases: postgres.Databases) -> None:
    url = postgres_databases.create()
    if postgres.given() is None:
        assert _show(url, "listen_addresses") == ""
    postgres_databases.drop(url)
    with pytest.raises(psycopg.OperationalError):
        _show(url, "fsync")


def test_each_database_is_new(postgres_databases: postgres.Databases) -> None:
    first, second = postgres_databases.create(), postgres_databases.create()
    assert first != second
    postgres_databases.drop(first)
    postgres_databases.drop(second)


def test_a_database_in_use_is_dropped_too(postgres_databases: postgres.Databases) -> None:
    url = postgres_databases.create()
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        postgres_databases.drop(url)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def _owner() -> tuple[subprocess.Popen[str], Path, int]:
    env = {name: value for name, value in os.environ.items() if name != "YANLU_TEST_POSTGRES_URL"}
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert owner.stdout
    folder, _, pid = owner.stdout.readline().partition(" ")
    return owner, Path(folder), int(pid)


def _ended(descriptor: int) -> bool:
    """Whether the process has ended, waiting for it (pidfd_open(2))."""
    try:
        return bool(select.select([descriptor], [], [], postgres.START_SECONDS)[0])
    finally:
        os.close(descriptor)


@pytest.mark.skipif(postgres.programs() is None, reason="a server elsewhere is not ours to stop")
class TestItsEnd:
    def test_nothing_is_left_after_the_tests(self) -> None:
        owner, folder, pid = _owner()
        server = os.pidfd_open(pid)
        owner.communicate("\n", timeout=postgres.START_SECONDS)
        assert owner.returncode == 0
        assert _ended(server)
        assert not folder.exists()

    def test_it_dies_with_tests_that_are_killed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("YANLU_TEST_POSTGRES_URL", raising=False)
        owner, folder, pid = _owner()
        server = os.pidfd_open(pid)
        owner.send_signal(signal.SIGKILL)
        owner.communicate(timeout=postgres.START_SECONDS)
        assert _ended(server)
        with postgres.server():
            assert not folder.exists()
