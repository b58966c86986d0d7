"""What `benchmarks.queue` measured, as ratios and as a page of the documentation."""

import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.support import postgres

GOAL = 1.5
PROMISED = "queue page"
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks-queue.md"


@dataclass(frozen=True)
class Figure:
    store: str
    size: int
    what: str
    p50: float
    p95: float


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
    sizes: list[int]
    figures: list[Figure] = field(default_factory=list)

    def add(self, figure: Figure) -> None:
        self.figures.append(figure)

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


def write(run: Run) -> None:
    PAGE.write_text("\n".join(_lines(run)) + "\n", encoding="utf-8")


def _lines(run: Run) -> Iterator[str]:
    smallest, largest = min(run.sizes), max(run.sizes)
    yield "# What the desk costs as it grows"
    yield ""
    yield f"Measured {datetime.now(UTC):%Y-%m-%d} by `make bench-queue`. {_machine()}."
    yield ""
    yield f"The promise: the queue page's 95th percentile at {largest:,} submissions is at most {GOAL} times that at"
    yield f"{smallest:,}. Look at the ratios: milliseconds move with the machine and with what else it does."
    yield "`list`, `counts` and `next item` are the store's part of a page, without the page itself."
    yield ""
    yield f"## {largest:,} by {smallest:,}"
    yield ""
    yield "| store | what | p50 | p95 | promise |"
    yield "|---|---|---:|---:|---|"
    for ratio in run.ratios():
        promise = "" if ratio.kept is None else "kept" if ratio.kept else "**missed**"
        yield f"| {ratio.store} | {ratio.what} | {ratio.p50:.2f} | {ratio.p95:.2f} | {promise} |"
    yield ""
    yield "## Milliseconds"
    yield ""
    yield "| store | submissions | what | p50 | p95 |"
    yield "|---|---:|---|---:|---:|"
    for one in run.figures:
        yield f"| {one.store} | {one.size:,} | {one.what} | {one.p50:.1f} | {one.p95:.1f} |"


def _machine() -> str:
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
