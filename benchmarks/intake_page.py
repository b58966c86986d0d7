"""What `benchmarks.intake` measured, as ratios against its goals and as a page of documentation. Pure but `write`."""

import json
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
SERVICE = ("postgresql, 1 worker", "postgresql, 2 workers", "sqlite, 1 worker", "sqlite, 2 workers")
POSTGRESQL, SQLITE = SERVICE[:2], SERVICE[2:]
UNSTORED = {"nothing stored, 1 worker": SERVICE[0], "nothing stored, 2 workers": SERVICE[1]}
"""Which measure each of them is the ceiling of."""
PGBENCH, ROWS, DJANGO = "pgbench, one row a commit", "sqlite3, one row a commit", "django ModelForm, 2 workers"
FLOOR = 0.30
"""Of pgbench's commits, what must be had if the goal isn't."""
AGAIN = "the same "
"""How a step begins that is another one done otherwise, for comparison."""
FORM_PAGE, DRAFT_PAGE = "form page", "consultation page"


@dataclass(frozen=True)
class Sample:
    """One measure in one round. `rate`: accepted, committed or viewed per second. Milliseconds, and microseconds of
    processor for each accepted; None where that isn't measured."""

    measure: str
    round: int
    rate: float
    p50: float | None = None
    p99: float | None = None
    app_us: float | None = None
    store_us: float | None = None
    accepted: int | None = None
    unanswered: int | None = None


@dataclass(frozen=True)
class Goal:
    """A ratio or figure with its bound; `least` or at most. `floor` is what must be had if the goal isn't reached."""

    name: str
    found: float | None
    spread: tuple[float, float] | None
    bound: float
    least: bool = True
    floor: float | None = None

    @property
    def verdict(self) -> str:
        if self.found is None:
            return "not measured here"
        if self._holds(self.bound):
            return "reached"
        return "**missed**, above the floor" if self.floor and self._holds(self.floor) else "**missed**"

    def _holds(self, bound: float) -> bool:
        assert self.found is not None
        return self.found >= bound if self.least else self.found <= bound


@dataclass
class Run:
    """All that was measured. `about` are lines on the machine and versions, `parts` microseconds of single steps.

    `processors` is how many the machine has; None where that wasn't noted.
    """

    about: list[str]
    samples: list[Sample] = field(default_factory=list)
    parts: dict[str, float] = field(default_factory=dict)
    memory_mib: float | None = None
    notes: list[str] = field(default_factory=list)
    processors: int | None = None

    def of(self, measure: str) -> list[Sample]:
        return [one for one in self.samples if one.measure == measure]

    def rate(self, measure: str) -> float | None:
        """The median of the rounds."""
        found = [one.rate for one in self.of(measure)]
        return statistics.median(found) if found else None

    def middle(self, measure: str, name: str) -> float | None:
        """The median of another figure of the rounds' samples."""
        found = [value for one in self.of(measure) if (value := getattr(one, name)) is not None]
        return statistics.median(found) if found else None

    def best(self, measures: Sequence[str]) -> str | None:
        """The measure with the highest median."""
        known = {measure: rate for measure in measures if (rate := self.rate(measure)) is not None}
        return max(known, key=lambda measure: known[measure]) if known else None


def ratios(run: Run, above: str | None, below: str | None) -> list[float]:
    """Of the two measures in the same round, for each round that has both."""
    if above is None or below is None:
        return []
    others = {one.round: one.rate for one in run.of(below)}
    return [one.rate / others[one.round] for one in run.of(above) if others.get(one.round)]


