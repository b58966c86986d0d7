"""What the command line prints: tables for people, tab-separated lines for a pipe, JSON for a program."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.kit.clock import BEIJING

_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""What some readers take for the end of a line although JSON allows it inside a string."""


def say(line: str) -> None:
    typer.echo(line)


def complain(message: str) -> None:
    """One line on standard error, whatever the message holds."""
    typer.echo(f"yanlu: {' '.join(message.split())}", err=True)


def print_json(value: Any, *, pretty: bool = False) -> None:
    """One JSON object in UTF-8, whatever the terminal's encoding; a half surrogate and U+2028 stand as escapes."""
    line = json.dumps(value, ensure_ascii=False, indent=2 if pretty else None)
    typer.echo(line.translate(_LINE_ENDS).encode(errors="backslashreplace"))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> None:
    """A drawn table on a terminal; elsewhere a line with the columns' names, then one line a row, split by tabs."""
    if not rows:
        typer.echo(empty, err=not sys.stdout.isatty())
    elif sys.stdout.isatty():
        table = Table()
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        Console().print(table)
    else:
        for line in (columns, *rows):
            typer.echo("\t".join(" ".join(cell.split()) for cell in line))


def in_beijing(instant: datetime | None) -> str:
    """Minutes are enough for a person; empty where there is no instant."""
    return instant.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if instant else ""


def end_in_beijing(instant: datetime) -> str:
    """The end of a window: midnight is 24:00 of the day that it ends, as notices write it."""
    local = instant.astimezone(BEIJING)
    if local.time() == time():
        return (local - timedelta(days=1)).strftime("%Y-%m-%d 24:00")
    return in_beijing(instant)
