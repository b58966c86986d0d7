"""Working days and holidays of years that the shipped calendar doesn't know yet."""

from pathlib import Path
from typing import Annotated

import typer

from app.calendars import actions, queries
from app.calendars.lists import read_days
from app.cli.files import read_text
from app.cli.store import me, opened
from app.cli.terminal import complain, print_json, print_table, say
from app.kit.clock import SystemClock

group = typer.Typer(help="Holidays and shifted working days: import a list, show a year.", no_args_is_help=True)


@group.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(help="One day a line: 2027-01-01 休 元旦 SOURCE (休 is off, 班 worked).")],
) -> None:
    """Enter the days of the State Council's list of a year; days entered before are replaced."""
    days = read_days(read_text(file))
    with opened() as database, database.writing() as session:
        actions.enter_days(session, me(), SystemClock().now(), days)
        calendar = queries.calendar(session)
    say(f"{len(days)} days entered")
    for year in sorted({entered.day.year for entered in days}):
        if not calendar.knows(year):
            complain(f"the holidays of {year} aren't whole: its 1 January and 1 October must be entered as days off")


@group.command("list")
def list_year(
    year: Annotated[int, typer.Argument(help="The year.", min=1, max=9999)],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the days of a year on which the rule of Monday to Friday doesn't hold, and whether the year is known."""
    with opened() as database, database.reading() as session:
        calendar = queries.calendar(session)
        notes = {row.day: row.note for row in queries.entered(session, year)}
    shifted = calendar.shifted(year)
    if as_json:
        days = [{"day": day.isoformat(), "working": working, "note": notes.get(day)} for day, working in shifted]
        print_json({"year": year, "known": calendar.knows(year), "days": days})
        return
    if not calendar.knows(year):
        complain(f"the holidays of {year} aren't known yet: Monday to Friday are taken for working days")
    print_table(
        ("day", "worked", "note"),
        [(day.isoformat(), "班" if working else "休", notes.get(day, "")) for day, working in shifted],
        empty=f"no day of {year} breaks the rule of Monday to Friday",
    )
