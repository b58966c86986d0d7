"""The figures that managers see: working them out anew."""

from datetime import date, timedelta

import typer
from rich.console import Console

from app.cli.store import opened
from app.cli.terminal import say
from app.desk import mending
from app.figures import backlog, folding
from app.kit.clock import Clock, SystemClock, beijing_day
from app.kit.database import Database

group = typer.Typer(help="Work out the figures of the managers' pages.", no_args_is_help=True)
ONE_DAY = timedelta(days=1)


@group.command()
def rebuild() -> None:
    """Forget what was rolled up and work every day out anew. The service may go on running."""
    with opened() as database, Console(stderr=True).status("counting"):
        days = made_anew(database, SystemClock())
    say(f"{days} days were worked out")


def made_anew(database: Database, clock: Clock) -> int:
    """Day by day, so that no writer waits long; how many days. Pages show fewer figures until it is done."""
    with database.reading() as session:
        first = folding.first_day(session)
    with database.writing() as session:
        folding.begin_anew(session)
    days = 0
    while first is not None and first + days * ONE_DAY <= beijing_day(clock.now()):
        _make(database, clock, first + days * ONE_DAY)
        days += 1
    with database.reading() as session:
        mending.take_time(session)
        waiting = list(backlog.standing(session))
    with database.writing() as session:
        folding.keep(session, clock.now(), [], waiting)
    return days


def _make(database: Database, clock: Clock, day: date) -> None:
    with database.reading() as session:
        mending.take_time(session)
        rolled = folding.roll_up(session, day)
    with database.writing() as session:
        folding.keep(session, clock.now(), [rolled])
