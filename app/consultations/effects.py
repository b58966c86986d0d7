"""What each change after the opening does to the window (意见征集期限). Pure.

No statute says how long a window lasts after a mistake; these are the column's own rules, held as data so that they can
be read and changed in one place. They never take time away from people, but for closing early.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.calendars.working_days import Calendar
from app.consultations.lifecycle import LegalNature
from app.consultations.windows import Unit, rule_of
from app.kit.clock import beijing_day, end_of_beijing_day

DAY = timedelta(days=1)


class NoteKind(StrEnum):
    """What happened to a consultation after its opening; each is told to the public by a note."""

    RESCHEDULE = "reschedule"
    EXTENSION = "extension"
    EARLY_CLOSING = "early_closing"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    CORRECTION = "correction"
    SUBSTANTIVE_CORRECTION = "substantive_correction"
    REPLACEMENT = "replacement"
    WITHDRAWAL = "withdrawal"
    TERMINATION = "termination"
    SHELVING = "shelving"


class WindowEffect(StrEnum):
    """UNCHANGED: the closing instant stays. MOVED_WITH_OPENING: an opening put off puts it off by as many whole days;
    an opening brought forward leaves it. CHOSEN: a person chose a later one. EXTENDED_BY_SUSPENDED_TIME: by a day for
    each day of the window that was lost, a begun one counted whole, so that the time of day stays as it was announced.
    RESTARTED: not before the statutory minimum, counted anew, has run out. ENDS_NOW: no comment is taken any more.
    """

    UNCHANGED = "unchanged"
    MOVED_WITH_OPENING = "moved_with_opening"
    CHOSEN = "chosen"
    EXTENDED_BY_SUSPENDED_TIME = "extended_by_suspended_time"
    RESTARTED = "restarted"
    ENDS_NOW = "ends_now"


EFFECT_ON_WINDOW: Mapping[NoteKind, WindowEffect] = {
    NoteKind.RESCHEDULE: WindowEffect.MOVED_WITH_OPENING,
    NoteKind.EXTENSION: WindowEffect.CHOSEN,
    NoteKind.EARLY_CLOSING: WindowEffect.ENDS_NOW,
    NoteKind.SUSPENSION: WindowEffect.UNCHANGED,
    NoteKind.RESUMPTION: WindowEffect.EXTENDED_BY_SUSPENDED_TIME,
    NoteKind.CORRECTION: WindowEffect.UNCHANGED,
    NoteKind.SUBSTANTIVE_CORRECTION: WindowEffect.RESTARTED,
    NoteKind.REPLACEMENT: WindowEffect.RESTARTED,
    NoteKind.WITHDRAWAL: WindowEffect.UNCHANGED,
    NoteKind.TERMINATION: WindowEffect.UNCHANGED,
    NoteKind.SHELVING: WindowEffect.UNCHANGED,
}
ENDS_SUSPENSION = frozenset({NoteKind.RESUMPTION, NoteKind.REPLACEMENT})


@dataclass(frozen=True)
class Window:
    """`opens_at` ≤ t < `closes_at`; `suspended_at` is set while no comments are taken."""

    opens_at: datetime
    closes_at: datetime
    suspended_at: datetime | None = None


def lost_time(window: Window, at: datetime) -> timedelta:
    """How much of the window the present suspension has taken by then: nothing of the time before the opening."""
    if window.suspended_at is None:
        return timedelta(0)
    return max(timedelta(0), at - max(window.suspended_at, window.opens_at))


def closes_after(
    kind: NoteKind,
    window: Window,
    at: datetime,
    *,
    chosen: datetime | None = None,
    least: datetime | None = None,
) -> datetime:
    """The closing instant after a change at that instant.

    `chosen` is the new opening of a RESCHEDULE and the new closing of an EXTENSION; `least` the first instant at which
    the statutory minimum, counted anew, has run out. A change that ends a suspension gives the lost time back.
    """
    effect = EFFECT_ON_WINDOW[kind]
    closes_at = window.closes_at
    if kind in ENDS_SUSPENSION:
        closes_at += whole_days(lost_time(window, at))
    if effect is WindowEffect.ENDS_NOW:
        return min(closes_at, at)
    if effect is WindowEffect.CHOSEN and chosen is not None:
        return chosen
    if effect is WindowEffect.MOVED_WITH_OPENING and chosen is not None:
        return closes_at + whole_days(chosen - window.opens_at)
    if effect is WindowEffect.RESTARTED and least is not None:
        return max(closes_at, least)
    return closes_at


def least_closing(nature: LegalNature, opening: datetime, calendar: Calendar) -> datetime:
    """The first instant at which the statutory minimum has run out, counted anew from the day of that opening."""
    rule, first = rule_of(nature), beijing_day(opening)
    if rule.unit is Unit.WORKING_DAYS:
        return end_of_beijing_day(calendar.after(first, rule.required).day)
    return end_of_beijing_day(first + timedelta(days=rule.required))


def whole_days(length: timedelta) -> timedelta:
    """The length in days, a begun one counted whole; nothing for a length below zero."""
    return max(0, -(-length // DAY)) * DAY
