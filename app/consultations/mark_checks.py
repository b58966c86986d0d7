"""Brackets and quotation marks that lost their other half. Pure."""

import re
from collections.abc import Iterator

from app.consultations.places import NoticeWarning, Part, PlacedText, WarningCode
from app.consultations.subject import Subject
from app.documents.markers import parse_marker
from app.kit.text import fold

_PAIRS = {"(": ")", "（": "）", "[": "]", "［": "］", "{": "}", "｛": "｝"} | dict(
    zip("【〔《〈「『“‘〖", "】〕》〉」』”’〗", strict=True)
)
_SHAPE = {"(": "（", ")": "）", "[": "［", "]": "］", "{": "｛", "}": "｝"}
"""Half- and full-width marks close each other: a mixed pair is untidy, but whole."""
_CLOSER_OF = {_SHAPE.get(opening, opening): _SHAPE.get(closing, closing) for opening, closing in _PAIRS.items()}
_CLOSERS = frozenset(_CLOSER_OF.values())
_ENUMERATOR = re.compile(r"(?:^|[\s，。；：、（])(?:\d{1,2}|[A-Za-z]|[一二三四五六七八九十]{1,2})$")
_APOSTROPHE = re.compile(r"[A-Za-z]$")
_STRAIGHT = '"'
_LONGEST_PRINTED = 60
"""Characters of a line on a printed page; a text with longer ones wasn't broken by it."""
_ENDS = ("。", "！", "？", "；")
_TEXTS = (Part.NOTICE, Part.DRAFT, Part.EXPLANATION)


def unbalanced_marks(subject: Subject) -> Iterator[NoticeWarning]:
    """Each mark without its other half in the same paragraph; `1）` before a point of a list is none."""
    for part in _TEXTS:
        placed = subject.placed(part)
        for begin, end in _paragraphs(placed):
            yield from _in_paragraph(placed, begin, end)


def _paragraphs(placed: PlacedText) -> Iterator[tuple[int, int]]:
    """Each line by itself or, in a text that a printed page broke into lines, all up to the end of a sentence."""
    lines = list(placed.lines())
    broken = _is_broken([len(line.strip()) for _, line in lines])
    begin = end = 0
    goes_on = False
    for start, line in lines:
        if not goes_on or parse_marker(fold(line)) is not None:
            yield begin, end
            begin = start
        end = start + len(line)
        goes_on = broken and bool(line.strip()) and not line.rstrip().endswith(_ENDS)
    yield begin, end


def _is_broken(lengths: list[int]) -> bool:
    """Whether nearly every line is short; some that a table left are longer."""
    written = sorted(filter(None, lengths)) or [0]
    return written[len(written) * 9 // 10] <= _LONGEST_PRINTED


def _in_paragraph(placed: PlacedText, begin: int, end: int) -> Iterator[NoticeWarning]:
    waiting: list[int] = []
    for place in range(begin, end):
        mark = _shape(placed.text[place])
        if mark in _CLOSER_OF:
            waiting.append(place)
        elif mark in _CLOSERS:
            match = _opening_of(placed.text, waiting, mark)
            if match is not None:
                yield from (_unclosed(placed, lost) for lost in waiting[match + 1 :])
                del waiting[match:]
            elif not _means_something_else(placed.text, begin, place):
                yield placed.warning(WarningCode.MARK_UNOPENED, place, place + 1)
    yield from (_unclosed(placed, lost) for lost in waiting)
    yield from _odd_straight_mark(placed, begin, end)


def _opening_of(text: str, waiting: list[int], closer: str) -> int | None:
    """The index of the last mark that waits for this one."""
    fitting = (index for index in reversed(range(len(waiting))) if _CLOSER_OF[_shape(text[waiting[index]])] == closer)
    return next(fitting, None)


def _means_something_else(text: str, begin: int, place: int) -> bool:
    before = text[max(begin, place - 4) : place]
    if text[place] == "’":
        return _APOSTROPHE.search(before) is not None
    return _shape(text[place]) == "）" and _ENUMERATOR.search(before) is not None


def _odd_straight_mark(placed: PlacedText, begin: int, end: int) -> Iterator[NoticeWarning]:
    """The last of an odd number: which of them is alone can't be told."""
    if placed.text.count(_STRAIGHT, begin, end) % 2:
        place = placed.text.rindex(_STRAIGHT, begin, end)
        yield placed.warning(WarningCode.MARK_UNCLOSED, place, place + 1)


def _unclosed(placed: PlacedText, place: int) -> NoticeWarning:
    return placed.warning(WarningCode.MARK_UNCLOSED, place, place + 1)


def _shape(mark: str) -> str:
    return _SHAPE.get(mark, mark)
