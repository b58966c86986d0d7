"""How a paper's text falls into paragraphs, each in one of the ways of setting that official papers have. Pure.

A line of a template says it by a mark at its beginning (【标题】【居中】【居右】【顶格】) or by how it is numbered: a
line that begins with 一、 and doesn't end as a sentence is a heading of the first level, with （一） of the second
(GB/T 9704-2012, 7.3.3). What was filled in never decides.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.kit.errors import Unprocessable

MOST_WRITTEN = 1_000_000
"""Code points of a paper made from a template."""
_FILLED = "\ufffc"
_ENDS = tuple("。；：，、！？")
_FIRST = re.compile(r"\s*[一二三四五六七八九十]{1,3}、")
_SECOND = re.compile(r"\s*（[一二三四五六七八九十]{1,3}）")
_ENOUGH = 16
"""Code points of a line by which its setting can be told."""


class Setting(StrEnum):
    TITLE = "title"
    CENTRED = "centred"
    RIGHT = "right"
    FLUSH = "flush"
    FIRST_LEVEL = "first_level"
    SECOND_LEVEL = "second_level"
    BODY = "body"
    BLANK = "blank"


MARKS = {
    "【标题】": Setting.TITLE,
    "【居中】": Setting.CENTRED,
    "【居右】": Setting.RIGHT,
    "【顶格】": Setting.FLUSH,
}


@dataclass(frozen=True)
class Paragraph:
    setting: Setting
    words: str


class Paragraphs:
    """Takes in what a template says piece by piece, and gives the paragraphs."""

    def __init__(self) -> None:
        self._done: list[Paragraph] = []
        self._said: list[str] = []
        self._shape = ""
        self._is_filled = False
        self._left = MOST_WRITTEN

    def literal(self, words: str) -> None:
        """Words of the template itself. Raises Unprocessable("paper_too_long")."""
        self._count(words)
        for place, line in enumerate(words.split("\n")):
            if place:
                self._end()
            self._say(line, line)

    def value(self, words: str, *, is_number: bool) -> None:
        """What a field stands for; each of its lines becomes a paragraph. Raises Unprocessable("paper_too_long")."""
        self._count(words)
        self._is_filled = True
        self._say(words, words if is_number else _FILLED)

    def all(self) -> list[Paragraph]:
        """Never two blank ones in a row, and none at the beginning or the end."""
        self._end()
        found: list[Paragraph] = []
        for one in self._done:
            if one.setting is not Setting.BLANK or (found and found[-1].setting is not Setting.BLANK):
                found.append(one)
        return found[:-1] if found and found[-1].setting is Setting.BLANK else found

    def _count(self, words: str) -> None:
        self._left -= len(words) + 1
        if self._left < 0:
            raise Unprocessable("paper_too_long", limit=MOST_WRITTEN)

    def _say(self, words: str, shape: str) -> None:
        self._said.append(words)
        self._shape += shape[: max(0, _ENOUGH - len(self._shape))]

    def _end(self) -> None:
        """A line whose fields all stand for nothing is left out."""
        words = "".join(self._said)
        if words.strip():
            self._done += _set(words, self._shape)
        elif not self._is_filled:
            self._done.append(Paragraph(Setting.BLANK, ""))
        self._said, self._shape, self._is_filled = [], "", False


def _set(words: str, shape: str) -> list[Paragraph]:
    mark = next((mark for mark in MARKS if shape.lstrip().startswith(mark)), None)
    if mark is not None:
        setting, words = MARKS[mark], words.lstrip().removeprefix(mark)
    else:
        setting = _by_number(shape, words)
    return [Paragraph(setting, line.strip()) for line in words.split("\n") if line.strip()]


def _by_number(shape: str, words: str) -> Setting:
    if not words.rstrip().endswith(_ENDS):
        if _FIRST.match(shape):
            return Setting.FIRST_LEVEL
        if _SECOND.match(shape):
            return Setting.SECOND_LEVEL
    return Setting.BODY
