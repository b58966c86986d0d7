"""Reading counts, folding what has changed into them, and putting them right.

A count is what stands in `counters` plus the changes appended since; both are read in one statement, so that it is
exact at every moment, whether or not anybody has folded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, delete, func, insert, literal, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.counters.models import Counter, CounterChange

FOLDED_AT_ONCE = 5_000
ROWS_AT_ONCE = 500
Cell = tuple[str, str, str, str]
"""Name, scope, value and state."""


@dataclass(frozen=True)
class Wanted:
    """Counts of one name: in one scope or in all, of one value or of all, or of values before `below`."""

    name: str
    scope: str | None = None
    value: str | None = None
    below: str | None = None


def by_state(session: Session, wanted: Sequence[Wanted]) -> list[dict[str, int]]:
    """For each of what is wanted: state → how many. One query for all of them."""
    found: list[dict[str, int]] = [{} for _ in wanted]
    if not wanted:
        return found
    parts = [
        select(literal(place).label("place"), kind.state.label("state"), func.sum(kind.n).label("n"))
        .where(*_conditions(kind, one))
        .group_by(kind.state)
        for place, one in enumerate(wanted)
        for kind in (Counter, CounterChange)
    ]
    for place, state, n in session.execute(union_all(*parts)):
        found[place][state] = found[place].get(state, 0) + int(n)
    return found


def by_value(session: Session, name: str, scope: str | None = None) -> dict[tuple[str, str], int]:
    """(Value, state) → how many, where there are any."""
    found: dict[tuple[str, str], int] = {}
    parts = [
        select(kind.value, kind.state, func.sum(kind.n))
        .where(*_conditions(kind, Wanted(name, scope)))
        .group_by(kind.value, kind.state)
        for kind in (Counter, CounterChange)
    ]
    for value, state, n in session.execute(union_all(*parts)):
        found[value, state] = found.get((value, state), 0) + int(n)
    return {key: n for key, n in found.items() if n}


def by_scope(
    session: Session, name: str, state: str | None = None, least: str = "", below: str | None = None
) -> dict[tuple[str, str, str], int]:
    """(Scope, value, state) → how many, where there are any; of one state, of values from `least` and before `below`.

    One query, which reads every count of that name that it can't leave out.
    """
    found: dict[tuple[str, str, str], int] = {}
    parts: list[Select[str, str, str, int]] = []
    for kind in (Counter, CounterChange):
        conditions = [*_conditions(kind, Wanted(name, below=below)), kind.value >= least]
        if state is not None:
            conditions.append(kind.state == state)
        columns = (kind.scope, kind.value, kind.state)
        parts.append(select(*columns, func.sum(kind.n)).where(*conditions).group_by(*columns))
    for scope, value, state_found, n in session.execute(union_all(*parts)):
        found[scope, value, state_found] = found.get((scope, value, state_found), 0) + int(n)
    return {key: n for key, n in found.items() if n}


def fold(session: Session, most: int = FOLDED_AT_ONCE) -> int:
    """Folds up to `most` of the oldest changes into the counts; how many. Two folders never take the same ones.

    What the counts add up to is the same before and after.
    """
    oldest = select(CounterChange.id).order_by(CounterChange.id).limit(most).with_for_update(skip_locked=True)
    changes = (CounterChange.name, CounterChange.scope, CounterChange.value, CounterChange.state, CounterChange.n)
    taking = delete(CounterChange).where(CounterChange.id.in_(oldest.scalar_subquery())).returning(*changes)
    sums: dict[Cell, int] = {}
    folded = 0
    for *cell, n in session.execute(taking, execution_options={"synchronize_session": False}):
        name, scope, value, state = cell
        sums[name, scope, value, state] = sums.get((name, scope, value, state), 0) + n
        folded += 1
    _add(session, sums)
    return folded


def _add(session: Session, sums: dict[Cell, int]) -> None:
    """In the order of the keys, so that two folders wait for each other and never deadlock."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = _rows({cell: n for cell, n in sorted(sums.items()) if n})
    for start in range(0, len(rows), ROWS_AT_ONCE):
        adding = dialect.insert(Counter).values(rows[start : start + ROWS_AT_ONCE])
        session.execute(
            adding.on_conflict_do_update(
                index_elements=[Counter.name, Counter.scope, Counter.value, Counter.state],
                set_={"n": Counter.n + adding.excluded.n},
            )
        )


def differences(session: Session, counted: Iterable[Executable]) -> dict[Cell, int]:
    """Cell → how many more there are than the counts say; empty where they are right.

    `counted` gives name, scope, value, state and how many there really are. All of it must be read in one state of the
    store (`Database.reading`): then the differences hold whatever happens meanwhile, and `correct` may come later.
    """
    found: dict[Cell, int] = {}
    for query in counted:
        for name, scope, value, state, n in session.execute(query):
            found[name, scope, value, state] = found.get((name, scope, value, state), 0) + n
    for kind in (Counter, CounterChange):
        columns = (kind.name, kind.scope, kind.value, kind.state)
        for name, scope, value, state, n in session.execute(select(*columns, func.sum(kind.n)).group_by(*columns)):
            found[name, scope, value, state] = found.get((name, scope, value, state), 0) - int(n)
    return {cell: n for cell, n in sorted(found.items()) if n}


def correct(session: Session, wrong: dict[Cell, int]) -> None:
    """Appends what `differences` found as changes; nothing that happened since is lost."""
    if wrong:
        session.execute(insert(CounterChange), _rows(wrong))


def count(session: Session, cell: Cell, n: int) -> None:
    """Appends a change of a count that no trigger keeps, in the transaction of what is counted."""
    session.execute(insert(CounterChange), _rows({cell: n}))


def waiting(session: Session) -> int:
    """How many changes nobody has folded yet; they make every count dearer to read."""
    return session.scalar(select(func.count()).select_from(CounterChange)) or 0


def _rows(sums: dict[Cell, int]) -> list[dict[str, Any]]:
    return [dict(zip(("name", "scope", "value", "state", "n"), (*cell, n), strict=True)) for cell, n in sums.items()]


def _conditions(kind: type[Counter] | type[CounterChange], wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [kind.name == wanted.name]
    if wanted.scope is not None:
        conditions.append(kind.scope == wanted.scope)
    if wanted.value is not None:
        conditions.append(kind.value == wanted.value)
    if wanted.below is not None:
        conditions.append(kind.value < wanted.below)
    return conditions
