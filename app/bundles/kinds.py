"""What kinds of records cross the boundary, and what becomes of each on the other side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Select, Table, select

from app.kit.database import Model


class How(StrEnum):
    """KEEP: the other side has it as it is here, and loses it when it is gone here. ONCE: it goes over once and is
    never changed. ALTER: the record is the other side's, of which these columns are decided here."""

    KEEP = "keep"
    ONCE = "once"
    ALTER = "alter"


@dataclass(frozen=True)
class Kind:
    """One table's share. `columns` cross; the other side fills `fixed` in when the record is new to it.

    `rows` selects what goes, by the columns' names. `contents` name columns with the SHA-256 of a file that goes along.
    `of_submission` leads to the submission that an altered record belongs to.
    """

    name: str
    table: Table
    columns: Sequence[str]
    rows: Select[Any]
    how: How = How.KEEP
    fixed: Mapping[str, Any] = field(default_factory=dict)
    contents: Sequence[str] = ()
    of_submission: Column[Any] | None = None

    @property
    def key(self) -> list[Column[Any]]:
        return list(self.table.primary_key)

    @property
    def shape(self) -> str:
        """Differs where two versions of the program mean different records by the kind."""
        return f"{self.name} {self.how} {' '.join(f'{name}:{self.table.c[name].type!r}' for name in self.columns)}"


def table_of(model: type[Model]) -> Table:
    return cast("Table", model.__table__)


def kept(
    model: type[Model],
    *where: ColumnElement[bool],
    fixed: Mapping[str, Any] | None = None,
    instead: Mapping[str, ColumnElement[Any]] | None = None,
    how: How = How.KEEP,
) -> Kind:
    """All columns of a table but the fixed ones; `instead` says another thing than the column does."""
    table, given = table_of(model), {**(fixed or {})}
    if "revision" in table.c:
        given["revision"] = 1
    names = [column.name for column in table.c if column.name not in given]
    changed = instead or {}
    columns = [changed[name].label(name) if name in changed else table.c[name] for name in names]
    return Kind(table.name, table, names, select(*columns).where(*where), how, given)


def altered(
    model: type[Model],
    names: Sequence[str],
    of_submission: str,
    *where: ColumnElement[bool],
    contents: Sequence[str] = (),
) -> Kind:
    """Some columns of records that the other side has made."""
    table = table_of(model)
    columns = [*(column.name for column in table.primary_key), *names]
    rows = select(*(table.c[name] for name in columns)).where(*where)
    return Kind(f"{table.name} decided", table, columns, rows, How.ALTER, {}, contents, table.c[of_submission])
