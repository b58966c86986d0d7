"""Writing the files that staff ordered, beside the jobs and in a thread of its own.

An order is taken in one short transaction, its rows are read in others, and how far it is is noted in others again; no
transaction is open while a file is written. Whatever ends the worker leaves an order that is begun again from its first
row; a file can be taken only when the last of it is kept.
"""

import io
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import structlog

from app.accounts import queries as accounts
from app.archives.written import note_checked
from app.backups.stream import read_key
from app.config import Settings, load_secrets
from app.consultations.models import Consultation
from app.desk.mending import take_time
from app.exports import queries, running
from app.exports.keeping import PIECE, Keeper
from app.exports.lifecycle import ExportFormat, ExportKind
from app.exports.models import ExportOrder
from app.exports.running import Far, Holding, Piece, Stopped
from app.exports.tabular import Cell, csv_bytes, said, write_xlsx
from app.kit.clock import Clock, SystemClock
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.submissions.vault import Vault
from app.worker import archiving, filing
from app.worker import export_words as words
from app.worker.archiving import Shelf
from app.worker.export_rows import Row, Source, source_of
from app.worker.failures import place_of

PAUSE_SECONDS = 1.0
BEAT_SECONDS = 20.0
REMOVED_AT_ONCE = 500
ROOM = "exports"
"""The folder for parts of a workbook that wait to be packed, beside the other data of this installation."""

log = structlog.get_logger("yanlu.exports")


class ShuttingDown(Exception):
    """The worker ends; the order waits for the next one."""


@dataclass(frozen=True)
class Clerk:
    """All that writing needs. `room` is a folder of this machine that the service's own account alone may read,
    `recipient` the public key for which contacts in a package for the archive are sealed."""

    keeper: Keeper
    vault: Vault
    room: Path
    recipient: bytes | None = None


@dataclass
class _Run:
    """One order while it is written."""

    database: Database
    clock: Clock
    clerk: Clerk
    order: ExportOrder
    stop: Event | None
    rows: int = 0
    size: int = 0
    places: int = 0
    waiting: list[Piece] = field(default_factory=list)
    beaten: float = field(default_factory=time.monotonic)

    @property
    def held(self) -> Holding:
        return Holding(self.order.id, self.order.attempts)

    @property
    def folder(self) -> Path:
        return self.clerk.room / str(self.order.id)


def clerk_of(settings: Settings) -> Clerk:
    """Raises ConfigurationError."""
    secrets = load_secrets(settings)
    sealer = Sealer.of(secrets)
    keeper = Keeper(filing.cabinet_of(settings).blobs, sealer)
    recipient = read_key(settings.archive_key) if settings.archive_key else None
    return Clerk(keeper, Vault(sealer, secrets.index, secrets.index_hash), settings.var_dir / ROOM, recipient)


def run(database: Database, clerk: Clerk, stop: Event) -> None:
    """Works until `stop` is set; an order in hand is put back then. Nothing that goes wrong ends it."""
    clock = SystemClock()
    while not stop.is_set():
        try:
            remove_expired(database, clerk, clock)
            worked = write_once(database, clock, clerk, stop)
        except Exception as error:  # the store or the place for files can't be reached
            log.warning("exports_unavailable", error=place_of(error))
            worked = False
        if not worked:
            stop.wait(PAUSE_SECONDS)


def write_once(database: Database, clock: Clock, clerk: Clerk, stop: Event | None = None) -> bool:
    """Writes the order that has waited longest, to its end; False when nothing waits."""
    with database.reading() as session:
        if not running.is_waiting(session, clock.now()):
            return False
    with database.writing() as session:
        order = running.claim(session, clock.now())
    if order is not None:
        _write(_Run(database, clock, clerk, order, stop))
    return order is not None


def _write(run: _Run) -> None:
    try:
        _forget_earlier(run)
        _produce(run)
    except (Stopped, ShuttingDown) as reason:  # put back, unless it was given up or is another worker's
        log.info("export_stopped", number=run.order.number, why=type(reason).__name__)
        run.clerk.keeper.delete([piece.sha256 for piece in run.waiting])
        with run.database.writing() as session:
            running.put_back(session, run.held)
    except Exception as error:  # tried again when the lease has ended, unless this was the last time
        log.error("export_broken_off", number=run.order.number, attempt=run.order.attempts, error=place_of(error))
        if run.order.attempts >= running.MOST_ATTEMPTS:
            with run.database.writing() as session:
                running.fail(session, run.clock.now(), run.held, place_of(error))
    else:
        log.info("export_written", number=run.order.number, rows=run.rows, bytes=run.size)
    finally:
        shutil.rmtree(run.folder, ignore_errors=True)


def _forget_earlier(run: _Run) -> None:
    """What a worker left behind that died over this order."""
    shutil.rmtree(run.folder, ignore_errors=True)
    with run.database.reading() as session:
        pieces = queries.pieces(session, run.order.id)
    run.clerk.keeper.delete([piece.sha256 for piece in pieces])
    with run.database.writing() as session:
        running.forget_pieces(session, [run.order.id])


def _produce(run: _Run) -> None:
    if run.order.kind is ExportKind.ARCHIVE:
        _produce_archive(run)
    else:
        _produce_table(run)


