"""From the lines of a text file back to paragraphs: wrapped lines are joined, page debris is dropped."""

import re
from collections import Counter
from dataclasses import dataclass

from app.documents.markers import Style, parse_marker
from app.kit.text import fold, squeeze, tidy

_PAGE_DEBRIS = re.compile(
    r"^(?:[—－\-–·]+\s*\d{1,3}\s*[—－\-–·]+|\d{1,3}\s*/\s*\d{1,3}|第\s*\d+\s*页(?:\s*[，,]?\s*共\s*\d+\s*页)?)$"
)
_RUNNING_HEAD = re.compile(r"^[^。；，、：]{0,20}(?:公报|规章库?|文件|发布|网站|门户网|政府网)[^。；，、：]{0,4}$")
_OFTEN = 3
_FINISHED = re.compile(r"[。；！？：.?!;”】〗》>）]$")
_OPEN_END = re.compile(r"[、，（“《〈—]$|(?:以及|(?<!目)的|[和与及])$")
_CONTINUES = re.compile(r"^[、，。；：）”》〉！？]")
_NOTE_LABEL_ONLY = re.compile(r"(?:单位|部门)：$")
_COMPLETE_NAME = re.compile(r"(?:[厅局委办部会司府行联队院署等]|公室|公司|集团|中心|单位|部门)$")
_UNCLOSED_NOTE = re.compile(r"(?:单位|部门)：[^。]{0,300}$")
_LABEL_HEAD = re.compile(r"(?:责任|牵头|配合|参加|参与|协办|主办|落实)$")
_LABEL_REST = re.compile(r"(?:单位|部门)\s*：")
_CLOSES_FIRST = re.compile(r"[^（]*）")
_LONGEST_NOTE = 400
_NAMES_GO_ON = re.compile(r"[、）]|(?:[厅局委办部会府行联队院署]|公室|公司|集团|中心)。?$")
_ROLE_GOES_ON = re.compile(r"(?:牵头|配合|参加|参与|负责|会同|按照?职责|等(?:有关|相关)?(?:部门|单位|按))")
_NAME_ALONE = re.compile(r"[^。，；：（）]{2,20}(?:[厅局委办部府行联队院署]|协会|公司|集团|中心)(?:）。?)?")
_LONGEST_HEADING = 20
_LONG_LINE = 45
_UNBROKEN_LINE = 600
_FEWEST_LOST = 3
_LOST_BREAK = re.compile(
    r"(?<=[^第\d（(、，《“])(?=[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）](?![项款])"
    r"|第[一二三四五六七八九十百]{1,5}[章条]\s|\d{1,2}[.．、](?!\d))"
)
_FULL = 0.85
_TABLE_HEAD = re.compile(r"序\s*号(?!\s*[：:为])")
_INDENTED = re.compile(r"(?:\u3000|[ \t\u00a0\u2000-\u200a]{2,})")
_TWO_CELLS = re.compile(r"\u3000\u3000(?!\u3000)")
_LEAST_TELLING = 0.05
_MOST_TELLING = 0.9


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`text` as printed with tidy blanks; `folded` the same text, width by width; `lines` the printed lines it was."""

    text: str
    folded: str
    lines: tuple[str, ...]


def paragraph(text: str, lines: tuple[str, ...] = ()) -> Paragraph:
    """A paragraph of its own, from a text that is already tidy."""
    return Paragraph(text, fold(text), lines or (text,))


def read_paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text in order. Nothing but blank lines and page numbers is dropped."""
    printed = _without_debris(_broken(text))
    indented = [_INDENTED.match(line) is not None for line in printed]
    telling = _tells(printed, indented)
    lines = [_tidy_cells(line) for line in printed]
    width = wrap_width(lines)
    paragraphs: list[Paragraph] = []
    parts: list[str] = []
    in_table = False
    for line, begins in zip(lines, indented, strict=True):
        in_table = _stays_in_table(line) if in_table else _TABLE_HEAD.match(line) is not None
        apart = telling and begins and not _NOTE_LABEL_ONLY.search(fold("".join(parts[-1:])))
        if parts and (in_table or apart or not _joins(parts, line, width)):
            paragraphs.append(_assemble(parts))
            parts = []
        parts.append(line)
    if parts:
        paragraphs.append(_assemble(parts))
    return paragraphs


def _tidy_cells(line: str) -> str:
    """Tabs divide the cells of a table row; at the ends of a line they are mere blanks."""
    return "\t".join(map(tidy, line.strip().split("\t")))


def _without_debris(lines: list[str]) -> list[str]:
    """Without blank lines, page numbers, and heads or feet that come back on every page."""
    seen = Counter(map(squeeze, lines))
    return [
        line
        for line in lines
        if tidy(line)
        and not _PAGE_DEBRIS.match(tidy(line))
        and not (seen[squeeze(line)] >= _OFTEN and _RUNNING_HEAD.match(squeeze(line)))
    ]


