"""Noticing rushes and telling of them, beside the jobs and in a thread of its own.

The message says that there is an alert, of which kind and where to look: never what anybody wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from threading import Event

import structlog

from app.alerts import queries, raising
from app.alerts.models import Alert
from app.config import Settings
from app.deliveries.channels import Channel
from app.deliveries.messages import Letter, Sender, compose
from app.kit.catalogues import N_, translations
from app.kit.clock import BEIJING, Clock, SystemClock
from app.kit.database import Database
from app.worker import delivering
from app.worker.failures import place_of
from app.worker.letters import LANGUAGE

PAUSE_SECONDS = 60.0
TOLD_WITHIN = timedelta(days=1)
"""Older alerts are on the desk and no news any more."""
SUBJECT = N_("Alert: far more comes in than usual (%(number)s)")
TEXT = N_(
    "Far more came in within an hour than is usual for a consultation. Alerts that nobody has looked at: %(number)s.\n"
    "Please sign in and look at the page of alerts: %(url)s\n"
    "This message holds nothing of what was sent in. It was written by a machine; nobody reads answers to it."
)

log = structlog.get_logger("yanlu.alerts")


@dataclass(frozen=True)
class Watch:
    """Who is told by which way, and when not."""

    channel: Channel | None
    sender: Sender
    to: str
    quiet: tuple[time, time] | None
    url: str


def watch_of(settings: Settings) -> Watch:
    """Without an address, or without mail, alerts are on the desk only. Raises ConfigurationError."""
    post = delivering.post_of(settings) if settings.alert_mail else None
    begin, _, end = settings.alert_quiet.partition("-")  # of "off" there is no end
    return Watch(
        channel=post.channel if post else None,
        sender=Sender(settings.mail_sender, settings.mail_from),
        to=settings.alert_mail,
        quiet=(time.fromisoformat(begin), time.fromisoformat(end)) if end else None,
        url=f"{settings.staff_url}/alerts",
    )


def run(database: Database, watch: Watch, stop: Event) -> None:
    """Works until `stop` is set. A store or a mail server that can't be reached is tried again."""
    clock = SystemClock()
    while not stop.is_set():
        try:
            raise_alerts(database, clock)
            tell(database, clock, watch)
        except Exception as error:  # whatever went wrong with one hour, the next has to be looked at
            log.error("watching_failed", error=place_of(error))
        stop.wait(PAUSE_SECONDS)
    if watch.channel:
        watch.channel.close()


def raise_alerts(database: Database, clock: Clock) -> int:
    """How many were raised."""
    with database.writing() as session:
        raised = raising.watch(session, clock.now())
    for alert in raised:
        log.warning("alert", kind=alert.kind.value, number=alert.number, usual=alert.usual)
    return len(raised)


def tell(database: Database, clock: Clock, watch: Watch) -> int:
    """One message for all that nobody was told of; how many it told of. At least once: what fails is told again."""
    now = clock.now()
    if watch.channel is None or is_quiet(watch.quiet, now):
        return 0
    with database.reading() as session:
        alerts = queries.to_mail(session, now - TOLD_WITHIN)
    if not alerts:
        return 0
    watch.channel.send(compose(alerts[0].id, watch.sender, watch.to, _letter(alerts, watch), now))
    with database.writing() as session:
        queries.mark_mailed(session, alerts, now)
    return len(alerts)


def is_quiet(quiet: tuple[time, time] | None, now: datetime) -> bool:
    """Whether the time of day in Beijing lies between the two, midnight inside where the first is the later."""
    if quiet is None:
        return False
    begin, end = quiet
    local = now.astimezone(BEIJING).time()
    return begin <= local < end if begin <= end else local >= begin or local < end


def _letter(alerts: Sequence[Alert], watch: Watch) -> Letter:
    said = translations(LANGUAGE).gettext
    number = len(alerts)
    return Letter(said(SUBJECT) % {"number": number}, said(TEXT) % {"number": number, "url": watch.url})
