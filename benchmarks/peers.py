"""What the service is measured against, on the same machine in the same minute: the stores' own single-row commits,
and a Django ModelForm (`benchmarks/peer`).
"""

import http.client
import os
import re
import sqlite3
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from benchmarks.loading import CONNECTIONS
from benchmarks.posting import comment
from benchmarks.service import START_SECONDS, free_port, stop
from tests.support import postgres

ROOT = Path(__file__).resolve().parents[1]
PEER_PYTHON = ROOT / ".venv-peer" / "bin" / "python"
CSRF = "a" * 32
PEER_COOKIE = f"csrftoken={CSRF}"
PEER_FIELD = f"&csrfmiddlewaretoken={CSRF}".encode()
TABLE = "single_rows"
COLUMNS = (
    "id {uuid} PRIMARY KEY, consultation_id {uuid}, version_id {uuid}, channel VARCHAR(40), token VARCHAR(64) UNIQUE,"
    " receipt_number VARCHAR(20) UNIQUE, access_code_hash {bytes}, received_at {instant}, title VARCHAR(200),"
    " comment TEXT, occupation VARCHAR(40), fingerprint VARCHAR(64), state VARCHAR(40), revision INTEGER,"
    " person_index {bytes}, name {bytes}, id_number {bytes}, phone {bytes}, email {bytes}"
)
SEALED = {"name": 45, "id_number": 54, "phone": 47, "email": 60}
"""Bytes of the sealed fields, about as the service seals them."""


@contextmanager
def table(url: str) -> Iterator[None]:
    """The table of single rows in a PostgreSQL database."""
    columns = COLUMNS.format(uuid="UUID", bytes="BYTEA", instant="TIMESTAMPTZ")
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(f"CREATE TABLE {TABLE} ({columns})".encode())
        connection.execute(f"CREATE INDEX ON {TABLE} (consultation_id, state, received_at, id)".encode())
        yield


def pgbench(url: str, seconds: int, place: Path) -> float:
    """Single-row commits per second of CONNECTIONS clients, by prepared statements."""
    binaries = postgres.programs()
    assert binaries is not None
    script = place / "insert.sql"
    script.write_text(_insert(), encoding="utf-8")
    values = {"title": "关于停车的意见", "comment": comment(1), "place": str(uuid.UUID(int=1))}
    values |= {name: "\\x" + "5a" * size for name, size in SEALED.items()}
    given = [part for name, value in values.items() for part in ("-D", f"{name}={value}")]
    size = ["-n", "-c", str(CONNECTIONS), "-j", "2", "-T", str(seconds), "-M", "prepared"]
    command = [binaries / "pgbench", *size, *given, "-f", script, plain(url)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - a program of our own
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found is not None
    return float(found[1])


def _insert() -> str:
    sealed = ", ".join(f"CAST(:{name} AS bytea)" for name in SEALED)
    return (
        f"INSERT INTO {TABLE} VALUES (gen_random_uuid(), CAST(:place AS uuid), CAST(:place AS uuid), 'web',"  # noqa: S608 - of our own constants
        " replace(CAST(gen_random_uuid() AS text), '-', ''), substr(CAST(gen_random_uuid() AS text), 1, 20),"
        " decode(md5(CAST(random() AS text)), 'hex'), now(), :title, :comment, '其他',"
        f" md5(CAST(random() AS text)) || md5(CAST(random() AS text)), 'received', 1, '\\x0011223344', {sealed});\n"
    )


def sqlite_rows(seconds: int, place: Path) -> float:
    """Single-row commits per second of one writer, in WAL with synchronous=FULL as the service has it."""
    with closing(sqlite3.connect(place / "rows.sqlite3", isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        columns = COLUMNS.format(uuid="CHAR(32)", bytes="BLOB", instant="DATETIME")
        connection.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} ({columns})")
        wanted = f"{TABLE} (consultation_id, state, received_at, id)"
        connection.execute(f"CREATE INDEX IF NOT EXISTS single_rows_queue ON {wanted}")
        marks = ", ".join("?" * len(_row(0)))
        statement = f"INSERT INTO {TABLE} VALUES ({marks})"  # noqa: S608 - of our own constants
        begun, done = time.perf_counter(), 0
        while time.perf_counter() - begun < seconds:
            row = _row(done)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(statement, row)
            connection.execute("COMMIT")
            done += 1
        return done / (time.perf_counter() - begun)


def _row(number: int) -> tuple[object, ...]:
    place, own = uuid.UUID(int=1).hex, uuid.uuid4().hex
    words = ("关于停车的意见", comment(number % 100), "其他")
    sealed = [b"Z" * size for size in SEALED.values()]
    at = datetime.now(UTC).isoformat()
    head = (own, place, place, "web", own, own[:20], b"Z" * 32, at, *words, own * 2, "received", 1)
    return (*head, b"Z" * 16, *sealed)


def peer_missing() -> str | None:
    """Why Django isn't measured here; None where it is."""
    return None if PEER_PYTHON.exists() else "no .venv-peer: `make bench` makes it from requirements/peer.lock"


@contextmanager
def django(url: str, workers: int) -> Iterator[tuple[str, int]]:
    """The peer's address and its process."""
    port = free_port()
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PEER_DATABASE": url, "LC_ALL": "C.UTF-8"}
    create = [PEER_PYTHON, "-m", "benchmarks.peer.site", "create"]
    subprocess.run(create, check=True, env=variables, cwd=ROOT)  # noqa: S603 - a command of ours
    size = ["--workers", str(workers), "--blocking-threads", "8", "--backpressure", "64"]
    command = [
        PEER_PYTHON.with_name("granian"),
        *("--interface", "wsgi", "--port", str(port), "--no-log", *size),
        "benchmarks.peer.site:application",
    ]
    process = subprocess.Popen(command, env=variables, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 - a command of ours
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        stop(process)


def _wait(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError("the peer did not start")


def rows_of_peer(url: str) -> int:
    with psycopg.connect(plain(url)) as connection:
        found = connection.execute("SELECT count(*) FROM peer_submission").fetchone()
    return int(found[0]) if found else 0


def plain(url: str) -> str:
    """As PostgreSQL's own programs take it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def room() -> Iterator[Path]:
    """A folder for what the measures write down, on a disk."""
    with tempfile.TemporaryDirectory(prefix="yanlu-bench-") as place:
        yield Path(place)
