"""Bars to draw: where each stands and how long it is, as shares of the drawing: letters keep their size. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

ROW_HEIGHT = 56
PLOT_HEIGHT = 160
FILLED = 0.8
"""How much of its place a column takes."""
LONGEST_LABEL = 15


@dataclass(frozen=True)
class Bar:
    """One row of a chart: its whole name for the table, a short one to draw, `width` in hundredths, `y` in pixels."""

    name: str
    short: str
    count: int
    width: float
    y: int


@dataclass(frozen=True)
class BarChart:
    bars: Sequence[Bar]
    height: int


@dataclass(frozen=True)
class Column:
    """One day: `x` and `width` in hundredths of the drawing, `y` and `height` in pixels."""

    day: date
    name: str
    count: int
    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True)
class ColumnChart:
    columns: Sequence[Column]
    most: int
    height: int = PLOT_HEIGHT


def bar_chart(counts: Mapping[str, int]) -> BarChart:
    """The longest bar fills the drawing."""
    most = max(counts.values(), default=0) or 1
    bars = [
        Bar(name, _short(name), count, round(100 * count / most, 2), place * ROW_HEIGHT)
        for place, (name, count) in enumerate(counts.items())
    ]
    return BarChart(bars, len(bars) * ROW_HEIGHT)


def column_chart(counts: Mapping[date, int], name: Callable[[date], str]) -> ColumnChart:
    most = max(counts.values(), default=0)
    share = 100 / (len(counts) or 1)
    columns = [
        Column(
            day,
            name(day),
            count,
            x=round(place * share, 3),
            width=round(share * FILLED, 3),
            y=round(PLOT_HEIGHT * (1 - count / (most or 1)), 1),
            height=round(PLOT_HEIGHT * count / (most or 1), 1),
        )
        for place, (day, count) in enumerate(counts.items())
    ]
    return ColumnChart(columns, most)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"