def _broken(text: str) -> list[str]:
    """The lines of a text; where nearly all breaks were lost, a break is put before everything like a marker."""
    lines = text.splitlines()
    printed = max(sum(1 for line in lines if line.strip()), 1)
    alone = printed == 1 and len(_LOST_BREAK.findall(text)) >= _FEWEST_LOST
    if alone or len(text) > _UNBROKEN_LINE * printed:
        return _LOST_BREAK.sub("\n", text).splitlines()
    return lines


def _stays_in_table(line: str) -> bool:
    """The lines of a table are cells and never joined; a table ends where the text's own numbering goes on."""
    marker = parse_marker(fold(line))
    return marker is None or marker.weak or marker.style > Style.CHINESE


def _tells(printed: list[str], indented: list[bool]) -> bool:
    """Whether indentation begins a paragraph: not where nearly every line has it, as in a page's margin.

    Two ideographic spaces are never a margin.
    """
    share = sum(indented) / len(printed) if printed else 0.0
    typographic = all(_TWO_CELLS.match(line) for line, begins in zip(printed, indented, strict=True) if begins)
    return share > _LEAST_TELLING and (typographic or share < _MOST_TELLING)


def _assemble(parts: list[str]) -> Paragraph:
    text = parts[0]
    for part in parts[1:]:
        needs_space = text[-1:].isascii() and text[-1:].isalnum() and part[:1].isascii() and part[:1].isalpha()
        text += (" " if needs_space else "") + part
    return Paragraph(text, fold(text), tuple(parts))


def _printed_width(line: str) -> float:
    """Half a cell for ASCII, a whole one for Chinese, which are one and three bytes in UTF-8."""
    return (len(line) + len(line.encode("utf-8", "replace"))) / 4


def wrap_width(lines: list[str]) -> float | None:
    """The width at which lines were wrapped, in full-width characters; None when the text isn't hard-wrapped.

    Wrapped text shows by many lines of nearly the same, greatest width.
    """
    widths = [_printed_width(line) for line in lines if len(line) > 8]
    if len(widths) < 8:
        return None
    counts = Counter(round(width) for width in widths)
    for candidate in sorted(counts, reverse=True):
        longer = sum(count for width, count in counts.items() if width > candidate + 1)
        near = sum(counts[candidate + step] for step in (-2, -1, 0, 1))
        if longer > 0.04 * len(widths):
            return None
        if near >= 0.22 * len(widths) and 12 <= candidate <= 60:
            return float(candidate)
    return None


def _joins(parts: list[str], following: str, width: float | None) -> bool:
    """Whether `following` goes on with the paragraph of `parts`."""
    last, beginning = fold(parts[-1]), fold(following)
    if "\t" in last or "\t" in beginning:
        return False
    if _CONTINUES.match(beginning):
        return not last.endswith("。")
    full = width is not None and _printed_width(parts[-1]) >= width * _FULL
    marker = parse_marker(beginning)
    if marker is not None:
        return marker.weak and full and not _FINISHED.search(last)
    if _NOTE_LABEL_ONLY.search(last) or _splits_label(last, beginning) or _closes(parts, beginning):
        return True
    if _FINISHED.search(last):
        together = fold("".join(parts))
        return last.endswith("）") and full and (len(beginning) > 4 or together.count("（") > together.count("）"))
    return _unfinished_goes_on(parts, last, beginning, full=full, wrapped=width is not None)


def _splits_label(last: str, beginning: str) -> bool:
    """责任 at the end of one line and 单位： at the beginning of the next."""
    return _LABEL_HEAD.search(last) is not None and _LABEL_REST.match(beginning) is not None


def _closes(parts: list[str], beginning: str) -> bool:
    """Whether the line closes a bracket that is still open in the paragraph before it opens one of its own."""
    return _CLOSES_FIRST.match(beginning) is not None and _is_open(parts)


def _is_open(parts: list[str]) -> bool:
    so_far = fold("".join(parts))[-_LONGEST_NOTE:]
    return so_far.count("（") > so_far.count("）")


def _unfinished_goes_on(parts: list[str], last: str, beginning: str, *, full: bool, wrapped: bool) -> bool:
    """A line without a stop: a heading, the end of a damaged note, or the middle of a sentence."""
    if _OPEN_END.search(last):
        return True
    if _is_open(parts) and (_ROLE_GOES_ON.match(beginning) or _NAME_ALONE.fullmatch(beginning)):
        return True
    if _UNCLOSED_NOTE.search(fold("".join(parts))) and _COMPLETE_NAME.search(last):
        return full and _NAMES_GO_ON.search(beginning) is not None
    unclosed = _UNCLOSED_NOTE.search(last) is not None or (_is_open(parts) and not _COMPLETE_NAME.search(last))
    broken_off = len(last) > _LONGEST_HEADING and "。" in last[:-1] and not _COMPLETE_NAME.search(last)
    return full or unclosed or (not wrapped and (broken_off or len(last) > _LONG_LINE))