def goals(run: Run) -> list[Goal]:
    """Each with what was found, in the order in which the document names them."""
    postgresql, sqlite = run.best(POSTGRESQL), run.best(SQLITE)
    ceiling = next((name for name, measure in UNSTORED.items() if measure == postgresql), None)
    cpu = [one.app_us + (one.store_us or 0) for one in run.of(postgresql or "") if one.app_us is not None]
    views = [one.rate for one in run.of(FORM_PAGE)]
    return [
        _goal("accepted/s ÷ pgbench's single-row commits/s", ratios(run, postgresql, PGBENCH), 0.40, floor=FLOOR),
        _goal("accepted/s on SQLite ÷ its own single-row commits/s", ratios(run, sqlite, ROWS), 1.0),
        _goal("accepted/s ÷ the same handler that stores nothing", ratios(run, postgresql, ceiling), 0.8),
        _goal("accepted/s ÷ a Django ModelForm", ratios(run, SERVICE[1], DJANGO), 8),
        _goal("processor of app and database for each accepted, µs", cpu, 600, least=False),
        _goal("form pages, views/s", views, 3000),
        _goal(
            "memory of a worker whose store stands still while 10,000 posts arrive, MiB",
            [run.memory_mib] if run.memory_mib else [],
            200,
            least=False,
        ),
    ]


def _goal(name: str, found: Sequence[float], bound: float, *, least: bool = True, floor: float | None = None) -> Goal:
    if not found:
        return Goal(name, None, None, bound, least, floor)
    return Goal(name, statistics.median(found), (min(found), max(found)), bound, least, floor)


def as_json(one: Sample) -> dict[str, object]:
    """A line of the command's output; what wasn't measured is left out."""
    return {name: _rounded(value) for name, value in asdict(one).items() if value is not None}


@dataclass(frozen=True)
class Kept:
    """A run and the day of it, as the file beside the page holds them."""

    day: str
    run: Run


def kept(file: Path) -> Kept | None:
    """None where nothing was ever measured."""
    if not file.exists():
        return None
    said = json.loads(file.read_text(encoding="utf-8"))
    samples = [Sample(**one) for one in said["run"].pop("samples")]
    return Kept(said["day"], Run(**said["run"], samples=samples))


def write(run: Run, day: str, page: Path = PAGE) -> None:
    """The page, and the figures beside it for whatever reckons with them (`make scaling`)."""
    figures = json.dumps(asdict(Kept(day, run)), ensure_ascii=False, indent=1)
    page.with_suffix(".json").write_text(figures + "\n", encoding="utf-8")
    page.write_text("\n".join(lines(run, day)) + "\n", encoding="utf-8")


def lines(run: Run, day: str) -> Iterator[str]:
    """The document."""
    yield "# How fast comments are taken in"
    yield ""
    yield f"Written by `make bench` on {day}. {' '.join(run.about)}"
    yield ""
    yield "Every rate is the median of the rounds; in brackets the lowest and the highest. The measures take turns, so"
    yield "that whatever else the machine does hits all alike; a ratio is that of two measures of one round. The load"
    yield "generator shares the processors with the service. Look at the ratios first: rates move with the machine."
    yield ""
    yield "## Goals"
    yield ""
    yield "| | found | goal | |"
    yield "|---|---:|---:|---|"
    for goal in goals(run):
        yield _row(goal.name, _spread(goal.found, goal.spread), _bound(goal), goal.verdict)
    yield ""
    yield from _measures(run)
    yield from _parts(run)
    for note in run.notes:
        yield note
        yield ""
    yield from METHOD


def _measures(run: Run) -> Iterator[str]:
    yield "## Measures"
    yield ""
    yield "| | per second | p50 ms | p99 ms | app µs | database µs |"
    yield "|---|---:|---:|---:|---:|---:|"
    for measure in dict.fromkeys(one.measure for one in run.samples):
        taken = run.of(measure)
        rates = [one.rate for one in taken]
        cells = [_spread(statistics.median(rates), (min(rates), max(rates)))]
        columns: list[Callable[[Sample], float | None]] = [
            lambda one: one.p50,
            lambda one: one.p99,
            lambda one: one.app_us,
            lambda one: one.store_us,
        ]
        yield _row(measure, *cells, *(_median([column(one) for one in taken]) for column in columns))
    yield ""
    accepted = sum(one.accepted or 0 for one in run.samples)
    unanswered = sum(one.unanswered or 0 for one in run.samples)
    yield f"{accepted:,} replies with a receipt were looked up in the stores: every one is there, each once. The stores"
    yield f"hold {unanswered:,} more whose reply the load generator no longer waited for at the end of a round."
    yield ""