def _produce_archive(run: _Run) -> None:
    """The package, which can be taken only when what was kept of it was read back whole."""
    shelf = Shelf(
        run.database,
        run.clerk.keeper.blobs,
        run.clerk.vault,
        run.clerk.recipient,
        lambda about: _advance(run, about=about),
    )
    _put(run, _watched(run, archiving.package(shelf, run.order)))
    _advance(run)
    with run.database.reading() as session:
        pieces = queries.pieces(session, run.order.id)
    checked, sha256, size = archiving.read_back(run.clerk.keeper, pieces, lambda: _beat(run))
    run.rows = checked.parts
    with run.database.writing() as session:
        running.finish(session, run.clock.now(), run.held, rows=checked.parts, size=size)
        note_checked(session, run.clock.now(), run.order.id, sha256=sha256, size=size, parts=checked.parts)


def _watched(run: _Run, content: Iterable[bytes]) -> Iterator[bytes]:
    for stretch in content:
        if run.stop is not None and run.stop.is_set():
            raise ShuttingDown
        yield stretch


def _produce_table(run: _Run) -> None:
    with run.database.reading() as session:
        consultation = session.get_one(Consultation, run.order.consultation_id)
        people = [run.order.asked_by, run.order.decided_by or ""]
        names = accounts.names_of(session, people)
        source = source_of(run.order, consultation, run.clerk.vault)
        take_time(session)
        total = source.total(session)
    _advance(run, total=total)
    asker, decider = (names.get(id, id) for id in people)
    title = f"{consultation.title}：{words.TITLES[run.order.kind]}"
    if run.order.format is ExportFormat.CSV:
        mark = f"{words.MARK}（{watermark(run.order, asker, decider)}）"
        rows = ((*row, run.order.number) for row in _rows(run, source))
        _put(run, csv_bytes((*source.headings, mark), rows))
    else:
        _put_workbook(run, title, source, watermark(run.order, asker, decider))
    with run.database.writing() as session:
        running.advance(session, run.clock.now(), run.held, Far(run.rows, pieces=run.waiting))
        running.finish(session, run.clock.now(), run.held, rows=run.rows, size=run.size)
    run.waiting.clear()


def watermark(order: ExportOrder, asker: str, decider: str) -> str:
    """Who took it out, when, under which number and what for; as long as it is, the most telling first."""
    parts = [words.CONFIDENTIAL, f"{words.MARK}：{order.number}", f"导出人：{asker}"]
    if decider:
        parts.append(f"批准人：{decider}")
    parts += [f"内容截至申请时间：{said(order.asked_at)}", f"用途：{order.purpose}"]
    return words.BETWEEN.join(parts)


def _rows(run: _Run, source: Source) -> Iterator[Row]:
    """Each portion is noted before any of it is written: whom it names, and what of the file is kept so far."""
    for portion in source.portions(run.database):
        if run.stop is not None and run.stop.is_set():
            raise ShuttingDown
        run.rows += len(portion.rows)
        _advance(run, about=portion.about)
        yield from portion.rows


def _advance(run: _Run, total: int | None = None, about: Sequence[uuid.UUID] = ()) -> None:
    """Raises Stopped."""
    now, far = run.clock.now(), Far(run.rows, total, run.waiting, about)
    with run.database.writing() as session:
        running.advance(session, now, run.held, far)
    run.waiting.clear()
    run.beaten = time.monotonic()


def _put(run: _Run, content: Iterable[bytes]) -> None:
    gathered = bytearray()
    for stretch in content:
        gathered += stretch
        while len(gathered) >= PIECE:
            _keep(run, bytes(gathered[:PIECE]))
            del gathered[:PIECE]
    if gathered:
        _keep(run, bytes(gathered))


def _keep(run: _Run, content: bytes) -> None:
    run.waiting.append(run.clerk.keeper.put(run.order.id, run.places, content))
    run.places, run.size = run.places + 1, run.size + len(content)
    _beat(run)


def _beat(run: _Run) -> None:
    """Keeps the lease while much is packed or put away. Raises Stopped."""
    if time.monotonic() - run.beaten >= BEAT_SECONDS:
        _advance(run)


def _put_workbook(run: _Run, title: str, source: Source, note: str) -> None:
    """Through a file of the private folder: a workbook is packed only when its last row is known."""
    run.folder.mkdir(mode=0o700, parents=True)
    marked: Iterator[tuple[Cell, ...]] = ((*row, run.order.number) for row in _rows(run, source))
    with _Beating(run.folder / "workbook", lambda: _beat(run)) as file:
        write_xlsx(file, title, (*source.headings, words.MARK), marked, note, folder=run.folder)
        file.seek(0)
        _put(run, iter(lambda: file.read(PIECE), b""))


class _Beating(io.FileIO):
    """A new file that tells whenever something is written to it."""

    def __init__(self, path: Path, beat: Callable[[], None]) -> None:
        super().__init__(path, "w+")
        self._beat = beat

    def write(self, data: Any, /) -> int:
        self._beat()
        return super().write(data)


def remove_expired(database: Database, clerk: Clerk, clock: Clock) -> int:
    """How many pieces were removed: of files whose time is over, that were given up or that failed."""
    now = clock.now()
    with database.reading() as session:
        due, left = running.is_expiring(session, now), running.left_over(session, REMOVED_AT_ONCE)
    if due:
        with database.writing() as session:
            running.expire(session, now)
    clerk.keeper.delete([piece.sha256 for piece in left])
    if left:
        with database.writing() as session:
            running.forget(session, left)
    return len(left)
