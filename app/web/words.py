"""Instants, days and spans of time in full words, in Beijing's time and the reader's language."""

from datetime import date, datetime, time, timedelta

from babel.dates import format_date

from app.kit.clock import BEIJING
from app.web.i18n import gettext as _
from app.web.i18n import language, ngettext

PATTERNS = {"zh_CN": "y年M月d日", "en": "d MMMM y"}


def day(value: date) -> str:
    """A date in full."""
    return format_date(value, PATTERNS[language()], locale=language())


def instant(value: datetime) -> str:
    """To the minute, with the time zone; midnight is 24:00 of the day that ends with it."""
    local = value.astimezone(BEIJING)
    if local.time() == time():
        return _("%(day)s, 24:00 (Beijing time)") % {"day": day(local.date() - timedelta(days=1))}
    return _("%(day)s, %(clock)s (Beijing time)") % {"day": day(local.date()), "clock": f"{local:%H:%M}"}


def exact_instant(value: datetime) -> str:
    """To the second, as a receipt says it; midnight is 00:00:00 of the day that begins with it."""
    local = value.astimezone(BEIJING)
    return _("%(day)s, %(clock)s (Beijing time)") % {"day": day(local.date()), "clock": f"{local:%H:%M:%S}"}


def short_instant(value: datetime) -> str:
    return f"{value.astimezone(BEIJING):%m-%d %H:%M}"


def clock(value: datetime) -> str:
    """Hours and minutes of today."""
    return f"{value.astimezone(BEIJING):%H:%M}"


def time_left(closes_at: datetime, now: datetime) -> str | None:
    """How long it still is, in the largest unit that fits; None when the time is over."""
    left = closes_at - now
    if left <= timedelta():
        return None
    if left >= timedelta(days=1):
        number = left.days
        return ngettext("%(number)d day left", "%(number)d days left", number) % {"number": number}
    if left >= timedelta(hours=1):
        number = left.seconds // 3600
        return ngettext("%(number)d hour left", "%(number)d hours left", number) % {"number": number}
    number = max(1, left.seconds // 60)
    return ngettext("%(number)d minute left", "%(number)d minutes left", number) % {"number": number}
