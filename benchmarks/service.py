"""The service as it runs in production, for programs that measure or trouble it from outside.

    with store(Kind.POSTGRESQL) as url, serving(url, workers=2) as service:
        poster = Poster(service.secrets, service.target)
        ...
        assert count(url) == accepted

Everything is on: captcha, audit, sealing, outbox. Clients are told apart by `X-Forwarded-For`, because loopback is a
trusted proxy here. The service says what it logs to `service.log`.
"""

import base64
import http.client
import os
import secrets as randomness
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import create_engine, func, select, text

from app.cli.seeding import opening
from app.config import Secrets
from app.kit.database import Database
from app.permissions import operator
from app.submissions.models import Submission
from benchmarks.posting import Target
from benchmarks.processes import tree
from tests.support import postgres
from tests.support.template import migrate

YANLU = "app.cli"
START_SECONDS = 180
STOP_SECONDS = 60
ON_DISK = {"shared_buffers": "256MB", "max_wal_size": "1GB"}
"""A server that isn't the tests' small one; fsync and synchronous_commit are on, as PostgreSQL has them."""


class Kind(StrEnum):
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True)
class Service:
    """A running service. `target` is its consultation of instant display, `screened` the one without.

    `process` is the one that was started: with several workers it is their parent.
    """

    address: str
    process: "subprocess.Popen[bytes]"
    secrets: Secrets = field(repr=False)
    target: Target
    screened: Target
    log: Path

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder on a disk: where a commit costs nothing, its price can't be measured."""
    with tempfile.TemporaryDirectory(prefix="yanlu-measured-", dir=os.environ.get("YANLU_TEST_FOLDER")) as place:
        Path(place).chmod(0o755)
        yield Path(place)


@contextmanager
def store(kind: Kind) -> Iterator[str]:
    """The URL of a migrated, empty store; for PostgreSQL a server of its own, whose files lie on a disk too."""
    with folder() as place:
        if kind is Kind.SQLITE:
            url = f"sqlite:///{place / 'yanlu.sqlite3'}"
            migrate(url)
            yield url
        else:
            with postgres.server(place, ON_DISK) as maintenance:
                yield postgres.Databases(maintenance).create()


@contextmanager
def serving(url: str, workers: int = 1, program: str = YANLU, **settings: str) -> Iterator[Service]:
    """`yanlu serve` on a free port, ready; it has stopped when the block is left, however that is.

    `settings` are further variables without their prefix, in lower case. The store keeps its consultations, so that
    one store can be served again and again. `program` is a module that takes the same commands.
    """
    instant, screened = consultations(url)
    with folder() as place:
        keys = new_keys()
        port = free_port()
        process = start(url, port, workers, place, {**keys, **settings}, program)
        service = Service(
            f"http://127.0.0.1:{port}", process, as_secrets(keys), instant, screened, place / "service.log"
        )
        try:
            wait_until_ready(service)
            yield service
        finally:
            stop(process)


def consultations(url: str) -> tuple[Target, Target]:
    """One of instant and one of screened display, both open; made where the store has none."""
    database = Database(url)
    try:
        with database.writing() as session:
            places = opening.places(session, operator("benchmark"), datetime.now(UTC))
    finally:
        database.close()
    instant, screened = (next(place for place in places if place.is_instant is wanted) for wanted in (True, False))
    return _target(instant), _target(screened)


def _target(place: opening.Place) -> Target:
    return Target(place.matter.slug, place.id, place.version_id)


def start(
    url: str, port: int, workers: int, place: Path, settings: Mapping[str, str], program: str = YANLU
) -> "subprocess.Popen[bytes]":
    """The process of `yanlu serve`; its variables are production's. Its log is `place`/service.log."""
    given = {
        "environment": "production",
        "database_url": url,
        "var_dir": str(place / "var"),
        "public_url": f"http://127.0.0.1:{port}",
        "trusted_proxies": "127.0.0.1",
        "mail_folder": str(place / "mail"),
        "mail_from": "yijian@example.com",
        **settings,
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("YANLU_")}
    variables = plain | {f"YANLU_{name.upper()}": value for name, value in given.items()}
    command = [sys.executable, "-m", program, "serve", "--port", str(port), "--workers", str(workers)]
    with (place / "service.log").open("ab") as log:
        return subprocess.Popen(command, env=variables, stdout=log, stderr=log)  # noqa: S603 - a command of ours


def wait_until_ready(service: Service) -> None:
    """Raises RuntimeError with the end of its log when it isn't ready in START_SECONDS, or has ended."""
    until = time.monotonic() + START_SECONDS
    while service.process.poll() is None and time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError(f"the service did not start:\n{service.log.read_text()[-3000:]}")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """By SIGTERM, as an operator stops it; by SIGKILL, with all its children, where it doesn't end in STOP_SECONDS."""
    if process.poll() is not None:
        return
    children = tree(process.pid)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        process.wait()


def count(url: str, after: int = 0) -> int:
    """Submissions in the store, of all consultations, less `after`."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return (connection.scalar(select(func.count()).select_from(Submission)) or 0) - after
    finally:
        engine.dispose()


def missing_receipts(url: str, numbers: list[str]) -> list[str]:
    """Those of the receipts' numbers that the store doesn't hold."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            stored = {row[0] for row in connection.execute(select(Submission.receipt_number))}
    finally:
        engine.dispose()
    return [number for number in numbers if number not in stored]


def settle(url: str) -> None:
    """Leaves nothing of what went before to be done in the next measure: a checkpoint on either store."""
    engine = create_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    finally:
        engine.dispose()


def new_keys() -> dict[str, str]:
    """Settings of an installation of its own."""
    return {
        "secret_key": randomness.token_hex(32),
        "data_keys": f"k1:{base64.b64encode(randomness.token_bytes(32)).decode()}",
        "index_key": randomness.token_hex(32),
    }


def as_secrets(keys: Mapping[str, str]) -> Secrets:
    """What the service makes of such keys."""
    name, _, encoded = keys["data_keys"].partition(":")
    return Secrets(
        signing=keys["secret_key"].encode(),
        sealing={name: base64.b64decode(encoded)},
        sealing_id=name,
        index=keys["index_key"].encode(),
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
