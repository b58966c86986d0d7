"""What a table would change in the directory, row by row, before anything is changed. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.departments.checking import Claims, check, check_successors
from app.departments.tabular import Row, cells_of, write_table
from app.departments.units import DirectoryEntry
from app.kit.errors import Conflict, DomainError


class Outcome(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Change:
    """One column of one entry, as a table holds it before and after."""

    column: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.column}: {self.before or '-'} → {self.after or '-'}"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What one row would do. `problem` is set when it is refused, `entry` when it can be read."""

    row: Row
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    problem: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table would do. Entries that it doesn't name stay as they are."""

    rows: tuple[PlannedRow, ...]

    def of(self, outcome: Outcome) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.outcome is outcome)


def plan(entries: Sequence[DirectoryEntry], rows: Sequence[Row]) -> Plan:
    """Each row against the directory as it would be after all of them: aliases may move from one row to another."""
    known = {entry.id: entry for entry in entries}
    given = {row.entry.id: row.entry for row in reversed(rows) if row.entry}
    after = known | given
    claims = Claims(entry for entry in entries if entry.id not in given)
    names = {entry.name: entry.id for entry in entries}
    seen: set[str] = set()
    planned = []
    for row in rows:
        problem = row.problem or _problem(row, after, claims, seen) or _name_in_use(row, names)
        if row.entry is None or problem is not None:
            planned.append(PlannedRow(row, Outcome.REFUSED, problem=problem))
            continue
        claims.add(row.entry)
        before = known.get(row.entry.id)
        changes = changes_between(before, row.entry) if before else ()
        outcome = Outcome.ADDED if before is None else Outcome.CHANGED if changes else Outcome.UNCHANGED
        planned.append(PlannedRow(row, outcome, changes))
    return Plan(tuple(planned))


def _problem(row: Row, after: dict[str, DirectoryEntry], claims: Claims, seen: set[str]) -> DomainError | None:
    if row.entry is None:
        return None
    try:
        check(row.entry)
        if row.entry.id in seen:
            raise Conflict("id_repeated", id=row.entry.id)
        seen.add(row.entry.id)
        claims.refuse(row.entry)
        check_successors(row.entry, after)
    except DomainError as problem:
        return problem
    return None


def _name_in_use(row: Row, names: dict[str, str]) -> DomainError | None:
    """A canonical name moves in two steps: two departments can't swap theirs in one table."""
    holder = names.get(row.entry.name) if row.entry else None
    if row.entry is None or holder in (None, row.entry.id):
        return None
    return Conflict("department_name_taken", written=row.entry.name, by=str(holder))


def changes_between(before: DirectoryEntry, after: DirectoryEntry) -> tuple[Change, ...]:
    """The columns in which two entries differ, in the table's order."""
    old, new = cells_of(before), cells_of(after)
    return tuple(Change(column, old[column], new[column]) for column in old if old[column] != new[column])


def fingerprint(entries: Iterable[DirectoryEntry]) -> str:
    """The same for two directories only if they say the same: what was previewed is still what would be changed."""
    return hashlib.sha256(write_table(entries).encode()).hexdigest()
