"""The directory as a CSV table: out and in again, safe in a spreadsheet, refused row by row."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit import queries as audit
from app.departments import actions, queries
from app.departments.checking import check
from app.departments.directory import load_seed
from app.departments.importing import Outcome, fingerprint, plan
from app.departments.lifecycle import DepartmentState
from app.departments.tabular import COLUMNS, MAX_ROWS, read_entries, read_table, write_table
from app.departments.units import DirectoryEntry, FormerName, Level, Relationship, Succession
from app.kit.database import Database
from app.kit.errors import Conflict, Forbidden, Unprocessable
from app.kit.text import comparable, tidy
from app.permissions import Actor, ActorKind, Role, of_roles

AT = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
MANAGER = Actor(ActorKind.STAFF, "manager", of_roles([Role.MANAGER]))
EDITOR = Actor(ActorKind.STAFF, "editor", of_roles([Role.EDITOR]))
HEADER = ",".join(COLUMNS)

signs = st.characters(exclude_categories=["C"], exclude_characters="|@")
words = st.text(signs, min_size=1, max_size=30).map(tidy).filter(comparable)
formulas = st.builds(
    "{}{}".format, st.sampled_from(["=", "+", "-", "＝", "＋", "－", "＠", "'", "''=", '"']), words
).map(tidy)
texts = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30).map(str.strip).filter(bool)
days = st.none() | st.dates()
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)


@st.composite
def entries(draw: st.DrawFn) -> DirectoryEntry:
    forms = draw(st.lists(words | formulas, min_size=1, max_size=6, unique_by=comparable))
    cut = draw(st.integers(1, len(forms)))
    state = draw(st.sampled_from(DepartmentState))
    takers = draw(st.lists(ids, max_size=3, unique=True)) if state is DepartmentState.RETIRED else []
    takers = [draw(ids)] if state is DepartmentState.MERGED else sorted(takers)
    return DirectoryEntry(
        id="own." + draw(ids),
        name=forms[0],
        aliases=tuple(forms[1:cut]),
        level=draw(st.sampled_from(Level)),
        relationship=draw(st.sampled_from(Relationship)),
        valid_from=draw(days),
        state=state,
        ended_reason=None if state is DepartmentState.ACTIVE else draw(texts),
        successors=tuple(Succession(taker, draw(days)) for taker in takers),
        former_names=tuple(FormerName(form, draw(days), draw(days)) for form in forms[cut:]),
        source=draw(st.none() | texts),
    )


@given(st.lists(entries(), max_size=4))
def test_what_is_written_is_read_again(given_entries: list[DirectoryEntry]) -> None:
    table = write_table(given_entries)
    assert read_entries(table) == tuple(given_entries)
    assert read_entries("\ufeff" + table.replace("\r\n", "\n")) == tuple(given_entries)


@given(st.lists(entries(), max_size=4))
def test_no_cell_is_a_formula(given_entries: list[DirectoryEntry]) -> None:
    for row in csv.reader(StringIO(write_table(given_entries), newline="")):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))]


@given(st.text(max_size=300) | st.text(max_size=200).map((HEADER + "\n").__add__))
def test_nothing_that_is_sent_is_more_than_refused(text: str) -> None:
    try:
        rows = read_table(text)
    except Unprocessable:
        return
    assert all((row.entry is None) != (row.problem is None) for row in rows)


def test_the_seed_goes_out_and_in_unchanged() -> None:
    seed = load_seed()
    assert read_entries(write_table(seed)) == seed
    planned = plan(seed, read_table(write_table(seed)))
    assert {row.outcome for row in planned.rows} == {Outcome.UNCHANGED}
    for entry in seed:
        check(entry)


def row(**cells: str) -> str:
    given_cells = {"id": "x", "name": "省某局", "level": "province", "relationship": "subordinate"} | cells
    line = StringIO(newline="")
    csv.writer(line).writerow([given_cells.get(column, "") for column in COLUMNS])
    return line.getvalue()


def table(*rows: str) -> str:
    return HEADER + "\r\n" + "".join(rows)


def only(text: str) -> Any:
    (found,) = plan(load_seed(), read_table(text)).rows
    return found


def test_days_may_be_as_a_spreadsheet_rewrites_them() -> None:
    found = only(
        table(row(valid_from="2023/5/8", former_names="省旧局@2018/11/1/2023/5/8|省更旧局@/2018-11-01"))
    ).row.entry
    assert found.valid_from == date(2023, 5, 8)
    assert found.former_names == (
        FormerName("省旧局", date(2018, 11, 1), date(2023, 5, 8)),
        FormerName("省更旧局", None, date(2018, 11, 1)),
    )


def test_a_table_of_an_earlier_kind_with_fewer_columns_is_read() -> None:
    text = "name,id,aliases,level,relationship\n省某局,x,省某局办|某局,province,subordinate\n"
    assert only(text).row.entry == DirectoryEntry(
        "x", "省某局", ("省某局办", "某局"), Level.PROVINCE, Relationship.SUBORDINATE
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "table_header"),
        ("id,name\n", "table_header"),
        (HEADER.replace("aliases", "alias") + "\n", "table_header"),
        (HEADER + ",id\n", "table_header"),
        (HEADER.replace(",", ";") + "\n", "table_header"),
        (HEADER + '\n"open', "table_broken"),
        (HEADER + '\n"a"b,c', "table_broken"),
        (HEADER + "\n" + "x" * 200_000, "table_broken"),
        (HEADER + "\n" + "x\n" * (MAX_ROWS + 1), "table_too_long"),
    ],
)
def test_what_is_no_such_table_is_refused_as_a_whole(text: str, code: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        read_table(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"level": "planet"}, "cell_value"),
        ({"relationship": "Subordinate"}, "cell_value"),
        ({"state": "dead"}, "cell_value"),
        ({"valid_until": "soon"}, "day_form"),
        ({"valid_until": "2023-02-30"}, "day_form"),
        ({"former_names": "省旧局@2018"}, "day_form"),
        ({"successors": "sports@heute", "state": "retired"}, "day_form"),
        ({"id": "Ä"}, "department_id_form"),
        ({"name": "\u200b"}, "department_name_form"),
        ({"name": "省民政厅"}, "department_name_taken"),
        ({"aliases": "省 民政厅"}, "department_alias_claimed"),
        ({"aliases": "ＡＢ局|AB 局"}, "department_name_repeated"),
        ({"state": "merged", "ended_reason": "x"}, "merged_into_one"),
        ({"state": "retired"}, "reason_required"),
        ({"successors": "sports"}, "active_with_ending"),
        ({"state": "merged", "ended_reason": "x", "successors": "x"}, "department_into_itself"),
        ({"state": "merged", "ended_reason": "x", "successors": "nobody"}, "no_such_department"),
        ({"source": "一\n二"}, "words_form"),
    ],
)
def test_a_row_is_refused_with_its_reason_and_line(cells: dict[str, str], code: str) -> None:
    found = only("\n".join((HEADER, "", row(**cells))))
    assert (found.outcome, found.problem.code, found.row.line) == (Outcome.REFUSED, code, 3)


def test_a_row_of_the_wrong_length_is_refused() -> None:
    assert only(table("x,省某局\r\n")).problem.code == "row_length"


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = table(row(id="a", name="省甲局", source="一\n二"), row(id="b", name="省乙局", level="planet"))
    assert [(one.row.line, one.outcome) for one in plan((), read_table(text)).rows] == [
        (2, Outcome.REFUSED),
        (4, Outcome.REFUSED),
    ]


def test_rows_are_judged_by_the_directory_as_it_would_be_after_all_of_them() -> None:
    seed = {entry.id: entry for entry in load_seed()}
    justice, finance = seed["justice"], seed["finance"]
    moved = [
        replace(justice, aliases=("省司法厅",)),
        replace(finance, aliases=(*finance.aliases, "司法厅")),
    ]
    assert [one.outcome for one in plan(load_seed(), read_table(write_table(moved))).rows] == [Outcome.CHANGED] * 2
    (claimed,) = plan(load_seed(), read_table(write_table(moved[1:]))).rows
    assert claimed.problem is not None
    assert claimed.problem.details == {"written": "司法厅", "by": "辽宁省司法厅"}


def test_an_id_that_comes_twice_and_a_ring_are_refused() -> None:
    ended = {"state": "retired", "ended_reason": "x"}
    twice = plan((), read_table(table(row(), row(name="省他局"))))
    assert [one.problem.code if one.problem else "" for one in twice.rows] == ["", "id_repeated"]
    ring = plan(
        (), read_table(table(row(**ended, successors="y"), row(id="y", name="省乙局", **ended, successors="x")))
    )
    assert [one.problem.code for one in ring.rows if one.problem] == ["succession_ring", "succession_ring"]


@pytest.fixture
def store(database: Database) -> Database:
    with database.writing() as session:
        actions.add_departments(session, MANAGER, AT, load_seed())
    return database


def imported(store: Database, text: str, actor: Actor = MANAGER, previewed: str | None = None) -> Any:
    with store.writing() as session:
        return actions.import_rows(session, actor, AT, read_table(text), previewed)


def test_an_import_adds_and_changes_and_leaves_the_rest(store: Database) -> None:
    justice = next(entry for entry in load_seed() if entry.id == "justice")
    text = table(
        row(id="justice", name=justice.name, aliases="省司法厅", state="merged", ended_reason="改革", successors="new"),
        row(id="new", name="辽宁省新局", former_names="辽宁省旧局"),
    )
    planned = imported(store, text)
    assert [one.outcome for one in planned.rows] == [Outcome.CHANGED, Outcome.ADDED]
    with store.reading() as session:
        after = {entry.id: entry for entry in queries.entries(session)}
        told = [row.detail for row in audit.of_record(session, "department", "justice")]
        assert queries.find(session, "justice").revision == 2
    assert after["justice"].successors == (Succession("new"),)
    assert after["new"].former_names == (FormerName("辽宁省旧局"),)
    untouched = {entry.id: entry for entry in load_seed() if entry.id != "justice"}
    assert {id: entry for id, entry in after.items() if id in untouched} == untouched
    assert told[0]["changes"][0] == "aliases: 省司法厅|司法厅 → 省司法厅"
    again = imported(store, text)
    assert {one.outcome for one in again.rows} == {Outcome.UNCHANGED}


def test_one_refused_row_stores_nothing(store: Database) -> None:
    with pytest.raises(Unprocessable, match="table_refused") as refused:
        imported(store, table(row(id="new", name="辽宁省新局"), row(id="bad id", name="省坏局")))
    assert refused.value.details == {"rows": 1, "line": 3}
    with store.reading() as session:
        assert queries.entries(session) == load_seed()


def test_what_was_previewed_is_what_is_stored_or_nothing_is(store: Database) -> None:
    with store.reading() as session:
        seen = fingerprint(queries.entries(session))
    imported(store, table(row(id="first", name="辽宁省甲局")), previewed=seen)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        imported(store, table(row(id="second", name="辽宁省乙局")), previewed=seen)


def test_who_may_not_manage_departments_imports_nothing(store: Database) -> None:
    with pytest.raises(Forbidden):
        imported(store, table(row()), EDITOR)


def many(count: int) -> list[DirectoryEntry]:
    return [
        DirectoryEntry(f"d{n}", f"辽宁省第{n}局", (f"省第{n}局",), Level.PROVINCE, Relationship.SUBORDINATE)
        for n in range(count)
    ]


def test_ten_thousand_rows_are_planned() -> None:
    planned = plan(load_seed(), read_table(write_table(many(10_000))))
    assert len(planned.of(Outcome.ADDED)) == 10_000


def test_a_thousand_rows_go_in_and_out(store: Database) -> None:
    imported(store, write_table(many(1_000)))
    with store.reading() as session:
        assert queries.entries(session)[-1_000:] == tuple(many(1_000))
