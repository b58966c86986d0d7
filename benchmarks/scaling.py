"""`python -m benchmarks.scaling` (`make scaling`) writes docs/scaling.md: measured, reckoned, and how to grow.

Measured figures are read from what the measuring commands keep: docs/benchmarks.json (`make bench`) and
docs/benchmarks-queue.json (`make bench-queue`). What none of them has measured is said to be missing, and whatever
hangs on it isn't reckoned.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap

from benchmarks import intake_page, queue_page
from benchmarks.sizing import Assumed, Measured, Need, needs

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "scaling.md"
DESIGN = Path(__file__).with_name("scaling_design.md")
TOTALS = (1_000_000, 20_000_000)
MISSING = "not measured yet"


def main() -> None:
    PAGE.write_text("\n".join(lines(DOCS)) + "\n", encoding="utf-8")


def lines(docs: Path) -> Iterator[str]:
    """The document, from the figures kept in that folder."""
    intake, runs = intake_page.kept(docs / "benchmarks.json"), queue_page.kept(docs / "benchmarks-queue.json")
    seen, assumed = measured(intake, runs), Assumed()
    yield "# Sizing: one machine, a million, twenty million"
    yield ""
    yield "For whoever plans an installation. Written by `make scaling`: the first table is copied from what other"
    yield "commands measured, the second one is reckoned from it. Nothing below the first table was measured."
    yield ""
    yield "## Measured on one machine"
    yield ""
    yield f"- Taking in: {_source(intake, 'make bench')}"
    for run in runs or [None]:
        yield f"- Growth: {_source(run, 'make bench-queue')}"
    yield ""
    yield "| | found | from |"
    yield "|---|---:|---|"
    yield from _measured(seen)
    for run in runs:
        yield from _ratios(run)
    yield ""
    yield from _calculated(seen, assumed)
    yield ""
    yield DESIGN.read_text(encoding="utf-8").rstrip()


def measured(intake: intake_page.Kept | None, runs: Sequence[queue_page.Run]) -> Measured:
    """The medians of the rounds on PostgreSQL, with the number of workers that took in most.

    Bytes on the disk are those of the run with the most submissions that measured them.
    """
    row = next((each for run in runs if (each := run.bytes_each("postgresql")) is not None), None)
    if intake is None:
        return Measured(row_bytes=row)
    run = intake.run
    best = run.best(intake_page.POSTGRESQL)
    app, store = (run.middle(best, name) if best else None for name in ("app_us", "store_us"))
    views = run.rate(intake_page.FORM_PAGE)
    accepted = run.rate(best) if best else None
    return Measured(_cores(run.about), accepted, app, store, views, run.memory_mib, row)


def _cores(about: list[str]) -> int | None:
    found = re.search(r"(\d+) processors", " ".join(about))
    return int(found.group(1)) if found else None


def _source(found: intake_page.Kept | queue_page.Run | None, command: str) -> str:
    if found is None:
        return f"{MISSING} (`{command}`)."
    machine = " ".join(found.run.about) if isinstance(found, intake_page.Kept) else f"{found.machine}."
    return f"{found.day} by `{command}`. {machine}"


def _measured(seen: Measured) -> Iterator[str]:
    rows = (
        ("comments accepted on PostgreSQL", seen.accepted, "/s"),
        ("processor of the app for each", seen.app_us, "µs"),
        ("processor of PostgreSQL for each", seen.store_us, "µs"),
        ("form pages", seen.views, "/s"),
        ("memory of a process whose store stands still", seen.worker_mib, "MiB"),
    )
    for name, value, unit in rows:
        yield f"| {name} | {_written(value, unit)} | [benchmarks.md](benchmarks.md) |"
    yield f"| disk for each further comment, PostgreSQL | {_written(seen.row_bytes, 'bytes')} | {_GROWTH} |"


_GROWTH = "[benchmarks-queue.md](benchmarks-queue.md)"


def _ratios(run: queue_page.Run) -> Iterator[str]:
    most, least = max(run.sizes), min(run.sizes)
    for ratio in run.ratios():
        if ratio.kept is not None:
            yield f"| {ratio.store}: {ratio.what}, p95 at {most:,} ÷ at {least:,} | {ratio.p95:.2f} | {_GROWTH} |"


def _calculated(seen: Measured, assumed: Assumed) -> Iterator[str]:
    yield "## Calculated, not measured"
    yield ""
    yield from wrap(_assumptions(assumed), 120, break_on_hyphens=False)
    yield ""
    yield "| | " + " | ".join(f"{total:,} comments" for total in TOTALS) + " | reckoned as |"
    yield "|---|" + "---:|" * len(TOTALS) + "---|"
    for row in zip(*(needs(total, seen, assumed) for total in TOTALS), strict=True):
        yield f"| {row[0].name} | " + " | ".join(map(_value, row)) + f" | {row[0].formula} |"
    yield ""
    yield "Twenty times the machines don't take in twenty times as much: all comments of one consultation commit to one"
    yield "primary, so the database's processors and its disk's syncs are the bound. What stands above is the least."


def _assumptions(assumed: Assumed) -> str:
    return (
        "Assumptions, none of them measured and none from a source that tells a number (the project's sources only say"
        f" that most comments arrive in the last hours): {assumed.last_hour:.0%} of all come in the last hour, its"
        f" busiest minute has {assumed.last_minute:g} times the hour's mean, machines are to be {assumed.busy:.0%} busy"
        f" at most, audit, log, outbox and dead rows take {assumed.beside_bytes:,.0f} bytes for each comment beside"
        f" what was measured (the filled stores have none of them), a form has {assumed.form_bytes:,.0f} bytes"
        f" on the wire, people open {assumed.views_each:g} pages for each comment that is sent, WAL is"
        f" {assumed.wal:g} times what is stored, a backup moves {assumed.backup_rate / 1e6:g} MB a second. Files are"
        " not in it: reckon them from what"
        " you allow ([attachments.md](attachments.md)). For other assumptions change `Assumed` in"
        " `benchmarks/sizing.py`, then `make scaling`."
    )


def _value(need: Need) -> str:
    return _written(need.value, need.unit, "–")


def _written(value: float | None, unit: str, missing: str = MISSING) -> str:
    if value is None:
        return missing
    number = f"{value:,.0f}" if value >= 20 or value == int(value) else f"{value:.2g}"
    return f"{number} {unit}".rstrip()


if __name__ == "__main__":
    main()
