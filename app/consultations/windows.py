"""The least length of a window by law, and whether a window has it. Pure.

How days are counted (《民法典》 §§201, 203; 重大行政决策程序暂行条例 §15): the publication day is not counted, the last
day counts only when it runs to its 24:00 in Beijing.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources

from app.calendars.working_days import Calendar, DayCount
from app.consultations.lifecycle import LegalNature
from app.kit.clock import beijing_day


class Verdict(StrEnum):
    """WARN: too short, but the law lets it be shortened with a published reason. BLOCK: too short."""

    PASS = "pass"  # noqa: S105
    WARN = "warn"
    BLOCK = "block"


class Unit(StrEnum):
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class WindowRule:
    """The least window for one legal nature. `verified` is false where the sentence wasn't read in the source.

    `source`, `article` and `wording` are in Chinese, as they are cited; `shortfall` is never PASS.
    """

    nature: LegalNature
    required: int
    unit: Unit
    shortfall: Verdict
    source: str
    article: str
    wording: str
    verified: bool
    dated: date | None

    @property
    def may_shorten(self) -> bool:
        """Whether a published reason makes a shorter window possible."""
        return self.shortfall is Verdict.WARN


@dataclass(frozen=True, slots=True)
class WindowFinding:
    """Whether a window is long enough, and the figures that say so.

    `published_on` isn't counted, `last_day` is the last one that counts whole. `assumed_years` are years of the span
    whose holidays aren't known: there the number of working days takes every Monday to Friday.
    """

    verdict: Verdict
    rule: WindowRule
    published_on: date
    last_day: date
    calendar_days: int
    working_days: int
    assumed_years: tuple[int, ...] = ()

    @property
    def required(self) -> int:
        return self.rule.required

    @property
    def unit(self) -> Unit:
        return self.rule.unit

    @property
    def may_shorten(self) -> bool:
        return self.rule.may_shorten

    @property
    def assumed(self) -> bool:
        """Whether a figure leans on holidays that nobody has entered yet."""
        return bool(self.assumed_years)

    @property
    def given(self) -> int:
        """The days that count, in the rule's unit."""
        return self.working_days if self.unit is Unit.WORKING_DAYS else self.calendar_days


def rule_of(nature: LegalNature) -> WindowRule:
    """Every legal nature has one."""
    return _rules()[nature]


def check_window(
    nature: LegalNature, published_on: date | None, opens_at: datetime, closes_at: datetime, calendar: Calendar
) -> WindowFinding:
    """Counts from the publication day: the later of the one entered and the day in Beijing on which it opens."""
    rule = rule_of(nature)
    opening = beijing_day(opens_at)
    first = max(published_on, opening) if published_on else opening
    last = last_whole_day(closes_at)
    days: DayCount = calendar.count(first, last)
    given = days.working_days if rule.unit is Unit.WORKING_DAYS else days.calendar_days
    return WindowFinding(
        verdict=Verdict.PASS if given >= rule.required else rule.shortfall,
        rule=rule,
        published_on=first,
        last_day=last,
        calendar_days=days.calendar_days,
        working_days=days.working_days,
        assumed_years=days.assumed_years,
    )


def last_whole_day(closes_at: datetime) -> date:
    """The last day in Beijing that has ended when the window closes; a day cut short at 18:00 isn't a whole one."""
    return beijing_day(closes_at) - timedelta(days=1)


@cache
def _rules() -> dict[LegalNature, WindowRule]:
    text = resources.files("app.consultations").joinpath("data", "windows.toml").read_text(encoding="utf-8")
    return {LegalNature(name): _rule(LegalNature(name), row) for name, row in tomllib.loads(text).items()}


def _rule(nature: LegalNature, row: dict[str, object]) -> WindowRule:
    return WindowRule(
        nature=nature,
        required=int(str(row["required"])),
        unit=Unit(str(row["unit"])),
        shortfall=Verdict(str(row["shortfall"])),
        source=str(row["source"]),
        article=str(row["article"]),
        wording=str(row["wording"]),
        verified=row["verified"] is True,
        dated=day if isinstance(day := row.get("dated"), date) else None,
    )
