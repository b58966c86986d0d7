"""What is wrong with each row of a filled workbook, or what it will answer. Pure."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.dispositions.kinds import DispositionKind, needs_reason
from app.offices.columns import Column, as_compared, kind_called
from app.offices.filled import FilledRow
from app.offices.marks import read_mark
from app.offices.workbook import LONGEST_REASON, LONGEST_WORDS

LONGEST_APPROVER = 80
LONGEST_NUMBER = 200
EXCERPT = 60


class Fault(StrEnum):
    """Why a row can't be answered as it stands."""

    UNKNOWN = "unknown"
    FOREIGN = "foreign"
    TWICE = "twice"
    GONE = "gone"
    STALE = "stale"
    ALTERED = "altered"
    NO_DISPOSITION = "no_disposition"
    WHICH_DISPOSITION = "which_disposition"
    NO_REASON = "no_reason"
    TOO_LONG = "too_long"
    NO_DAY = "no_day"
    IN_FUTURE = "in_future"


@dataclass(frozen=True)
class Standing:
    """What the store knows of one of the department's assignments now."""

    edition: int
    suggestion: str
    is_open: bool


@dataclass(frozen=True)
class Said:
    """An answer as it was typed, checked for its form alone."""

    kind: DispositionKind
    reason: str
    citizen_words: str
    approver: str
    dated_on: date | None
    document_number: str

    def kept(self) -> dict[str, Any]:
        return asdict(self) | {"dated_on": self.dated_on.isoformat() if self.dated_on else None}


def said(kept: Mapping[str, Any]) -> Said:
    """The opposite of `Said.kept`."""
    day = kept["dated_on"]
    return Said(**(dict(kept) | {"kind": DispositionKind(kept["kind"]), "dated_on": _day(day) if day else None}))


@dataclass(frozen=True)
class CheckedRow:
    """One filled row: either `faults`, or what is to be answered to which assignment in which edition."""

    line: int
    excerpt: str
    faults: tuple[Fault, ...]
    assignment_id: uuid.UUID | None = None
    edition: int = 0
    said: Said | None = None

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "line": self.line,
            "excerpt": self.excerpt,
            "faults": [fault.value for fault in self.faults],
            "assignment_id": str(self.assignment_id) if self.assignment_id else None,
            "edition": self.edition,
            "said": self.said.kept() if self.said else None,
        }


def checked_row(kept: Mapping[str, Any]) -> CheckedRow:
    """The opposite of `CheckedRow.kept`."""
    return CheckedRow(
        line=kept["line"],
        excerpt=kept["excerpt"],
        faults=tuple(Fault(word) for word in kept["faults"]),
        assignment_id=uuid.UUID(kept["assignment_id"]) if kept["assignment_id"] else None,
        edition=kept["edition"],
        said=said(kept["said"]) if kept["said"] else None,
    )


@dataclass(frozen=True)
class Reader:
    """Who sent the workbook: with which key its marks were made, which department's it has to be, and on which day."""

    key: bytes
    department_id: str
    today: date


def looked_through(reader: Reader, rows: Sequence[FilledRow], known: Mapping[uuid.UUID, Standing]) -> list[CheckedRow]:
    """Every row that says something; `known` are the department's own assignments. A row with a fault does nothing."""
    found, seen = [], set[uuid.UUID]()
    for row in rows:
        mark = read_mark(reader.key, reader.department_id, row.cells[Column.MARK])
        if not row.is_filled:
            continue
        excerpt = row.cells[Column.SUGGESTION][:EXCERPT]
        if mark is None:
            fault = Fault.FOREIGN if row.cells[Column.MARK] else Fault.UNKNOWN
            found.append(CheckedRow(row.line, excerpt, (fault,)))
            continue
        faults = _of_place(row, mark.edition, known.get(mark.assignment_id), mark.assignment_id in seen)
        seen.add(mark.assignment_id)
        words, wrong = _words(row, reader.today)
        problems = (*faults, *wrong)
        answer = None if problems else words
        found.append(CheckedRow(row.line, excerpt, problems, mark.assignment_id, mark.edition, answer))
    return found


def ids_in(key: bytes, department_id: str, rows: Sequence[FilledRow]) -> set[uuid.UUID]:
    """The assignments that rows with a good mark name."""
    marks = [read_mark(key, department_id, row.cells[Column.MARK]) for row in rows]
    return {mark.assignment_id for mark in marks if mark}


def _of_place(row: FilledRow, edition: int, standing: Standing | None, twice: bool) -> list[Fault]:
    if twice:
        return [Fault.TWICE]
    if standing is None:
        return [Fault.FOREIGN]
    if not standing.is_open:
        return [Fault.GONE]
    if standing.edition != edition:
        return [Fault.STALE]
    same = as_compared(row.cells[Column.SUGGESTION]) == as_compared(standing.suggestion)
    return [] if same else [Fault.ALTERED]


def _words(row: FilledRow, today: date) -> tuple[Said | None, list[Fault]]:
    cells, faults = row.cells, []
    kind = kind_called(cells[Column.DISPOSITION])
    if kind is None:
        faults.append(Fault.WHICH_DISPOSITION if cells[Column.DISPOSITION] else Fault.NO_DISPOSITION)
    elif needs_reason(kind) and not cells[Column.REASON]:
        faults.append(Fault.NO_REASON)
    if _is_too_long(cells):
        faults.append(Fault.TOO_LONG)
    day = _day(cells[Column.DATED_ON])
    if cells[Column.DATED_ON] and day is None:
        faults.append(Fault.NO_DAY)
    if day is not None and day > today:
        faults.append(Fault.IN_FUTURE)
    if kind is None or faults:
        return None, faults
    reason, citizen_words, approver = cells[Column.REASON], cells[Column.CITIZEN_WORDS], cells[Column.APPROVER]
    return Said(kind, reason, citizen_words, approver, day, cells[Column.DOCUMENT_NUMBER]), []


def _is_too_long(cells: Mapping[Column, str]) -> bool:
    limits = {
        Column.REASON: LONGEST_REASON,
        Column.CITIZEN_WORDS: LONGEST_WORDS,
        Column.APPROVER: LONGEST_APPROVER,
        Column.DOCUMENT_NUMBER: LONGEST_NUMBER,
    }
    return any(len(cells[column]) > limit for column, limit in limits.items())


def _day(text: str) -> date | None:
    """2026-05-11, 2026/5/11, 2026.5.11 or 2026年5月11日."""
    plain = text.strip().rstrip("日").replace("年", "-").replace("月", "-").replace("/", "-").replace(".", "-")
    parts = plain.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        return date(*(int(part[:9]) for part in parts))
    except (ValueError, OverflowError):
        return None
