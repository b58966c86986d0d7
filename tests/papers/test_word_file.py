"""The DOCX: read back by another program it has the measures, types and words of the paper, whatever was written."""

import io
import re
from datetime import UTC, datetime
from zipfile import ZipFile

import docx
import lxml.etree
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from app.papers.lines import HEADINGS
from app.papers.measures import ACROSS, UPRIGHT, Sheet
from app.papers.paragraphs import Paragraph, Setting
from app.papers.word_file import KEPT_WHOLE, word_file

AT = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
PARAGRAPHS = [
    Paragraph(Setting.TITLE, "某办法征求意见汇总表"),
    Paragraph(Setting.FIRST_LEVEL, "一、公众意见"),
    Paragraph(Setting.SECOND_LEVEL, "（一）采纳1条"),
    Paragraph(Setting.BODY, "正文"),
]


def line(*words: str) -> list[str | int]:
    return [1, *words, *[""] * (len(HEADINGS) - 1 - len(words))]


def written(sheet: Sheet, paragraphs: list[Paragraph], rows: list[list[str | int]] | None = None) -> io.BytesIO:
    file = io.BytesIO()
    with word_file(file, sheet, "题名", AT) as word:
        word.paragraphs(paragraphs)
        if rows is not None:
            assert word.table(HEADINGS, rows) == len(rows)
    return file


def test_the_sheet_has_the_measures_of_official_papers() -> None:
    upright, across = (docx.Document(written(sheet, PARAGRAPHS)).sections[0] for sheet in (UPRIGHT, ACROSS))
    assert [round(each.mm) for each in (upright.page_width, upright.page_height)] == [210, 297]
    assert [round(each.mm) for each in (upright.top_margin, upright.left_margin)] == [37, 28]
    assert round(upright.page_width.mm - upright.left_margin.mm - upright.right_margin.mm) == 156
    assert round(upright.page_height.mm - upright.top_margin.mm - upright.bottom_margin.mm) == 225
    assert across.orientation == WD_ORIENT.LANDSCAPE
    assert round(across.page_width.mm - across.left_margin.mm - across.right_margin.mm) == 225
    assert round(across.page_height.mm - across.top_margin.mm - across.bottom_margin.mm) == 156


def test_each_way_of_setting_has_its_type_and_size() -> None:
    document = docx.Document(written(UPRIGHT, PARAGRAPHS))
    shown = []
    for paragraph in document.paragraphs:
        letters = paragraph.style.element.rPr
        size = int(letters.find(qn("w:sz")).get(qn("w:val"))) / 2
        shown.append((letters.rFonts.get(qn("w:eastAsia")), size))
    assert shown == [("方正小标宋简体", 22), ("黑体", 16), ("楷体_GB2312", 16), ("仿宋_GB2312", 16)]
    with ZipFile(written(UPRIGHT, PARAGRAPHS)) as archive:
        fonts = lxml.etree.fromstring(archive.read("word/fontTable.xml"))
    instead = {font.get(qn("w:name")): font.find(qn("w:altName")).get(qn("w:val")) for font in fonts}
    assert "宋体" in instead["方正小标宋简体"].split(",")
    assert "仿宋" in instead["仿宋_GB2312"].split(",")


def test_pages_are_numbered_between_dashes_at_the_outer_edge() -> None:
    document = docx.Document(written(UPRIGHT, PARAGRAPHS))
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (paragraph,) = footer.paragraphs
        assert "".join(paragraph._p.xpath(".//w:t/text()")) == "— 1 —"
        assert paragraph._p.xpath("./w:fldSimple/@w:instr") == [" PAGE "]
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side


def test_the_tables_heading_comes_again_and_short_rows_stay_whole() -> None:
    rows = [line("张*", "第一条", "短"), line("张*", "第一条", "长" * 17 * (KEPT_WHOLE + 3))]
    table = docx.Document(written(ACROSS, [], rows)).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == list(HEADINGS)
    flags = [(bool(r._tr.xpath("./w:trPr/w:tblHeader")), bool(r._tr.xpath("./w:trPr/w:cantSplit"))) for r in table.rows]
    assert flags == [(True, True), (False, True), (False, False)]
    assert sum(round(column.width.mm) for column in table.columns) == 225


def test_what_was_written_is_text_and_nothing_else() -> None:
    nasty = '=HYPERLINK("http://x")</w:t><w:fldSimple w:instr="DDEAUTO c:\\\\cmd"/> \x00\x0b\ud800\ufffe 𬭎 & 甲\n乙'
    file = written(ACROSS, [Paragraph(Setting.BODY, nasty)], [line(nasty)])
    document = docx.Document(file)
    seen = re.sub("[\x00\x0b\ud800\ufffe]", "\ufffd", nasty)
    assert document.tables[0].rows[1].cells[1].text == seen
    assert document.paragraphs[0].text == seen.replace("\n", " ")
    with ZipFile(file) as archive:
        body = lxml.etree.fromstring(archive.read("word/document.xml"))
        assert not [name for name in archive.namelist() if "vba" in name.lower() or "embed" in name.lower()]
    assert not body.xpath("//*[local-name()='fldSimple' or local-name()='instrText' or local-name()='hyperlink']")


@given(st.text(max_size=60))
def test_any_text_makes_a_file_that_can_be_read(words: str) -> None:
    document = docx.Document(written(ACROSS, [Paragraph(Setting.TITLE, words)], [line(words)]))
    assert len(document.tables[0].rows) == 2


def test_the_same_paper_is_the_same_file() -> None:
    assert written(ACROSS, PARAGRAPHS, [line("甲")]).getvalue() == written(ACROSS, PARAGRAPHS, [line("甲")]).getvalue()
