"""A department's workbook: what goes out comes back whole, and whatever else comes back is told row by row."""

import io
import uuid
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from app.assignments.lifecycle import AssignmentRole
from app.dispositions.kinds import DispositionKind
from app.kit.errors import Unprocessable
from app.offices.checking import CheckedRow, Fault, Reader, Standing, checked_row, looked_through
from app.offices.columns import DISPOSITIONS, FILLED, GUIDE, HEADING_ROW, HEADINGS, MOST_ROWS, SHEET, Column
from app.offices.filled import read_filled
from app.offices.marks import Mark, mark, read_mark
from app.offices.workbook import LONGEST_REASON, For, OpenRow, made

KEY = b"k" * 32
OURS = "civil-affairs"
WHOSE = For(OURS, "辽宁省民政厅", datetime(2026, 5, 12, 1, tzinfo=UTC), KEY)
READER = Reader(KEY, OURS, date(2026, 5, 12))
FIRST = HEADING_ROW + 1
TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), max_size=200)


def open_row(number: int = 1, text: str = "助餐点周末照常开放。", edition: int = 2) -> OpenRow:
    return OpenRow(
        id=uuid.UUID(int=number),
        edition=edition,
        consultation="关于助餐的若干措施",
        clause="（一）增加助餐点",
        suggestion=text,
        role=AssignmentRole.LEAD,
        theme="助餐服务",
        persons=3,
        due=date(2026, 5, 25),
    )


def known(*rows: OpenRow) -> dict[uuid.UUID, Standing]:
    return {row.id: Standing(row.edition, row.suggestion, is_open=True) for row in rows}


def filled(rows: list[OpenRow], cells: dict[tuple[int, Column], Any]) -> bytes:
    """The workbook of these rows, filled in as an office does: (row from 1, column) → what is typed."""
    book = load_workbook(io.BytesIO(made(WHOSE, rows)))
    for (place, column), value in cells.items():
        book[SHEET].cell(HEADING_ROW + place, column + 1).value = value
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def checked(content: bytes, *rows: OpenRow) -> list[CheckedRow]:
    return looked_through(READER, read_filled(content), known(*rows))


def faults(typed: dict[Column, Any], row: OpenRow | None = None) -> tuple[Fault, ...]:
    row = row or open_row()
    (found,) = checked(filled([row], {(1, column): value for column, value in typed.items()}), row)
    return found.faults


def test_what_is_filled_in_is_what_will_be_answered() -> None:
    rows = [open_row(1), open_row(2)]
    typed = {
        Column.DISPOSITION: "部分采纳",
        Column.REASON: "周末开放已经写入。",
        Column.CITIZEN_WORDS: "谢谢您的建议。",
        Column.APPROVER: "测试审批人",
        Column.DATED_ON: date(2026, 5, 11),
        Column.DOCUMENT_NUMBER: "辽民函〔2026〕9号",
    }
    (found,) = checked(filled(rows, {(2, column): value for column, value in typed.items()}), *rows)
    assert (found.faults, found.assignment_id, found.edition, found.line) == ((), rows[1].id, 2, FIRST + 1)
    assert found.said is not None
    assert found.said.kind is DispositionKind.PARTLY_ADOPTED
    assert (found.said.reason, found.said.dated_on) == ("周末开放已经写入。", date(2026, 5, 11))
    assert checked_row(found.kept()) == found, "what waits for its confirmation is what was looked through"


def test_rows_that_nobody_filled_in_are_left_out_in_silence() -> None:
    assert checked(made(WHOSE, [open_row()]), open_row()) == []


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({Column.REASON: "有理由"}, Fault.NO_DISPOSITION),
        ({Column.DISPOSITION: "随便"}, Fault.WHICH_DISPOSITION),
        ({Column.DISPOSITION: "未采纳"}, Fault.NO_REASON),
        ({Column.DISPOSITION: "未采纳", Column.REASON: "理" * (LONGEST_REASON + 1)}, Fault.TOO_LONG),
        ({Column.DISPOSITION: "采纳", Column.CITIZEN_WORDS: "话" * 2001}, Fault.TOO_LONG),
        ({Column.DISPOSITION: "采纳", Column.DATED_ON: "上周"}, Fault.NO_DAY),
        ({Column.DISPOSITION: "采纳", Column.DATED_ON: "2026-05-13"}, Fault.IN_FUTURE),
        ({Column.DISPOSITION: "采纳", Column.SUGGESTION: "改过的意见"}, Fault.ALTERED),
        ({Column.DISPOSITION: "采纳", Column.MARK: ""}, Fault.UNKNOWN),
        ({Column.DISPOSITION: "采纳", Column.MARK: "yl1.x.y.z"}, Fault.FOREIGN),
    ],
)
def test_each_fault_of_a_row_has_its_name(typed: dict[Column, Any], fault: Fault) -> None:
    assert faults(typed) == (fault,)


def test_a_row_that_changed_is_closed_or_stands_twice_is_refused() -> None:
    row = open_row()
    content = filled([row, row], {(place, Column.DISPOSITION): "采纳" for place in (1, 2)})
    once, twice = checked(content, row)
    assert (once.faults, twice.faults) == ((), (Fault.TWICE,))
    (stale, _) = looked_through(READER, read_filled(content), {row.id: Standing(3, row.suggestion, is_open=True)})
    assert stale.faults == (Fault.STALE,)
    (gone, _) = looked_through(READER, read_filled(content), {row.id: Standing(2, row.suggestion, is_open=False)})
    assert gone.faults == (Fault.GONE,)


