"""How many comments a second the service takes in, beside what its stores and a peer can do at the same minute.

`make bench` runs `python -m benchmarks.intake --write`: about ten minutes, without anybody's help. It prints one line
of JSON for each measure and writes docs/benchmarks.md. Fails when a reply was accepted whose submission isn't stored.

`--seconds` bounds each measure, `--rounds` says how often all of them take their turns, `--only` names those wanted by
their beginnings (`--only sqlite pgbench`), `--quick` is a smoke test of about a minute.
"""

import argparse
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks import intake_page as pages
from benchmarks import loading, memory, parts, peers, processes
from benchmarks.intake_page import Run, Sample
from benchmarks.posting import Door, Poster, Target
from benchmarks.service import (
    ON_DISK,
    YANLU,
    Kind,
    Service,
    as_secrets,
    count,
    folder,
    missing_receipts,
    new_keys,
    serving,
    settle,
    store,
)
from tests.support import postgres

WARMING = 2
GUESS = 300
"""Posts a second that are made ready where nothing is known yet."""
MARGIN = 1.5
UNSTORED = "benchmarks.unstored"
AS_A_BROWSER = {"Accept-Encoding": "gzip"}

Measure = Callable[[int, int], Sample]
"""Seconds and the number of the round → what was found."""


@dataclass
class Ground:
    """What the measures stand on: everything is up at once, and only what is measured is busy."""

    open_ones: ExitStack
    room: Path
    door: Door
    numbers: Iterator[int]
    databases: postgres.Databases | None = None
    postmaster: int | None = None


class Intake:
    """One service under load. Makes as many posts ready as it took the last time, and half as many again."""

    def __init__(self, ground: Ground, name: str, url: str, service: Service, *, stores: bool = True) -> None:
        self._ground, self._name, self._url, self._service, self._stores = ground, name, url, service, stores
        self._rate = float(GUESS)
        self._poster = Poster(service.secrets, service.target, ground.door)

    def __call__(self, seconds: int, number: int) -> Sample:
        self._send(WARMING)
        settle(self._url)
        before, app, database = count(self._url), self._app(), self._database()
        found = self._send(seconds)
        app, database = self._app() - app, self._database() - database
        unanswered = self._compared(found, count(self._url, before))
        if found.is_starved:
            return self(seconds, number)
        each = 1e6 / max(found.accepted, 1)
        busy = self._ground.postmaster is not None and self._url.startswith("postgresql")
        return Sample(
            measure=self._name,
            round=number,
            rate=found.rate,
            p50=found.p50,
            p99=found.p99,
            app_us=app * each,
            store_us=database * each if busy else None,
            accepted=found.accepted if self._stores else None,
            unanswered=unanswered,
        )

    def _send(self, seconds: int) -> loading.Outcome:
        wanted = int(self._rate * seconds * MARGIN)
        first = next(self._ground.numbers) * 1_000_000
        posts = self._poster.posts(first % 18_000_000, wanted)
        found = loading.post(self._service.address, self._service.target.path, posts, seconds, self._ground.room)
        if found.refused:
            say({"measure": self._name, "refused": found.refused, "first": found.first_refusal})
        self._rate = max(found.rate, GUESS) * (2 if found.is_starved else 1)
        return found

    def _compared(self, found: loading.Outcome, stored: int) -> int | None:
        """How many more are stored than were answered. Exits where an accepted one is missing."""
        if not self._stores:
            return None
        if not found.accepted:
            raise SystemExit(f"{self._name}: nothing was accepted, {found.refused} refused ({found.first_refusal})")
        missing = missing_receipts(self._url, found.receipts)
        twice = found.accepted - len(set(found.receipts))
        if missing or twice or stored < found.accepted:
            raise SystemExit(f"{self._name}: {found.accepted} accepted, {stored} stored, {len(missing)} missing")
        return stored - found.accepted

    def _app(self) -> float:
        return processes.cpu_seconds(self._service.process.pid)

    def _database(self) -> float:
        return processes.cpu_seconds(self._ground.postmaster) if self._ground.postmaster else 0


def main() -> None:
    asked = _arguments()
    run = Run(about=[_machine(asked)], processors=os.cpu_count())
    numbers = iter(range(10**9))
    with ExitStack() as open_ones:
        ground = Ground(open_ones, open_ones.enter_context(peers.room()), Door(asked.door), numbers)
        measures = dict(_measures(ground, run, asked.only))
        for number in range(asked.rounds):
            for name, measure in measures.items():
                sample = replace(measure(asked.seconds, number), measure=name)
                run.samples.append(sample)
                say(pages.as_json(sample))
        if not asked.only:
            _besides(run, ground.room, asked.seconds)
    for line in pages.told(run):
        say(line)
    if asked.write:
        pages.write(run, f"{datetime.now(UTC):%Y-%m-%d}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.intake")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=[], help="measures by their beginnings")
    parser.add_argument("--door", choices=[door.value for door in Door], default=Door.PROOF.value)
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    asked = parser.parse_args()
    if asked.quick:
        asked.seconds, asked.rounds = 2, 1
    return asked


