"""What writing a file of very many rows costs, in time and above all in memory.

`python -m benchmarks.exports [--sizes 10000 1000000] [--stores sqlite postgresql] [--folder KEPT]` fills a consultation
of each size, orders each kind of file and has it written by a process of its own, as the worker does. It prints one
JSON line for each, with the process's peak of memory (`ru_maxrss`), and the ratio of the largest size's peak to the
smallest's. `--folder` keeps SQLite's stores and takes those that are there.
"""

import argparse
import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import func, select, text

import app.tables  # noqa: F401  # a foreign key is resolved only when every model is known
from app.cli.seeding import opening
from app.cli.seeding.loading import load
from app.cli.seeding.rows import COLUMNS, Maker
from app.exports import ordering, queries
from app.exports.keeping import Keeper
from app.exports.lifecycle import ExportFormat, ExportKind, IdentityColumn, OrderState
from app.exports.ordering import Wanted
from app.kit.blobs import DiskBlobs
from app.kit.clock import SystemClock
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.permissions import Actor, ActorKind, Permission, operator
from app.submissions.models import Submission
from app.submissions.receipts import Receipts
from app.submissions.vault import Vault
from app.worker import exporting
from app.worker.exporting import Clerk
from tests.support import postgres
from tests.support.app import SECRETS
from tests.support.template import migrate

BATCH = 5_000
TABLES = ("submissions", "submitter_identities", "submission_clauses", "displayed_comments")
FILES = (
    (ExportKind.SUBMISSIONS, ExportFormat.CSV),
    (ExportKind.SUBMISSIONS, ExportFormat.XLSX),
    (ExportKind.IDENTITIES, ExportFormat.CSV),
)
ASKER = Actor(ActorKind.STAFF, "benchmark", frozenset(Permission))


def main() -> None:
    asked = _arguments()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if asked.one:
        _say(_written(asked.one[0], ExportKind(asked.one[1]), ExportFormat(asked.one[2])))
        return
    for store in asked.stores:
        _measure(store, asked.sizes, asked.folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.exports")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--stores", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one", nargs=3, metavar=("URL", "KIND", "FORMAT"), help="write one file, and nothing else")
    return parser.parse_args()


def _say(values: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _measure(store: str, sizes: list[int], folder: Path | None) -> None:
    with _stores(store, sizes, folder) as urls:
        for kind, file_format in FILES:
            peaks = []
            for size in sizes:
                figure = _apart(urls[size], kind, file_format)
                peaks.append(float(str(figure["peak_mib"])))
                _say({"store": store, "size": size, **figure})
            ratio = round(peaks[-1] / peaks[0], 2)
            _say({"store": store, "kind": kind.value, "format": file_format.value, "peak_ratio": ratio})


def _apart(url: str, kind: ExportKind, file_format: ExportFormat) -> dict[str, object]:
    """In a process of its own, because a process's peak never falls again."""
    command = [sys.executable, "-m", "benchmarks.exports", "--one", url, kind.value, file_format.value]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - a command of ours
    found: dict[str, object] = json.loads(done.stdout)
    return found


@contextmanager
def _stores(store: str, sizes: list[int], folder: Path | None) -> Iterator[dict[int, str]]:
    with ExitStack() as open_ones:
        if store == "postgresql":
            databases = postgres.Databases(open_ones.enter_context(postgres.server()))
            urls = {size: databases.create() for size in sizes}
        else:
            place = folder or Path(open_ones.enter_context(tempfile.TemporaryDirectory()))
            place.mkdir(parents=True, exist_ok=True)
            urls = {size: f"sqlite:///{place / f'exports-{size}.sqlite3'}" for size in sizes}
        for size, url in urls.items():
            _fill(url, size)
        yield urls


def _fill(url: str, size: int) -> None:
    """One consultation with so many submissions, displayed at once, where it isn't there yet."""
    migrate(url)
    database, begun, now = Database(url), time.perf_counter(), SystemClock().now()
    with database.reading() as session:
        there = session.scalar(select(func.count()).select_from(Submission)) or 0
    if there not in (0, size):
        raise SystemExit(f"the store holds {there} submissions, not {size}")
    if not there:
        with database.writing() as session:
            places = [place for place in opening.places(session, operator("benchmark"), now) if place.is_instant][:1]
        vault = Vault(Sealer(SECRETS.sealing, SECRETS.sealing_id), SECRETS.index, "sha256")
        maker = Maker(places, ["benchmark"], vault, Receipts(SECRETS.signing), 1)
        for tables in maker.batches(places[0].opens_at + timedelta(minutes=1), now, size, BATCH):
            with database.writing() as session:
                for table in TABLES:
                    load(session, table, COLUMNS[table], tables[table])
        _analyse(database)
        _say({"what": "filling", "size": size, "seconds": round(time.perf_counter() - begun)})
    database.close()


def _analyse(database: Database) -> None:
    """What a store in use has had done to it long ago."""
    with database.writing() as session:
        session.execute(text("ANALYZE"))


def _written(url: str, kind: ExportKind, file_format: ExportFormat) -> dict[str, object]:
    """One file, from the claim to the last piece."""
    database, clock = Database(url), SystemClock()
    sealer = Sealer(SECRETS.sealing, SECRETS.sealing_id)
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(sealer, SECRETS.index, "sha256")
        clerk = Clerk(Keeper(DiskBlobs(Path(folder) / "files"), sealer), vault, Path(folder) / "room")
        with database.writing() as session:
            place = session.scalar(select(Submission.consultation_id).limit(1))
            assert place is not None
            columns = tuple(IdentityColumn) if kind is ExportKind.IDENTITIES else ()
            order = ordering.ask(session, ASKER, clock.now(), Wanted(kind, file_format, place, "测量。", columns))
            if order.state is OrderState.ASKED:
                ordering.approve(session, operator("another"), clock.now(), order.id)
        before, begun = _peak(), time.perf_counter()
        exporting.write_once(database, clock, clerk)
        seconds = time.perf_counter() - begun
        with database.reading() as session:
            done = queries.order(session, order.id)
    database.close()
    if done.state is not OrderState.READY:
        raise SystemExit(f"the file was not written: {done.state}")
    return {
        "kind": kind.value,
        "format": file_format.value,
        "rows": done.rows,
        "file_mib": round((done.size or 0) / 2**20, 1),
        "seconds": round(seconds, 1),
        "before_mib": before,
        "peak_mib": _peak(),
    }


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    main()
