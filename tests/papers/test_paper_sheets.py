"""The XLSX of 意见汇总表: read back by another program, nothing in it is a formula."""

import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from app.papers.lines import HEADINGS, Line
from app.papers.paragraphs import Paragraph, Setting
from app.papers.sheets import CUT, LONGEST, SheetPart, write_sheets

AT = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
HEADS = [
    Paragraph(Setting.TITLE, "某办法征求意见汇总表"),
    Paragraph(Setting.BLANK, ""),
    Paragraph(Setting.CENTRED, "说明"),
]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "http://example.com", "007"]


def line(number: int, opinion: str) -> Line:
    return Line(number, "张*、某公司", "第一条", opinion, "采纳", "", "")


@pytest.fixture
def written(tmp_path: Path) -> dict[str, Worksheet]:
    lines = [line(place, words) for place, words in enumerate([*FORMULAS, "甲\x00\ud800𬭎", "字" * 40_000], 1)]
    parts = [SheetPart("公众意见", HEADS, iter(lines), ()), SheetPart("部门意见", HEADS, (), ("没有意见。",))]
    file = io.BytesIO()
    assert write_sheets(file, "题名", AT, parts, tmp_path) == len(lines)
    book = openpyxl.load_workbook(file)
    return {name: book[name] for name in book.sheetnames}


def test_title_headings_and_rows_stand_in_their_order(written: dict[str, Worksheet]) -> None:
    sheet = written["公众意见"]
    assert [sheet.cell(row, 1).value for row in (1, 2)] == ["某办法征求意见汇总表", "说明"]
    assert [cell.value for cell in sheet[3]] == list(HEADINGS)
    assert [sheet.cell(row, 1).value for row in (4, 5, 6)] == [1, 2, 3]
    assert [cell.value for cell in sheet[4]][:6] == [1, "张*、某公司", "第一条", "=1+1", "采纳", None]
    assert written["部门意见"].cell(4, 1).value == "没有意见。"


def test_no_cell_is_a_formula_a_link_or_a_number_that_was_text(written: dict[str, Worksheet]) -> None:
    sheet = written["公众意见"]
    cells = [sheet.cell(row, 4) for row in range(4, 4 + len(FORMULAS))]
    assert [cell.value for cell in cells] == FORMULAS
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert [cell.quotePrefix for cell in cells] == [True] * 6 + [False] * 2, "nor one once it is edited"


def test_what_no_file_can_hold_does_no_harm(written: dict[str, Worksheet]) -> None:
    sheet = written["公众意见"]
    assert sheet.cell(4 + len(FORMULAS), 4).value == "甲\ufffd\ufffd𬭎"
    long = sheet.cell(5 + len(FORMULAS), 4).value
    assert len(long) == LONGEST
    assert long.endswith(CUT)


def test_the_sheet_is_laid_out_for_paper(written: dict[str, Worksheet]) -> None:
    for sheet in written.values():
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$3:$3"
        assert [round(each * 25.4) for each in (sheet.page_margins.left, sheet.page_margins.top)] == [35, 28]
        assert "— &P —" in str(sheet.oddFooter.right.text)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