def say(values: object) -> None:
    sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _measures(ground: Ground, run: Run, only: list[str]) -> Iterator[tuple[str, Measure]]:
    """Those that can be had here, in their order; what they need is started."""

    def wanted(name: str) -> bool:
        return not only or name.startswith(tuple(only))

    if postgres.missing() is None and postgres.given() is None:
        _start_postgresql(ground)
    else:
        run.notes.append(f"PostgreSQL wasn't measured: {postgres.missing() or 'a server of its own is needed'}.")
    for name in (*pages.SERVICE, *pages.UNSTORED):
        kind, workers = (Kind.SQLITE if name.startswith("sqlite") else Kind.POSTGRESQL), 1 + ("2" in name)
        if wanted(name) and (kind is Kind.SQLITE or ground.databases):
            yield name, _intake(ground, name, kind, workers)
    if ground.databases and wanted(pages.PGBENCH):
        url = ground.databases.create()
        ground.open_ones.enter_context(peers.table(url))
        yield pages.PGBENCH, lambda seconds, number: Sample("", number, peers.pgbench(url, seconds, ground.room))
    if wanted(pages.ROWS):
        yield pages.ROWS, lambda seconds, number: Sample("", number, peers.sqlite_rows(seconds, ground.room))
    if ground.databases and wanted(pages.DJANGO):
        yield from _django(ground, run)
    yield from _views(ground, wanted)


def _start_postgresql(ground: Ground) -> None:
    place = ground.open_ones.enter_context(folder())
    maintenance = ground.open_ones.enter_context(postgres.server(place, ON_DISK))
    ground.databases = postgres.Databases(maintenance)
    (pid_file,) = place.glob("*/data/postmaster.pid")
    ground.postmaster = int(pid_file.read_text().split()[0])


def _intake(ground: Ground, name: str, kind: Kind, workers: int) -> Intake:
    if kind is Kind.SQLITE:
        url = ground.open_ones.enter_context(store(kind))
    else:
        assert ground.databases is not None
        url = ground.databases.create()
    stores = name not in pages.UNSTORED
    program = YANLU if stores else UNSTORED
    service = ground.open_ones.enter_context(serving(url, workers, program))
    return Intake(ground, name, url, service, stores=stores)


def _django(ground: Ground, run: Run) -> Iterator[tuple[str, Measure]]:
    assert ground.databases is not None
    if missing := peers.peer_missing():
        run.notes.append(f"Django wasn't measured: {missing}.")
        say({"skipped": pages.DJANGO, "why": missing})
        return
    url = ground.databases.create()
    address, pid = ground.open_ones.enter_context(peers.django(url, 2))
    yield pages.DJANGO, partial(_django_once, ground, address, pid)


def _django_once(ground: Ground, address: str, pid: int, seconds: int, number: int, rate: float = 3 * GUESS) -> Sample:
    assert ground.postmaster is not None
    some = Poster(as_secrets(new_keys()), Target("peer", uuid.UUID(int=1), uuid.UUID(int=2)))
    first = next(ground.numbers) * 1_000_000 % 18_000_000
    posts = (replace(one, body=one.body + peers.PEER_FIELD) for one in some.posts(first, int(rate * MARGIN * seconds)))
    app, database = processes.cpu_seconds(pid), processes.cpu_seconds(ground.postmaster)
    found = loading.post(address, "/comment", posts, seconds, ground.room, peers.PEER_COOKIE)
    each = 1e6 / max(found.accepted, 1)
    app, database = processes.cpu_seconds(pid) - app, processes.cpu_seconds(ground.postmaster) - database
    if found.is_starved:
        return _django_once(ground, address, pid, seconds, number, 2 * rate)
    return Sample("", number, found.rate, found.p50, found.p99, app * each, database * each)


def _views(ground: Ground, wanted: Callable[[str], bool]) -> Iterator[tuple[str, Measure]]:
    names = [name for name in (pages.DRAFT_PAGE, pages.FORM_PAGE) if wanted(name)]
    if not names or not shutil.which("wrk"):
        return
    url = ground.open_ones.enter_context(store(Kind.SQLITE))
    service = ground.open_ones.enter_context(serving(url, 2))
    paths = {pages.FORM_PAGE: service.target.path, pages.DRAFT_PAGE: service.target.path.removesuffix("/comment")}
    for name in names:
        yield name, partial(_viewed, service, paths[name])


def _viewed(service: Service, path: str, seconds: int, number: int) -> Sample:
    loading.get(service.address, path, WARMING, AS_A_BROWSER)
    before = processes.cpu_seconds(service.process.pid)
    rate = loading.get(service.address, path, seconds, AS_A_BROWSER)
    spent = processes.cpu_seconds(service.process.pid) - before
    return Sample("", number, rate, app_us=spent * 1e6 / max(rate * seconds, 1))


def _besides(run: Run, room: Path, seconds: int) -> None:
    held = memory.measure(room, seconds=2 * seconds)
    run.memory_mib = held.peak_mib
    say({"measure": "memory"} | asdict(held))
    run.parts = parts.spent()
    for step, spent in run.parts.items():
        say({"step": step, "us": round(spent, 1)})


def _machine(asked: argparse.Namespace) -> str:
    size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    programs = postgres.programs()
    version = "no PostgreSQL"
    if programs is not None:
        answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - a program of our own
        version = f"PostgreSQL {answer.stdout.split()[2]}"
    return (
        f"{os.cpu_count()} processors, {round(size)} GB of memory, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {version}, load by {loading.name()},"
        f" captcha answered by {asked.door}; {asked.rounds} rounds of {asked.seconds} seconds for each measure."
    )


if __name__ == "__main__":
    main()
