"""Printing what one needs to walk through the demonstration."""

import sys
from pathlib import Path

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.cli.demonstration import concluded
from app.cli.demonstration.facts import Facts
from app.cli.terminal import say


def show(facts: Facts, file: Path, log: Path | None) -> None:
    """A panel on a terminal, plain lines elsewhere; `log` is there while the service runs."""
    if sys.stdout.isatty():
        Console().print(_panel(facts, file, log))
        # A long line that must be copied whole stands outside the frame.
        say(_curl(facts))
    else:
        for name, value in _lines(facts, file, log):
            say(f"{name}: {value}")
        for account in facts.staff:
            say(f"{account.username}\t{account.password}")
        say(_curl(facts))
        if log is not None:
            say("Ctrl-C stops.")


def _lines(facts: Facts, file: Path, log: Path | None) -> list[tuple[str, str]]:
    lines = [
        ("public address", f"{facts.public_url}/consultations/{facts.slug}"),
        ("staff address", facts.staff_url),
        ("concluded, with its results", f"{facts.public_url}/consultations/{concluded.SLUG}/results"),
        ("department of the key", facts.department),
        ("answered by a program", facts.played_name or "no department"),
        ("kept in", str(file)),
    ]
    return [*lines, ("log", str(log))] if log is not None else lines


def _curl(facts: Facts) -> str:
    return f'curl -H "Authorization: Bearer {facts.api_key}" {facts.public_url}/api/v1/assignments'


def _panel(facts: Facts, file: Path, log: Path | None) -> Panel:
    grid = Table.grid(padding=(0, 2))
    for name, value in _lines(facts, file, log):
        grid.add_row(name, Text(value, overflow="fold"))
    staff = Table("user name", "password", box=None, pad_edge=False)
    for account in facts.staff:
        staff.add_row(account.username, account.password)
    title = "Yanlu demonstration: Ctrl-C stops" if log is not None else "Yanlu demonstration"
    return Panel(Group(grid, Text(), staff), title=title, expand=False)