def _parts(run: Run) -> Iterator[str]:
    if not run.parts:
        return
    yield "## Where the time goes"
    yield ""
    yield "Microseconds of processor, each step timed alone in one process without a store."
    yield ""
    yield "| step | µs |"
    yield "|---|---:|"
    for step, spent in run.parts.items():
        yield _row(step, f"{spent:,.0f}")
    yield ""
    yield from _whole(run)


def _whole(run: Run) -> Iterator[str]:
    """What an accepted comment costs under load, taken apart by what was measured with and without a store."""
    ceiling, measure = next((pair for pair in UNSTORED.items() if pair[1] == run.best(POSTGRESQL)), ("", ""))
    app, unstored, server = (
        run.middle(*one) for one in ((measure, "app_us"), (ceiling, "app_us"), (measure, "store_us"))
    )
    if app is None or unstored is None:
        return
    steps = sum(spent for step, spent in run.parts.items() if not step.startswith(AGAIN))
    yield f"An accepted comment under load, taken apart ({measure}; of medians):"
    yield ""
    yield "| part | µs |"
    yield "|---|---:|"
    yield _row("the service without its store", f"{unstored:,.0f}")
    yield _row("– of which the steps above that it takes once", f"{steps:,.0f}")
    yield _row("– the rest: HTTP, framework, judging of the fields, making of the rows", f"{unstored - steps:,.0f}")
    yield _row("storing, in the service: statements, driver, the thread that writes", f"{app - unstored:,.0f}")
    yield _row("storing, in the database server", _number(server or 0))
    yield ""
    yield from _distance(run, unstored, server or 0)


def _distance(run: Run, unstored: float, server: float) -> Iterator[str]:
    """What the floor would leave for a comment, beside what the database and the service without it take."""
    single = run.rate(PGBENCH)
    if single is None or run.processors is None:
        return
    left = run.processors * 1_000_000 / (FLOOR * single)
    yield f"On {run.processors} processors {FLOOR:g} × pgbench leaves each comment {left:,.0f} µs of all of them,"
    yield f"load generator and database included. The database server alone takes {server:,.0f} µs for a comment's"
    yield f"seven rows with their keys, and the service {unstored:,.0f} µs before it stores anything."
    yield ""


METHOD = (
    "## How it is measured",
    "",
    "`benchmarks/intake.py` starts `yanlu serve` with the settings of production (`benchmarks/service.py`): captcha,",
    "audit, sealing and outbox are on, and each client has an address of its own. Each post is unique, about 500",
    "Chinese characters with a valid ID number, a token and a right captcha answer (`benchmarks/posting.py`): `proof`",
    "is the answer of a browser with a script, `digits` that of one without, of which only so many a minute pass",
    "without a person's look. `wrk` sends them over 32 connections. PostgreSQL is started by the command, on a disk,",
    "with fsync and synchronous_commit on. The single rows are of the same columns and size, with the same keys. What",
    "Django does is in `benchmarks/peer`; it seals nothing, asks no captcha and keeps no log. A round in which the",
    "posts ran out before the time did is done again with twice as many. Growth is measured by `make bench-queue`",
    "(docs/benchmarks-queue.md); documents and matching by `make bench-documents`.",
)


def _spread(found: float | None, spread: tuple[float, float] | None) -> str:
    if found is None or spread is None:
        return "–"
    return f"{_number(found)} ({_number(spread[0])}–{_number(spread[1])})"


def _bound(goal: Goal) -> str:
    return f"{'≥' if goal.least else '≤'} {goal.bound:g}" + (f" (floor {goal.floor:g})" if goal.floor else "")


def _median(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return _number(statistics.median(known)) if known else ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 20 else f"{value:.2f}"


def _rounded(value: object) -> object:
    return round(value, 2) if isinstance(value, float) else value


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def told(run: Run) -> Iterator[Mapping[str, object]]:
    """The goals as lines of the command's output."""
    for goal in goals(run):
        found = None if goal.found is None else round(goal.found, 3)
        yield {"goal": goal.name, "found": found, "bound": goal.bound, "verdict": goal.verdict.replace("*", "")}
