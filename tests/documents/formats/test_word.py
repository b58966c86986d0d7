"""A Word document reads as it prints."""

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.formats import refusals
from app.documents.formats.refusals import UnreadableFileError
from app.documents.formats.word import read_docx
from tests.documents.formats.making import Numbered, level, number, of_list, part, saved, with_body, with_part, word

STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def lines(content: bytes) -> list[str]:
    return [line for line in read_docx(content).split("\n") if line]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def body(*inner: str) -> list[str]:
    return lines(with_body("".join(f"<w:p>{content}</w:p>" for content in inner)))


def test_paragraphs_and_tables_stand_in_their_order() -> None:
    assert lines(word(["花园方案", "序号\t任务\t单位", "1\t种树\t省林草局", "完"])) == [
        "花园方案",
        "序号\t任务\t单位",
        "1\t种树\t省林草局",
        "完",
    ]


def test_a_merged_cell_stands_once_a_row_and_in_each_row_it_spans() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row, texts in enumerate([("序号", "任务", "单位"), ("1", "绿化", "甲局"), ("2", "", "乙局")]):
        for cell, text in zip(table.rows[row].cells, texts, strict=True):
            cell.text = text
    table.cell(1, 1).merge(table.cell(2, 1)).text = "绿化"
    wide = table.add_row().cells
    wide[0].merge(wide[1])
    wide[0].text, wide[2].text = "合计", "丙局"
    assert lines(saved(document)) == ["序号\t任务\t单位", "1\t绿化\t甲局", "2\t绿化\t乙局", "合计\t丙局"]


def test_a_cell_is_one_line_and_a_row_of_one_cell_is_text() -> None:
    document = docx.Document()
    document.add_table(1, 2).cell(0, 0).text = "种树\n浇水"
    document.add_table(1, 1).cell(0, 0).text = "第一行\n第二行"
    assert lines(saved(document)) == ["种树 浇水\t", "第一行", "第二行"]


def test_tables_inside_tables_do_not_grow_without_bound() -> None:
    """Each of 40 levels would print the one inside it twice."""
    inner = f"<w:p>{run('甲')}</w:p>"
    end = "<w:tc><w:p/></w:tc></w:tr>"
    goes_on = f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>{end}"
    for _ in range(40):
        begins = f'<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{inner}<w:p/></w:tc>{end}'
        inner = f"<w:tbl>{begins}{goes_on}</w:tbl>"
    assert 1_000 < len(read_docx(with_body(inner))) < 100_000


ARTICLES = [
    level(0, "第%1章", "chineseCountingThousand"),
    level(1, "第%2条", "chineseCountingThousand", '<w:lvlRestart w:val="0"/>'),
    level(2, "（%3）", "chineseCounting"),
    level(3, "%4.", "decimal"),
    level(4, "%5", "decimalEnclosedCircleChinese"),
]


def test_numbers_that_word_makes_are_rebuilt() -> None:
    made = Numbered({7: ARTICLES}, {3: of_list(7)})
    for at, text in [(0, "总则"), (1, "甲。"), (2, "乙；"), (2, "丙。"), (3, "丁。"), (4, "戊。")]:
        made.add(text, 3, at)
    for at, text in [(0, "分则"), (1, "己。"), (2, "庚。")]:
        made.add(text, 3, at)
    made.add("没有编号")
    assert lines(made.saved()) == [
        *("第一章 总则", "第一条 甲。", "（一）乙；", "（二）丙。", "1.丁。", "①戊。"),
        *("第二章 分则", "第二条 己。", "（一）庚。", "没有编号"),
    ]


