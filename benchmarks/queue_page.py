"""What `benchmarks.queue` measured: as ratios, as a file that is kept, and as a page of the documentation.

docs/benchmarks-queue.json holds the newest run for each largest size; the page is made of it.
"""

import json
import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from app.submissions import displayed
from tests.support import postgres

GOAL = 1.5
PROMISED = ("queue page", "public page")
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks-queue.md"
KEPT = PAGE.with_suffix(".json")


@dataclass(frozen=True)
class Figure:
    """Milliseconds of one question to a store of so many submissions."""

    store: str
    size: int
    what: str
    p50: float
    p95: float


@dataclass(frozen=True)
class Room:
    """What a store of so many submissions takes on the disk, indexes included."""

    store: str
    size: int
    bytes: int


@dataclass(frozen=True)
class Scan:
    """Tables of a tenth as many rows as submissions, or more, that a question reads from one end to the other."""

    store: str
    size: int
    what: str
    tables: list[str]


@dataclass(frozen=True)
class Ratio:
    """`p95` at the largest size by that at the smallest; `kept` tells whether the promise is, where there is one."""

    store: str
    what: str
    p50: float
    p95: float
    kept: bool | None


@dataclass
class Run:
    """All that one command measured on one day on one machine."""

    sizes: list[int]
    day: str
    machine: str
    figures: list[Figure] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    scans: list[Scan] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, found: Figure | Room | Scan) -> None:
        if isinstance(found, Figure):
            self.figures.append(found)
        elif isinstance(found, Room):
            self.rooms.append(found)
        else:
            self.scans.append(found)

    @property
    def stores(self) -> list[str]:
        return list(dict.fromkeys(one.store for one in self.figures))

    def beside(self, other: "Run") -> "Run":
        """What it still says where the other one stands: of other sizes everything, else of other stores."""
        if max(self.sizes) != max(other.sizes):
            return self
        figures, rooms, scans = (
            [one for one in every if one.store not in other.stores] for every in (self.figures, self.rooms, self.scans)
        )
        return replace(self, figures=figures, rooms=rooms, scans=scans)

    def ratios(self) -> Iterator[Ratio]:
        smallest, largest = min(self.sizes), max(self.sizes)
        found = {(one.store, one.what, one.size): one for one in self.figures}
        for (store, what, size), small in found.items():
            if size != smallest or size == largest:
                continue
            large = found[store, what, largest]
            p95 = round(large.p95 / small.p95, 2)
            kept = p95 <= GOAL if what.startswith(PROMISED) else None
            yield Ratio(store, what, round(large.p50 / small.p50, 2), p95, kept)

    def bytes_each(self, store: str) -> float | None:
        """Bytes on the disk for each further submission: between the smallest and the largest store."""
        known = sorted((one.size, one.bytes) for one in self.rooms if one.store == store)
        if len(known) < 2:
            return None
        (few, less), (many, more) = known[0], known[-1]
        return (more - less) / (many - few)


def write(run: Run, file: Path = KEPT, page: Path = PAGE) -> None:
    """Keeps the run in place of what earlier ones of the same largest size say of its stores; writes the page anew."""
    runs = [left for one in kept(file) if (left := one.beside(run)).figures]
    runs = sorted([*runs, run], key=lambda one: max(one.sizes), reverse=True)
    file.write_text(json.dumps([asdict(one) for one in runs], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    page.write_text("\n".join(lines(runs)) + "\n", encoding="utf-8")


def kept(file: Path = KEPT) -> list[Run]:
    """The runs of the file, the largest first; none where there is no file."""
    if not file.exists():
        return []
    return [_run(said) for said in json.loads(file.read_text(encoding="utf-8"))]


def _run(said: dict[str, Any]) -> Run:
    parts = {
        "figures": [Figure(**one) for one in said["figures"]],
        "rooms": [Room(**one) for one in said["rooms"]],
        "scans": [Scan(**one) for one in said["scans"]],
    }
    return Run(**(said | parts))


def lines(runs: list[Run]) -> Iterator[str]:
    """The document."""
    yield "# What the desk and the public list cost as they grow"
    yield ""
    yield "Written by `make bench-queue`; the figures are kept in `benchmarks-queue.json`. The promise: the 95th"
    yield "percentile of a page of the queue or of the public list with the most submissions is at most"
    yield f"{GOAL} times that with the fewest. Look at the ratios: milliseconds move with the machine and what else"
    yield "it does. What isn't called a page is the store's part of one. `make scaling` reckons with these figures"
    yield "([scaling.md](scaling.md))."
    yield ""
    yield "Three things grow, each up to a bound. The public list by one word looks through at most"
    yield f"{displayed.LOOKED_THROUGH:,} comments a page. The counts of display end at {displayed.COUNTED:,} of each"
    yield "state, and ask of each that the public doesn't see whether it is in quarantine. A list narrowed to a clause"
    yield "and a person goes through that person's submissions, which lie further apart in a large store."
    for run in runs:
        yield from _of_run(run)


def _of_run(run: Run) -> Iterator[str]:
    yield ""
    yield f"## Up to {max(run.sizes):,} submissions: {' and '.join(run.stores)}"
    yield ""
    yield f"Measured {run.day}. {run.machine}."
    for note in run.notes:
        yield ""
        yield note
    yield from _scanned(run)
    yield from _rooms(run)
    yield ""
    yield f"### {max(run.sizes):,} by {min(run.sizes):,}: {' and '.join(run.stores)}"
    yield ""
    yield "| store | what | p50 | p95 | promise |"
    yield "|---|---|---:|---:|---|"
    for ratio in run.ratios():
        promise = "" if ratio.kept is None else "kept" if ratio.kept else "**missed**"
        yield f"| {ratio.store} | {ratio.what} | {ratio.p50:.2f} | {ratio.p95:.2f} | {promise} |"
    yield ""
    yield f"### Milliseconds, up to {max(run.sizes):,}: {' and '.join(run.stores)}"
    yield ""
    yield "| store | submissions | what | p50 | p95 |"
    yield "|---|---:|---|---:|---:|"
    for one in run.figures:
        yield f"| {one.store} | {one.size:,} | {one.what} | {one.p50:.1f} | {one.p95:.1f} |"


def _scanned(run: Run) -> Iterator[str]:
    """Runs from before plans were looked at say nothing of them, and have no rooms either."""
    if not run.rooms:
        return
    yield ""
    if not run.scans:
        yield "By the stores' own plans no question below reads a large table from one end to the other."
    for one in run.scans:
        yield f"- **Scan** on {one.store} with {one.size:,}: {one.what} reads {', '.join(one.tables)} from end to end."


def _rooms(run: Run) -> Iterator[str]:
    if not run.rooms:
        return
    yield ""
    yield "| store | submissions | MiB on the disk | bytes for each further one |"
    yield "|---|---:|---:|---:|"
    for one in run.rooms:
        each = run.bytes_each(one.store) if one.size == max(run.sizes) else None
        yield f"| {one.store} | {one.size:,} | {one.bytes / 2**20:,.0f} | {'' if each is None else f'{each:,.0f}'} |"


def machine() -> str:
    """Processors, memory and versions, in words."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    programs = postgres.programs()
    version = "without PostgreSQL"
    if programs is not None:
        asked = [programs / "postgres", "--version"]
        answer = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603 - a program of our own
        version = f"PostgreSQL {answer.stdout.split()[2]}"
    return (
        f"{os.cpu_count()} processors shared with other work, {round(pages * size / 2**30)} GB of memory,"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {version}"
    )
