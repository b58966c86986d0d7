"""The directory as a CSV table (RFC 4180): a line for each unit, safe to open in a spreadsheet.

Columns that hold several values split them by `|`; a former name may end in `@from/until`, a successor's id in `@day`.
A cell that a spreadsheet would take for a formula gets an apostrophe before it, which is taken off again when read.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from app.departments.lifecycle import DepartmentState
from app.departments.units import DirectoryEntry, FormerName, Level, Relationship, Succession
from app.exports.tabular import safe
from app.kit.errors import DomainError, Unprocessable
from app.kit.text import tidy

REQUIRED = ("id", "name", "aliases", "level", "relationship")
COLUMNS = (
    *REQUIRED,
    "valid_from",
    "valid_until",
    "state",
    "ended_reason",
    "successors",
    "former_names",
    "source",
)
MAX_ROWS = 20_000
Choice = TypeVar("Choice", bound=StrEnum)
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_SPAN = re.compile(r"(\d{4}[-/]\d{1,2}[-/]\d{1,2})?/(\d{4}[-/]\d{1,2}[-/]\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, `line` counted from 1 at the header: an entry, or the reason why it is none."""

    line: int
    id: str
    name: str
    entry: DirectoryEntry | None
    problem: DomainError | None = None


def read_table(text: str) -> tuple[Row, ...]:
    """The rows of a table, those that can't be read too; empty lines are passed over.

    Raises Unprocessable when it is no such table: a wrong header, broken quotes, too many rows.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(header)
        return tuple(_rows(reader, header))
    except csv.Error as error:
        raise Unprocessable("table_broken", line=reader.line_num) from error


def _check_header(header: Sequence[str]) -> None:
    missing = [column for column in REQUIRED if column not in header]
    unknown = [column for column in header if column not in COLUMNS]
    if missing or unknown or len(set(header)) != len(header):
        raise Unprocessable("table_header", missing=", ".join(missing) or "-", unknown=", ".join(unknown)[:200] or "-")


class _Reader(Protocol):
    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...


def _rows(reader: _Reader, header: Sequence[str]) -> Iterator[Row]:
    begin = reader.line_num + 1
    for count, cells in enumerate(reader, 1):
        if count > MAX_ROWS:
            raise Unprocessable("table_too_long", limit=MAX_ROWS)
        if any(cell.strip() for cell in cells):
            yield _row(begin, header, cells)
        begin = reader.line_num + 1


def _row(line: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    values = dict.fromkeys(COLUMNS, "") | {
        column: _plain(cell) for column, cell in zip(header, cells, strict=False) if cell
    }
    try:
        if len(cells) != len(header):
            raise Unprocessable("row_length", cells=len(cells), columns=len(header))
        return Row(line, values["id"], values["name"], entry_of(values))
    except DomainError as problem:
        return Row(line, values["id"][:80], values["name"][:80], None, problem)


def entry_of(values: Mapping[str, str]) -> DirectoryEntry:
    """The entry that the cells of one row say. Raises Unprocessable for a cell that isn't of its column's kind."""
    return DirectoryEntry(
        id=values["id"],
        name=tidy(values["name"]),
        aliases=tuple(map(tidy, _parts(values["aliases"]))),
        level=_choice(Level, "level", values["level"]),
        relationship=_choice(Relationship, "relationship", values["relationship"]),
        valid_from=read_day(values["valid_from"]),
        valid_until=read_day(values["valid_until"]),
        state=_choice(DepartmentState, "state", values["state"] or DepartmentState.ACTIVE),
        ended_reason=values["ended_reason"] or None,
        successors=tuple(sorted(map(_succession, _parts(values["successors"])), key=lambda taker: taker.successor_id)),
        former_names=read_former_names(values["former_names"]),
        source=values["source"] or None,
    )


def read_entries(text: str) -> tuple[DirectoryEntry, ...]:
    """The entries of a table in which every row can be read. Raises Unprocessable for the first that can't."""
    entries = []
    for row in read_table(text):
        if row.entry is None:
            raise row.problem or Unprocessable
        entries.append(row.entry)
    return tuple(entries)


def write_table(entries: Iterable[DirectoryEntry]) -> str:
    """The table from which `read_entries` gives the same entries again."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in cells_of(entry).values()] for entry in entries)
    return lines.getvalue()


def cells_of(entry: DirectoryEntry) -> dict[str, str]:
    """Column → cell, as a table holds it, without what makes it safe."""
    return {
        "id": entry.id,
        "name": entry.name,
        "aliases": "|".join(entry.aliases),
        "level": entry.level.value,
        "relationship": entry.relationship.value,
        "valid_from": _day(entry.valid_from),
        "valid_until": _day(entry.valid_until),
        "state": entry.state.value,
        "ended_reason": entry.ended_reason or "",
        "successors": "|".join(map(_write_succession, entry.successors)),
        "former_names": "|".join(map(write_former_name, entry.former_names)),
        "source": entry.source or "",
    }


def read_former_names(cell: str) -> tuple[FormerName, ...]:
    """Names that may end in `@from/until`, either day left out where it isn't known. Raises Unprocessable."""
    return tuple(map(_former_name, _parts(cell)))


def write_former_name(former: FormerName) -> str:
    if former.valid_from is None and former.valid_until is None:
        return former.name
    return f"{former.name}@{_day(former.valid_from)}/{_day(former.valid_until)}"


def read_day(cell: str) -> date | None:
    """A day as 2023-05-18 or, as spreadsheets rewrite it, 2023/5/18. Raises Unprocessable."""
    if not cell:
        return None
    found = _DAY.fullmatch(cell.strip())
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(cell)
    except ValueError as error:
        raise Unprocessable("day_form", written=cell[:40]) from error


def _former_name(part: str) -> FormerName:
    name, sign, days = part.partition("@")
    found = _SPAN.fullmatch(days.strip())
    if sign and not found:
        raise Unprocessable("day_form", written=days[:40])
    begin, end = (read_day(day or "") for day in found.groups()) if found else (None, None)
    return FormerName(tidy(name), begin, end)


def _succession(part: str) -> Succession:
    successor, _, day = part.partition("@")
    return Succession(successor.strip(), read_day(day.strip()))


def _write_succession(succession: Succession) -> str:
    return succession.successor_id + (f"@{_day(succession.since)}" if succession.since else "")


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _choice(kind: type[Choice], column: str, cell: str) -> Choice:
    try:
        return kind(cell)
    except ValueError as error:
        raise Unprocessable("cell_value", column=column, written=cell[:40]) from error


def _plain(cell: str) -> str:
    return cell.strip().removeprefix("'")
