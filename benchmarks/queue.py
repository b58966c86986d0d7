"""What the desk and the public list cost with few and with very many submissions, on both stores.

`python -m benchmarks.queue [--sizes 10000 100000 1000000] [--stores sqlite postgresql] [--folder KEPT] [--search]
[--rounds 100] [--write]` seeds a store of each size, asks the running service for pages and the store for what they are
made of, and prints one JSON line for each measurement, each ratio, the bytes that a store takes and the large tables
that a question scans. Sizes take turns, so that what else the machine does meets them alike. The promise: a page's
95th percentile at the largest size is at most 1.5 times that at the smallest. `--folder` keeps SQLite's stores and
takes those that are there; `--write` keeps the run in docs/benchmarks-queue.json and makes docs/benchmarks-queue.md
from it.
"""

import argparse
import json
import logging
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.models import StaffUser
from app.cli.seeding import filling
from app.consultations.models import Consultation
from app.counters import ledger
from app.desk import queries as desk
from app.desk.filters import Filters
from app.desk.reader import Reader
from app.desk.views import View
from app.kit.clock import SystemClock
from app.kit.database import Database
from app.kit.paging import Key
from app.main import build
from app.permissions import Actor, ActorKind, Role, of_roles, operator
from app.submissions import displayed, searching
from app.submissions.lifecycle import DisplayState
from app.submissions.models import DisplayedComment, Submission, SubmissionClause
from app.submissions.searching import Within
from app.web.staff.access import COOKIE
from benchmarks import plans
from benchmarks.queue_page import Figure, Room, Run, Scan, machine, write
from tests.support import postgres
from tests.support.app import SECRETS, settings
from tests.support.live import live
from tests.support.template import migrate

WARMING = 10
SEARCHED = "夜间泊位"
Ask = Callable[[], object]


@dataclass(frozen=True)
class Ground:
    """What is asked for in one store: the largest consultation, a clause of it, a person, and a place far down."""

    consultation: uuid.UUID
    clause: uuid.UUID
    person: str
    far: Key
    reader: Reader
    public: uuid.UUID
    slug: str
    public_far: Key


@dataclass(frozen=True)
class Asked:
    """What is asked besides the pages, and how often each."""

    search: bool
    rounds: int


def main() -> None:
    asked = _arguments()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    run = Run(sorted(asked.sizes), f"{SystemClock().now():%Y-%m-%d}", machine())
    for kind in asked.stores:
        with _stores(kind, asked.sizes, asked.folder, search=asked.search) as databases:
            for found in _measured(kind, databases, Asked(asked.search, asked.rounds)):
                run.add(found)
                _say(vars(found))
        if asked.write:  # after each store, so that a run which is broken off keeps what it has
            write(run)
    for ratio in run.ratios():
        _say(vars(ratio))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.queue")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--stores", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--search", action="store_true", help="fill and measure the search index too")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


