"""From bytes to text: encodings, pages, and refusals in one clear line."""

import codecs

import pytest

from app.documents.reading import LARGEST_FILE, UnreadableFileError, read_document

SENTENCE = "一、建好街角花园。（责任单位：省林草局）"


@pytest.mark.parametrize(
    "content",
    [
        SENTENCE.encode(),
        codecs.BOM_UTF8 + SENTENCE.encode(),
        codecs.BOM_UTF16_LE + SENTENCE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + SENTENCE.encode("utf-16-be"),
        SENTENCE.encode("gb18030"),
    ],
    ids=["utf-8", "utf-8-bom", "utf-16-le", "utf-16-be", "gb18030"],
)
def test_text_is_read_in_every_usual_encoding(content: bytes) -> None:
    assert read_document(content, "稿.TXT") == SENTENCE


def test_line_ends_are_one_kind() -> None:
    assert read_document("甲\r\n乙\r丙\f丁".encode(), "a.txt") == "甲\n乙\n丙\n丁"


PAGE = """<html><head><title>不读</title><style>p{}</style></head><body>
<h1>花园方案</h1><p>一、建<b>好</b>
花园。</p><script>alert(1)</script><div>二、管好<br>花园。</div>
<table><tr><th>序号</th><th><p>重点任务</p></th><th>责任单位</th></tr>
<tr><td>1</td><td>种树<br>浇水</td><td><p>省林草局</p><p>省水利厅</p></td></tr></table></body></html>"""


def test_a_page_gives_one_line_a_block_and_tabs_between_cells() -> None:
    assert read_document(PAGE.encode(), "a.html").split("\n") == [
        "花园方案",
        "一、建好花园。",
        "二、管好",
        "花园。",
        "序号\t 重点任务 \t责任单位",
        "1\t种树 浇水\t 省林草局  省水利厅",
    ]


SPANS = """<table><tr><th>序号</th><th>任务</th><th>单位</th></tr>
<tr><td>1</td><td rowspan="2">绿化</td><td>甲局</td></tr>
<tr><td>2</td><td rowspan="3">乙局</td></tr><tr><td colspan="2">3</td></tr></table>"""


def test_a_cell_that_spans_rows_stands_in_each_of_them() -> None:
    rows = [line.split("\t") for line in read_document(SPANS.encode(), "a.html").split("\n")]
    assert rows == [["序号", "任务", "单位"], ["1", "绿化", "甲局"], ["2", "绿化", "乙局"], ["3", "乙局"]]


def test_items_of_a_numbered_list_carry_the_numbers_that_a_browser_prints() -> None:
    page = "<ol start=3><li><p>种树</p><li>浇水</ol><ol type=a><li>剪枝</ol><ol><li>（一）施肥<li><b>除</b>草</ol>"
    assert read_document(page.encode(), "a.html").split("\n") == ["3. 种树", "4. 浇水", "剪枝", "（一）施肥", "2. 除草"]


def test_a_page_says_its_own_encoding() -> None:
    page = '<html><head><meta charset="gb2312"></head><body><p>花园</p></body></html>'
    assert read_document(page.encode("gb2312"), "a.htm") == "花园"


def test_markdown_loses_its_signs() -> None:
    source = "# 花园方案\n\n**一、建好花园。** 见[附件](a.md)\n\n| 序号 | 任务 |\n| --- | --- |\n| 1 | 种树 |\n"
    lines = [line for line in read_document(source.encode(), "a.md").split("\n") if line]
    assert lines == ["花园方案", "一、建好花园。 见附件", "序号\t任务", "1\t种树"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.txt"),
        (b" \n", "a.txt"),
        (b"x" * (LARGEST_FILE + 1), "a.txt"),
        (b"%PDF-1.7", "a.pdf"),
        (b"%PDF-1.7", "a.txt"),
        (b"PK\x03\x04", "a.docx"),
        (b"\xd0\xcf\x11\xe0", "a.doc"),
        (b"\x89PNG\r\n", "a.txt"),
        (b"text", "a.exe"),
        (b"\x00\x01\x02\x03\x04\x05", "a.txt"),
        (b"\xff\xff\xff\xff", "a.txt"),
        (codecs.BOM_UTF16_LE + b"\x00", "a.txt"),
        (b"<script>1</script>", "a.html"),
        (b"<!-- -->", "a.html"),
    ],
)
def test_what_is_no_readable_text_is_refused_in_one_line(content: bytes, name: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        read_document(content, name)
    assert str(refusal.value)
    assert "\n" not in str(refusal.value)
