"""What the checks before an opening found, in words and with its place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.consultations.checks import Checks, NoticeWarning, Part, Subject, WarningCode
from app.consultations.windows import Unit, Verdict, WindowFinding
from app.web import words
from app.web.i18n import N_, ngettext
from app.web.i18n import gettext as _

AROUND = 16
"""Code points shown before and behind an excerpt, on its own line."""
LONGEST_EXCERPT = 60
WORDS = {
    WarningCode.DATE_DAMAGED: N_("A date lost characters or was left open."),
    WarningCode.DATE_IMPOSSIBLE: N_("No calendar has this date."),
    WarningCode.DEADLINE_UNREADABLE: N_("The deadline can't be read, so it was not compared with the one entered."),
    WarningCode.DEADLINE_DIFFERS: N_("The text's deadline is %(printed)s, the one entered is %(entered)s."),
    WarningCode.DEADLINE_PASSED: N_("The deadline, %(day)s, is over."),
    WarningCode.ATTACHMENT_MISSING: N_("An attachment is named that is not here: %(name)s"),
    WarningCode.MARK_UNCLOSED: N_("This mark is never closed."),
    WarningCode.MARK_UNOPENED: N_("This mark was never opened."),
    WarningCode.FREE_MAIL: N_("An address at a provider of free mail (%(provider)s); an office has one of its own."),
    WarningCode.FIELD_UNEXPLAINED: N_("The privacy page does not say what this field is for."),
    WarningCode.FIELD_UNLISTED: N_(
        "The form asks for this, but the list of details to give leaves it out: “%(listed)s”"
    ),
    WarningCode.INTERNAL_MATTER: N_("Internal matter does not belong in a public text."),
    WarningCode.OFFICIAL_NAMED: N_("An official is named."),
    WarningCode.WATCHED_WORD: N_("On the list of words to watch. %(remark)s"),
}
_DAYS = frozenset({"printed", "entered", "day"})


@dataclass(frozen=True)
class Place:
    """Where a warning points, with the words around it."""

    line: int
    before: str
    excerpt: str
    behind: str


@dataclass(frozen=True)
class Told:
    """What is wrong at one place, at several or, where something is missing, at none."""

    words: str
    places: list[Place]


@dataclass(frozen=True)
class PartView:
    """`number` counts the warnings."""

    part: Part
    number: int
    told: list[Told]


@dataclass(frozen=True)
class WindowView:
    """The finding about a window in sentences; the rule's own words are Chinese."""

    verdict: Verdict
    heading: str
    counted: str
    asked: str
    rule: str
    wording: str
    verified: bool
    assumed: str


def parts(subject: Subject, checks: Checks) -> list[PartView]:
    """The warnings by part; those that say the same stand together, in the order of their first places."""
    grouped = groupby(checks.warnings, key=lambda warning: warning.part)
    return [_part_view(subject, part, list(warnings)) for part, warnings in grouped]


def _part_view(subject: Subject, part: Part, warnings: list[NoticeWarning]) -> PartView:
    told: dict[str, Told] = {}
    for warning in warnings:
        words = sentence(warning)
        places = told.setdefault(words, Told(words, [])).places
        if warning.excerpt:
            places.append(_place(subject, warning))
    return PartView(part, len(warnings), list(told.values()))


def _place(subject: Subject, warning: NoticeWarning) -> Place:
    text = subject.text(warning.part)
    begin = text.rfind("\n", 0, warning.start) + 1
    end = text.find("\n", warning.end)
    return Place(
        line=warning.line,
        before=text[max(begin, warning.start - AROUND) : warning.start],
        excerpt=warning.excerpt[:LONGEST_EXCERPT],
        behind=text[warning.end : min(len(text) if end < 0 else end, warning.end + AROUND)],
    )


def sentence(warning: NoticeWarning) -> str:
    shown = {
        name: words.day(date.fromisoformat(value)) if name in _DAYS else value for name, value in warning.detail.items()
    }
    return (_(WORDS[warning.code]) % shown).strip()


def window_view(window: WindowFinding) -> WindowView:
    rule = window.rule
    return WindowView(
        verdict=window.verdict,
        heading=_(_HEADINGS[window.verdict]),
        counted=_("After the publication day, %(first)s, up to and including %(last)s: %(calendar)s, %(working)s.")
        % {
            "first": words.day(window.published_on),
            "last": words.day(window.last_day),
            "calendar": _number(Unit.CALENDAR_DAYS, window.calendar_days),
            "working": _number(Unit.WORKING_DAYS, window.working_days),
        },
        asked=_("At least %(days)s are asked for.") % {"days": _number(rule.unit, rule.required)},
        rule=rule.source + rule.article,
        wording=rule.wording,
        verified=rule.verified,
        assumed=_assumed(window),
    )


_HEADINGS = {
    Verdict.PASS: N_("The window is long enough"),
    Verdict.WARN: N_("The window is too short; it may be shortened for a reason that the public is told"),
    Verdict.BLOCK: N_("The window is too short, and no reason shortens it"),
}
_NUMBERS: dict[Unit, Callable[[int], str]] = {
    Unit.CALENDAR_DAYS: lambda number: ngettext("%(number)d calendar day", "%(number)d calendar days", number),
    Unit.WORKING_DAYS: lambda number: ngettext("%(number)d working day", "%(number)d working days", number),
}


def _number(unit: Unit, number: int) -> str:
    return _NUMBERS[unit](number) % {"number": number}


def _assumed(window: WindowFinding) -> str:
    if not window.assumed_years:
        return ""
    return _("The holidays of %(year)s aren't known yet; Monday to Friday are taken for working days.") % {
        "year": window.assumed_years[0]
    }