def _say(values: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
    sys.stdout.flush()


@contextmanager
def _stores(kind: str, sizes: list[int], folder: Path | None, *, search: bool) -> Iterator[dict[int, Database]]:
    """A store of each size."""
    with ExitStack() as open_ones:
        urls = _sqlite_urls(open_ones, sizes, folder) if kind == "sqlite" else _postgresql_urls(open_ones, sizes)
        yield {size: open_ones.enter_context(_filled(url, size, search=search)) for size, url in urls.items()}


def _sqlite_urls(open_ones: ExitStack, sizes: list[int], folder: Path | None) -> dict[int, str]:
    place = folder or Path(open_ones.enter_context(tempfile.TemporaryDirectory()))
    for size in sizes:
        (place / f"sqlite-{size}").mkdir(parents=True, exist_ok=True)
    return {size: f"sqlite:///{place / f'sqlite-{size}' / 'yanlu.sqlite3'}" for size in sizes}


def _postgresql_urls(open_ones: ExitStack, sizes: list[int]) -> dict[int, str]:
    databases = postgres.Databases(open_ones.enter_context(postgres.server()))
    return {size: databases.create() for size in sizes}


@contextmanager
def _filled(url: str, size: int, *, search: bool) -> Iterator[Database]:
    migrate(url)
    database = Database(url)
    with database.reading() as session:
        there = sum(ledger.by_state(session, [ledger.Wanted("submissions.channel")])[0].values())
    if there == 0:
        begun, now = time.perf_counter(), SystemClock().now()
        for _ in filling.fill(database, SECRETS, operator("benchmark"), now, size, search=search):
            pass
        for _ in filling.fold(database):
            pass
        _say({"what": "seeding", "size": size, "seconds": round(time.perf_counter() - begun)})
    elif there != size:
        raise SystemExit(f"the store holds {there} submissions, not {size}")
    _analyse(database)
    yield database
    database.close()


def _analyse(database: Database) -> None:
    """What PostgreSQL's own cleaning does within minutes of such a load."""
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM ANALYZE")


def _measured(kind: str, databases: dict[int, Database], asked: Asked) -> Iterator[Figure | Room | Scan]:
    with ExitStack() as open_ones:
        asks: dict[str, dict[int, Ask]] = {}
        for size, database in databases.items():
            yield Room(kind, size, _bytes(database))
            for what, ask in _asks(open_ones, database, search=asked.search).items():
                asks.setdefault(what, {})[size] = ask
        largest = max(databases)
        for what, by_size in asks.items():
            tables = plans.scanned(databases[largest], by_size[largest], largest // 10)
            if tables:
                yield Scan(kind, largest, what, tables)
            for size, taken in _timed(by_size, asked.rounds).items():
                yield Figure(kind, size, what, *taken)


def _asks(open_ones: ExitStack, database: Database, *, search: bool) -> dict[str, Ask]:
    """Everything that is asked of one store, and of a service over it."""
    session = open_ones.enter_context(database.reading())
    ground = _ground(session, SystemClock().now())
    address = open_ones.enter_context(live(build(settings(), SECRETS, database, SystemClock())))
    connection = open_ones.enter_context(closing(HTTPConnection(urlsplit(address).netloc)))
    token = _signed_in(database)
    asks: dict[str, Ask] = {
        what: partial(question, session) for what, question in _questions(ground, search=search).items()
    }
    return asks | {what: partial(_get, connection, path, token) for what, path in _pages(ground).items()}


def _bytes(database: Database) -> int:
    """What the store takes on the disk, indexes included."""
    with database.engine.connect() as connection:
        if database.engine.dialect.name == "postgresql":
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())


def _ground(session: Session, now: datetime) -> Ground:
    """The largest consultation, and a place that is seven tenths of the way through its time."""
    newest = select(Submission).order_by(Submission.received_at.desc()).limit(1)
    oldest = select(Submission).order_by(Submission.received_at).limit(1)
    last, first = session.scalars(newest).one(), session.scalars(oldest).one()
    by_value = ledger.by_value(session, "submissions.clause")
    clause = uuid.UUID(max(by_value, key=lambda cell: by_value[cell])[0])
    holder = session.scalars(
        select(Submission.consultation_id)
        .join(SubmissionClause, SubmissionClause.submission_id == Submission.id)
        .where(SubmissionClause.clause_id == clause)
        .limit(1)
    ).one()
    person = max(key[0] for key in ledger.by_value(session, "submissions.person"))
    far = Key(first.received_at + 0.7 * (last.received_at - first.received_at), uuid.UUID(int=0))
    actor = Actor(ActorKind.STAFF, person, of_roles([Role.SCREENER, Role.LEAD]))
    public, slug, public_far = _public(session)
    return Ground(holder, clause, person, far, Reader(actor, now), public, slug, public_far)


def _public(session: Session) -> tuple[uuid.UUID, str, Key]:
    """The consultation whose comments are displayed that has most of them, and a place seven tenths down its list."""
    shown = DisplayedComment.state == DisplayState.DISPLAYED
    numbers = (
        select(DisplayedComment.consultation_id, func.count()).where(shown).group_by(DisplayedComment.consultation_id)
    )
    id, number = max(session.execute(numbers).all(), key=lambda row: row[1])
    listed = select(DisplayedComment).where(DisplayedComment.consultation_id == id, shown)
    deep = session.scalars(
        listed.order_by(DisplayedComment.displayed_at.desc()).offset(number * 7 // 10).limit(1)
    ).one()
    slug = session.scalars(select(Consultation.slug).where(Consultation.id == id)).one()
    return id, slug, displayed.key_of(deep)


def _questions(ground: Ground, *, search: bool) -> dict[str, Callable[[Session], object]]:
    whole, reader = Filters(consultation=ground.consultation), ground.reader
    narrowed = Filters(consultation=ground.consultation, clause=ground.clause, allocated_to=ground.person)

    def rows(view: View, filters: Filters, after: Key | None = None) -> Callable[[Session], object]:
        return lambda session: desk.rows(session, view, filters, after, reader)

    def following(session: Session) -> object:
        first = desk.rows(session, View.RECEIVED, whole, ground.far, reader).items[0]
        return desk.next_after(session, View.RECEIVED, whole, first.id, reader)

    found: dict[str, Callable[[Session], object]] = {
        "list: to be screened": rows(View.RECEIVED, whole),
        "list: to be screened, far down": rows(View.RECEIVED, whole, ground.far),
        "list: mine": rows(View.MINE, Filters()),
        "list: unclaimed": rows(View.UNCLAIMED, whole),
        "list: overdue": rows(View.OVERDUE, Filters()),
        "list: decided": rows(View.DONE, whole, ground.far),
        "list: awaiting approval": rows(View.AWAITING_APPROVAL, Filters()),
        "list: clause and person": rows(View.RECEIVED, narrowed),
        "list: department": rows(View.RECEIVED, Filters(department="public-security")),
        "next item": following,
        "counts": lambda session: desk.counts(session, whole, reader),
        "counts of all consultations": lambda session: desk.counts(session, Filters(), reader),
        "public list": lambda session: displayed.displayed_page(session, ground.public, limit=20),
        "public list, far down": lambda session: displayed.displayed_page(
            session, ground.public, before=ground.public_far, limit=20
        ),
        "public list, one word": lambda session: displayed.displayed_page(
            session, ground.public, words=SEARCHED, limit=20
        ),
        "public display: counts for staff": lambda session: displayed.display_counts(session, ground.public),
    }
    if search:
        found["search"] = lambda session: searching.find(session, SEARCHED, Within(), None, 25)
    return found


def _pages(ground: Ground) -> dict[str, str]:
    def path(view: View, **more: str) -> str:
        return "/staff/queue?" + urlencode({"consultation": str(ground.consultation), "view": view.value} | more)

    return {
        "queue page": path(View.RECEIVED),
        "queue page, far down": path(View.RECEIVED, after=ground.far.cursor()),
        "queue page, one clause": path(View.RECEIVED, clause=str(ground.clause)),
        "public page": f"/consultations/{ground.slug}/comments",
        "public page, far down": f"/consultations/{ground.slug}/comments?"
        + urlencode({"before": ground.public_far.cursor()}),
    }


def _signed_in(database: Database) -> str:
    with database.writing() as session:
        user = session.scalars(select(StaffUser).order_by(StaffUser.username).limit(1)).one()
        return sessions.begin(session, user, SystemClock().now())


def _get(connection: HTTPConnection, path: str, token: str) -> None:
    connection.request("GET", path, headers={"Cookie": f"{COOKIE}={token}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()  # the service gives up connections that wait; the next request opens another
    if answer.status != 200 or b"<main" not in body:
        raise SystemExit(f"{path}: {answer.status} {answer.headers.get('location', '')}")


def _timed(asks: dict[int, Ask], rounds: int) -> dict[int, tuple[float, float]]:
    """Size → median and 95th percentile in milliseconds."""
    taken: dict[int, list[float]] = {size: [] for size in asks}
    for number in range(WARMING + rounds):
        for size, ask in asks.items():
            begun = time.perf_counter()
            ask()
            if number >= WARMING:
                taken[size].append(1000 * (time.perf_counter() - begun))
    return {
        size: (round(statistics.median(one), 2), round(statistics.quantiles(one, n=20)[-1], 2))
        for size, one in taken.items()
    }


if __name__ == "__main__":
    main()