@pytest.mark.parametrize(
    ("number_format", "start", "marker"),
    [
        *[
            ("chineseCounting", 10, "十"),
            ("chineseCounting", 21, "二十一"),
            ("chineseCountingThousand", 110, "一百一十"),
        ],
        *[("chineseCountingThousand", 101, "一百零一"), ("chineseCountingThousand", 1003, "一千零三")],
        *[("ideographDigital", 20, "二〇"), ("ideographTraditional", 3, "丙"), ("ideographZodiac", 4, "卯")],
        *[("chineseLegalSimplified", 12, "壹拾贰"), ("decimal", 5, "5"), ("decimalZero", 5, "05")],
        *[("decimalEnclosedCircle", 21, "㉑"), ("decimalEnclosedParen", 2, "⑵"), ("decimalEnclosedFullstop", 2, "⒉")],
        *[("upperRoman", 14, "XIV"), ("lowerRoman", 4, "iv"), ("upperLetter", 28, "BB"), ("lowerLetter", 2, "b")],
        *[("decimalFullWidth", 12, "１２"), ("none", 1, ""), ("unheardOf", 6, "6")],
    ],
)
def test_every_usual_way_of_counting(number_format: str, start: int, marker: str) -> None:
    made = Numbered({1: [level(0, "%1、", number_format, start=start)]}, {1: of_list(1)})
    made.add("甲", 1, 0)
    assert lines(made.saved()) == [f"{marker}、甲"]


def test_a_bullet_is_no_number() -> None:
    made = Numbered({1: [level(0, "\uf0b7", "bullet")]}, {1: of_list(1)})
    made.add("甲", 1, 0)
    assert lines(made.saved()) == ["甲"]


def test_two_instances_of_a_list_count_on_unless_one_says_where_it_starts() -> None:
    made = Numbered({1: [level(0, "%1.", "decimal")]}, {1: of_list(1), 2: of_list(1), 3: of_list(1, {0: 8})})
    for instance in (1, 2, 3, 3, 1):
        made.add("甲", instance, 0)
    assert lines(made.saved()) == ["1.甲", "2.甲", "8.甲", "9.甲", "10.甲"]


def test_a_level_that_an_instance_replaces() -> None:
    replaced = (
        f'<w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">{level(0, "（%1）", "chineseCounting")}</w:lvlOverride>'
    )
    made = Numbered({1: [level(0, "%1.", "decimal")]}, {1: replaced})
    made.add("甲", 1, 0)
    assert lines(made.saved()) == ["（一）甲"]


def test_higher_numbers_inside_a_lower_one_and_plain_ones_where_it_says_so() -> None:
    mixed = [level(0, "第%1章", "chineseCounting"), level(1, "%1.%2", "decimal", "<w:isLgl/>")]
    made = Numbered({1: mixed}, {1: of_list(1)})
    for at in (0, 1, 1):
        made.add("甲", 1, at)
    assert lines(made.saved()) == ["第一章 甲", "1.1 甲", "1.2 甲"]


