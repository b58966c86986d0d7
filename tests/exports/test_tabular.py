"""Tables for saving: nothing in them runs, nothing is lost without a word, and nothing is held until the end."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exports.tabular import CUT, LONGEST_CELL, clean, csv_bytes, safe, write_xlsx

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
NOTE = "DC20260511-ABCDE 王某导出 & 内部资料，注意保密"
formulas = st.builds(
    "{}{}{}".format, st.sampled_from(["", " ", "\u3000", "\u200b"]), st.sampled_from("=+-@＝＋－＠"), st.text()
)
cells = st.text() | formulas


def workbook(rows: list[list[str]], note: str = "", **bounds: int) -> io.BytesIO:
    file = io.BytesIO()
    write_xlsx(file, "意见清单", ["甲", "乙"], rows, note, **bounds)
    return file


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", "'x", " =1", "\u3000＝1"]
)
def test_a_formula_becomes_words(cell: str) -> None:
    assert safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["受理 =1", "第一条", "", "1-2"])
def test_words_stay_words(cell: str) -> None:
    assert safe(cell) == cell


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=5))
def test_no_cell_of_a_csv_begins_a_formula_and_all_of_it_is_there(rows: list[list[str]]) -> None:
    written = b"".join(csv_bytes(["甲", "乙"], rows)).decode()
    assert written.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert len(read) == len(rows) + 1
    for line, row in zip(read[1:], rows, strict=True):
        assert not any(cell.lstrip(" \u3000\u200b").startswith(DANGEROUS[:-1]) for cell in line)
        assert [cell.removeprefix("'") for cell in line] == [clean(cell).removeprefix("'") for cell in row]


@settings(max_examples=40)
@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=5))
def test_every_cell_of_a_workbook_is_text_and_no_formula_or_link(rows: list[list[str]]) -> None:
    file = workbook(rows)
    with ZipFile(file) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert not any(sign in sheet for sign in ("<f>", "<hyperlink"))
    read = openpyxl.load_workbook(file).active
    assert read is not None
    found = [list(line) for line in read.iter_rows(min_row=2, max_row=1 + len(rows), max_col=2)]
    assert all(cell.data_type in ("s", "n", "inlineStr") for line in found for cell in line)
    kept = [[cell.value or "" for cell in line] for line in found]
    assert [[str(cell) for cell in line] for line in kept] == [[_lines(clean(cell)) for cell in row] for row in rows]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_numbers_stay_numbers_and_days_are_words() -> None:
    row = (-3, 1.5, date(2026, 5, 11), datetime(2026, 5, 11, 1, 30, tzinfo=UTC), None)
    assert b"-3,1.5,2026-05-11,2026-05-11 09:30:00,\r\n" in b"".join(csv_bytes(["a"] * 5, [row]))


def test_a_cell_that_is_too_long_says_so() -> None:
    read = openpyxl.load_workbook(workbook([["𠮷" * LONGEST_CELL, "短"]])).active
    assert read is not None
    held = str(read["A2"].value)
    assert held.endswith(CUT)
    assert len(held.encode("utf-16-le")) // 2 <= LONGEST_CELL


def test_what_a_sheet_does_not_hold_goes_into_further_ones() -> None:
    book = openpyxl.load_workbook(workbook([[str(number), ""] for number in range(7)], NOTE, most_rows=5))
    assert book.sheetnames == ["意见清单", "意见清单(2)", "意见清单(3)"]
    held = [[line[0].value for line in sheet.iter_rows(min_row=3, max_col=1)] for sheet in book]
    assert held == [["0", "1", "2"], ["3", "4", "5"], ["6"]]


def test_the_note_is_on_every_sheet_its_footer_and_the_properties() -> None:
    book = openpyxl.load_workbook(workbook([["1", ""]] * 4, NOTE, most_rows=4))
    assert [sheet["A1"].value for sheet in book] == [NOTE, NOTE]
    assert all(NOTE.replace("&", "&&") in str(sheet.oddFooter.left.text) for sheet in book)
    assert book.properties.description == NOTE


def test_a_table_without_rows_has_its_headings() -> None:
    read = openpyxl.load_workbook(workbook([])).active
    assert read is not None
    assert [cell.value for cell in read[1]] == ["甲", "乙"]


def test_rows_leave_while_others_are_still_read() -> None:
    read = []

    def rows() -> Iterator[list[str]]:
        for number in range(10_000):
            read.append(number)
            yield ["意见" * 20, str(number)]

    next(csv_bytes(["甲", "乙"], rows()))
    assert len(read) < 5_000
