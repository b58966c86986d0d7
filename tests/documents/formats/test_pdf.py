"""A PDF reads page by page, without what is printed on every page."""

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.formats import refusals
from app.documents.formats.pdf import MOST_PAGES, plain, read_pdf, without_running_heads
from app.documents.formats.refusals import UnreadableFileError
from tests.documents.formats.making import locked_pdf, pdf, scanned_pdf

FIRST = ["第一条 建好街角花园，由省林草局牵头负责，", "各市政府落实。"]
SECOND = ["第二条 管好街角花园，由省林草局牵头负责。"]


def test_lines_stay_as_printed_page_after_page() -> None:
    assert read_pdf(pdf([FIRST, SECOND])).split("\n") == [*FIRST, *SECOND]


@pytest.mark.parametrize("number", ["— {} —", "－{}－", "{}", "第 {} 页", "第{}页 共2页", "{}/2"])
def test_page_numbers_are_left_out(number: str) -> None:
    pages = [[*page, number.format(at)] for at, page in enumerate((FIRST, SECOND), start=1)]
    assert read_pdf(pdf(pages)).split("\n") == [*FIRST, *SECOND]


def test_a_number_that_is_no_page_number_stays() -> None:
    pages = [[*FIRST, "2025"], [*SECOND, "17"]]
    assert without_running_heads(pages) == pages


def test_what_stands_at_the_edge_of_most_pages_is_left_out() -> None:
    pages = [["某省公报 2025年第3期", f"第{at}条 " + "建好花园。" * at, "印发机关：某厅"] for at in range(1, 6)]
    pages[4] = ["最后一页没有这些", "完"]
    assert without_running_heads(pages) == [*[[page[1]] for page in pages[:4]], pages[4]]


def test_pages_that_are_all_alike_stay() -> None:
    assert read_pdf(pdf([FIRST] * 4)).split("\n") == FIRST * 4


def test_a_line_in_the_middle_of_every_page_stays() -> None:
    pages = [["甲" * at, "乙" * at, "责任单位：省林草局", "丙" * at, "丁" * at] for at in range(1, 6)]
    assert without_running_heads(pages) == pages


def test_the_head_of_a_long_table_is_kept_once() -> None:
    head = "序号 任务 单位"
    pages = [[head, f"{at} {'种' * at} 省林草局", "甲" * at, "乙" * at] for at in range(1, 5)]
    assert without_running_heads(pages) == [pages[0], *[page[1:] for page in pages[1:]]]


def test_fonts_that_name_radicals_give_ordinary_characters() -> None:
    assert plain("⼀、⻛⻓⽉\r\n\uf900") == "一、风长月\n豈"
    assert plain("满足。——养老") == "满足。\n——养老"
    assert plain("a\x02b\xadc\ufffed\x00") == "abcd"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (locked_pdf(), refusals.ENCRYPTED),
        (scanned_pdf(3), refusals.SCANNED),
        (pdf([["页码"], ["页码"]]), refusals.SCANNED),
        (pdf([["\ue000\ue001\ue002\ue003" * 10]]), refusals.UNREADABLE_FONTS),
        (pdf([FIRST])[:200], refusals.DAMAGED),
        (b"%PDF-1.7\n", refusals.DAMAGED),
        (b"no pdf at all, but a line of text", refusals.NOT_WHAT_IT_SAYS),
    ],
    ids=["locked", "scanned", "stamped", "fonts", "cut", "nothing", "text"],
)
def test_what_can_not_be_read_is_refused_by_its_reason(content: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read_pdf(content)
    assert str(refused.value) == message


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pypdfium2.PdfDocument, "__len__", lambda _: MOST_PAGES + 1)
    with pytest.raises(UnreadableFileError, match="pages"):
        read_pdf(pdf([FIRST]))


def test_a_book_of_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.documents.formats.pdf.LONGEST_TEXT", 30)
    with pytest.raises(UnreadableFileError, match="more text"):
        read_pdf(pdf([FIRST, SECOND]))


SAMPLE = pdf([FIRST, SECOND])


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=80)
def test_a_changed_file_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    changed = bytearray(SAMPLE)
    for at, byte in changes:
        changed[at] = byte
    _read_or_refused(bytes(changed))


@given(st.integers(0, len(SAMPLE)))
@settings(max_examples=40)
def test_a_cut_file_is_read_or_refused(length: int) -> None:
    _read_or_refused(SAMPLE[:length])


def _read_or_refused(content: bytes) -> None:
    try:
        text = read_pdf(content)
    except UnreadableFileError as refused:
        text = str(refused)
    assert text.strip()
