"""Every table that holds rows of one department stands behind the second wall, or is excused by name."""

from collections.abc import Collection, Iterable

from sqlalchemy import Column, ForeignKey, MetaData, String, Table

from app.tables import metadata
from app.walls.belongings import BELONGINGS, EXCUSED, Belonging, OfDepartment, Through

TELLS_WHOSE = ("department_id", "assignment_id", "client_id")
"""What a column's name ends with that says whose a row is."""


def not_listed(tables: Iterable[Table], listed: Collection[str], excused: Collection[str]) -> list[str]:
    """Tables that nobody thought of: a column's name or a key to a listed table says that a row is somebody's."""
    return sorted(
        table.name
        for table in tables
        if table.name not in {*listed, *excused} and any(_tells(column, listed) for column in table.columns)
    )


def _tells(column: Column[object], listed: Collection[str]) -> bool:
    refers = {key.column.table.name for key in column.foreign_keys}
    return column.name.endswith(TELLS_WHOSE) or bool(refers & {*listed, "departments"})


def wrong_columns(table: Table, belonging: Belonging) -> list[str]:
    names = [belonging.column]
    if isinstance(belonging, OfDepartment):
        names += [name for name in (belonging.suggestion, belonging.consultation) if name]
    return [name for name in names if name not in table.columns]


def test_every_table_of_departments_is_listed_or_excused() -> None:
    assert not_listed(metadata.tables.values(), BELONGINGS, EXCUSED) == []


def test_what_is_listed_is_there_and_not_excused_as_well() -> None:
    assert [name for name in (*BELONGINGS, *EXCUSED) if name not in metadata.tables] == []
    assert set(BELONGINGS) & set(EXCUSED) == set()
    wrong = {name: wrong_columns(metadata.tables[name], one) for name, one in BELONGINGS.items()}
    assert {name: columns for name, columns in wrong.items() if columns} == {}
    parents = {one.table for one in BELONGINGS.values() if isinstance(one, Through)}
    assert parents <= set(BELONGINGS)


def test_a_table_that_nobody_thought_of_is_found() -> None:
    planted = MetaData()
    Table("departments", planted, Column("id", String, primary_key=True))
    Table("answers", planted, Column("id", String, primary_key=True))
    by_name = Table("drafts", planted, Column("id", String, primary_key=True), Column("to_department_id", String))
    by_key = Table("remarks", planted, Column("on", String, ForeignKey("answers.id"), primary_key=True))
    plain = Table("words", planted, Column("id", String, primary_key=True))
    assert not_listed([by_name, by_key, plain], ["answers"], []) == ["drafts", "remarks"]
    assert not_listed([by_name, by_key, plain], ["answers"], ["drafts"]) == ["remarks"]