def test_a_style_gives_its_number_and_level_to_the_styles_based_on_it() -> None:
    by_style = [
        level(0, "%1、", "chineseCounting"),
        level(1, "（%2）", "chineseCounting", '<w:pStyle w:val="Article"/>'),
    ]
    made = Numbered({1: by_style}, {1: of_list(1)})
    styles = made.document.styles
    base = styles.add_style("Article", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    base.element.get_or_add_pPr().append(number(1, None))
    styles.add_style("Inherits", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH).base_style = base
    for style in ("Article", "Inherits"):
        made.add("甲").style = style
    made.add("不编号", 0, 0).style = "Article"
    assert lines(made.saved()) == ["（一）甲", "（二）甲", "不编号"]


def test_a_list_that_only_names_a_numbering_style() -> None:
    linked = ['<w:numStyleLink w:val="L"/>']
    made = Numbered({1: ['<w:styleLink w:val="L"/>', level(0, "%1)", "decimal")], 2: linked}, {1: of_list(2)})
    made.add("甲", 1, 0)
    assert lines(made.saved()) == ["1)甲"]


def test_changes_that_are_tracked_count_as_if_accepted() -> None:
    deleted = '<w:del w:id="1"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2">{run("新")}</w:ins>'
    gone = f'<w:moveFrom w:id="3">{run("搬走")}</w:moveFrom>'
    joined = f'<w:pPr><w:rPr><w:del w:id="4"/></w:rPr></w:pPr>{run("前半")}'
    assert body(run("甲") + deleted + inserted + gone, joined, run("后半")) == ["甲新", "前半后半"]


def test_what_does_not_print_in_the_text_is_left_out() -> None:
    box = (
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p>'
        f"{run('框')}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    field = '<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
    assert body(run("甲") + run("藏", "<w:vanish/>") + box + field + run("乙", '<w:vanish w:val="0"/>')) == ["甲乙"]


def test_contents_are_left_out() -> None:
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    listed = f"<w:sdt>{gallery}<w:sdtContent><w:p>{run('第一章 总则 1')}</w:p></w:sdtContent></w:sdt>"
    kept = f"<w:sdt><w:sdtContent><w:p>{run('甲')}</w:p></w:sdtContent></w:sdt>"
    assert lines(with_body(listed + kept)) == ["甲"]


def test_headers_and_footers_are_left_out() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "眉"
    document.sections[0].footer.paragraphs[0].text = "脚"
    document.add_paragraph("甲")
    assert lines(saved(document)) == ["甲"]


def test_signs_inside_a_line() -> None:
    signs = "<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t><w:noBreakHyphen/></w:r>"
    symbols = '<w:r><w:sym w:font="A" w:char="2460"/><w:sym w:font="B" w:char="F0FC"/></w:r>'
    link = f'<w:hyperlink w:anchor="a">{run("链")}</w:hyperlink><w:fldSimple w:instr="x">{run("域")}</w:fldSimple>'
    assert body(signs + symbols + link) == ["甲", "乙 丙-①链域"]


def test_a_first_line_indent_is_printed_also_where_a_style_makes_it() -> None:
    document = docx.Document()
    document.styles["Normal"].paragraph_format.first_line_indent = docx.shared.Pt(24)
    document.add_paragraph("甲")
    document.add_paragraph("乙").paragraph_format.first_line_indent = docx.shared.Pt(0)
    assert lines(saved(document)) == ["\u3000\u3000甲", "乙"]


def test_the_strict_form_reads_alike() -> None:
    content = word(["甲", "乙"])
    strict = part(content, "word/document.xml").replace(TRANSITIONAL, STRICT)
    assert STRICT in strict
    assert lines(with_part(content, "word/document.xml", strict)) == ["甲", "乙"]


def test_a_document_without_text_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="no text"):
        read_docx(saved(docx.Document()))


ENTITY = b'<!DOCTYPE a [<!ENTITY b "c">]>'


@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml", "word/numbering.xml", "docProps/core.xml"])
@pytest.mark.parametrize("far", [0, 10_000], ids=["near", "far"])
def test_a_part_that_declares_entities_is_refused(name: str, far: int) -> None:
    content = word(["甲"])
    told = part(content, name)
    declaring = told.replace(b"?>", b"?><!--" + b"x" * far + b"-->" + ENTITY, 1)
    assert declaring != told
    changed = with_part(content, name, declaring)
    if far and name.startswith("docProps"):
        assert lines(changed) == ["甲"], "a part that is never parsed does no harm"
        return
    with pytest.raises(UnreadableFileError) as refused:
        read_docx(changed)
    assert str(refused.value) == refusals.ENTITIES


def test_entities_are_seen_in_utf_16_too() -> None:
    content = word(["甲"])
    xml = part(content, "word/document.xml").decode().partition("?>")[2]
    changed = f'<?xml version="1.0" encoding="UTF-16"?>{ENTITY.decode()}{xml}'.encode("utf-16")
    with pytest.raises(UnreadableFileError, match="entities"):
        read_docx(with_part(content, "word/document.xml", changed))


SAMPLE = word(["花园方案", "一、建好花园。", "序号\t单位", "1\t省林草局"])
SAMPLE_XML = part(SAMPLE, "word/document.xml")


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
@settings(max_examples=60)
def test_a_changed_file_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    changed = bytearray(SAMPLE)
    for at, byte in changes:
        changed[at] = byte
    _read_or_refused(bytes(changed))


@given(st.integers(0, len(SAMPLE)))
@settings(max_examples=30)
def test_a_cut_file_is_read_or_refused(length: int) -> None:
    _read_or_refused(SAMPLE[:length])


@given(
    st.integers(0, len(SAMPLE_XML) - 1), st.integers(1, 80), st.sampled_from([b"", b"<w:p>", b"</w:p>", b"\xff", b"9"])
)
@settings(max_examples=60)
def test_a_changed_part_is_read_or_refused(at: int, length: int, instead: bytes) -> None:
    _read_or_refused(with_part(SAMPLE, "word/document.xml", SAMPLE_XML[:at] + instead + SAMPLE_XML[at + length :]))


def _read_or_refused(content: bytes) -> None:
    try:
        text = read_docx(content)
    except UnreadableFileError as refused:
        text = str(refused)
    assert text.strip()