def test_another_departments_workbook_is_foreign_row_by_row() -> None:
    content = filled([open_row()], {(1, Column.DISPOSITION): "采纳"})
    theirs = Reader(KEY, "health", READER.today)
    (found,) = looked_through(theirs, read_filled(content), known(open_row()))
    assert (found.faults, found.assignment_id) == ((Fault.FOREIGN,), None)


def test_a_mark_holds_for_its_department_assignment_and_change_alone() -> None:
    real = mark(KEY, OURS, Mark(uuid.UUID(int=1), 2))
    assert read_mark(KEY, OURS, real) == Mark(uuid.UUID(int=1), 2)
    assert read_mark(KEY, "health", real) is None
    assert read_mark(b"x" * 32, OURS, real) is None
    assert read_mark(KEY, OURS, real.replace(".2.", ".3.")) is None
    assert read_mark(KEY, OURS, real.replace(uuid.UUID(int=1).hex, uuid.UUID(int=2).hex)) is None


def test_what_senders_wrote_is_never_a_formula_or_a_link() -> None:
    nasty = ["=1+1", "@SUM(A1)", "+1", "-1", "http://example.com", '=HYPERLINK("x")', "mailto:a@example.com"]
    content = made(WHOSE, [open_row(number, text) for number, text in enumerate(nasty, 1)])
    sheet = load_workbook(io.BytesIO(content))[SHEET]
    for place, text in enumerate(nasty, 1):
        cell = sheet.cell(HEADING_ROW + place, Column.SUGGESTION + 1)
        assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_the_sheet_is_locked_but_for_what_is_filled_in_and_hides_the_marks() -> None:
    book = load_workbook(io.BytesIO(made(WHOSE, [open_row()])))
    sheet = book[SHEET]
    assert sheet.protection.sheet
    for column in Column:
        assert sheet.cell(FIRST, column + 1).protection.locked is (column not in FILLED)
    assert sheet.column_dimensions["O"].hidden
    (choice,) = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert choice.formula1.strip('"').split(",") == list(DISPOSITIONS.values())
    assert book.sheetnames == [SHEET, GUIDE]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT)
def test_any_text_of_a_suggestion_comes_back_as_unaltered(text: str) -> None:
    row = open_row(text=text)
    assert faults({Column.DISPOSITION: "采纳"}, row) == ()


CELL = st.one_of(
    TEXT,
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.sampled_from([*DISPOSITIONS.values(), "=1+1", "#REF!", mark(KEY, OURS, Mark(uuid.UUID(int=1), 2))]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CELL, min_size=1, max_size=len(Column) + 2), min_size=1, max_size=6))
def test_whatever_the_cells_hold_each_row_is_told_by_itself(junk: list[list[Any]]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(["whatever"])
    sheet.append(list(HEADINGS.values()))
    for row in junk:
        sheet.append(
            [value if not isinstance(value, str) or not value.startswith("=") else f"'{value}" for value in row]
        )
    for found in checked(saved(book), open_row()):
        assert bool(found.faults) != bool(found.said)
        assert found.line > HEADING_ROW


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_bytes_that_are_no_workbook_give_one_clear_refusal(junk: bytes) -> None:
    for content in (junk, b"PK\x03\x04" + junk):
        with pytest.raises(Unprocessable) as refused:
            read_filled(content)
        assert refused.value.code == "workbook_unreadable"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 6000), st.integers(0, 255))
def test_a_damaged_workbook_is_refused_or_read_and_nothing_else(at: int, byte: int) -> None:
    content = bytearray(WHOLE)
    content[at % len(content)] = byte
    try:
        rows = read_filled(bytes(content))
    except Unprocessable:
        return
    assert len(looked_through(READER, rows, known(open_row()))) <= 1


def test_what_unpacks_to_far_more_than_a_workbook_holds_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 40_000_000)
    with pytest.raises(Unprocessable, match="workbook_unreadable"):
        read_filled(target.getvalue())


def test_entities_are_refused_before_the_parser_sees_them() -> None:
    source, target = zipfile.ZipFile(io.BytesIO(WHOLE)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            archive.writestr(name, part.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1))
    with pytest.raises(Unprocessable, match="workbook_unreadable"):
        read_filled(target.getvalue())


def test_another_workbook_and_one_that_is_too_long_say_so() -> None:
    with pytest.raises(Unprocessable, match="workbook_not_ours"):
        read_filled(saved(Workbook()))
    book = load_workbook(io.BytesIO(WHOLE))
    book[SHEET].cell(HEADING_ROW, 1).value = "别的"
    with pytest.raises(Unprocessable, match="workbook_not_ours"):
        read_filled(saved(book))
    book = load_workbook(io.BytesIO(WHOLE))
    book[SHEET].cell(HEADING_ROW + MOST_ROWS + 1, 1).value = "多"
    with pytest.raises(Unprocessable, match="workbook_too_long"):
        read_filled(saved(book))


WHOLE = made(WHOSE, [open_row()])
