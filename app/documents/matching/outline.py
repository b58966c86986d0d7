"""The printed markers of a draft's clauses as numbers with a kind, so that 第3项 and （三） can be compared."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.documents.extracted import Clause
from app.kit.text import comparable

NUMERALS = "零〇一二三四五六七八九十百两"
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_SMALL_BRACKETED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽"


class Style(StrEnum):
    """How a marker is printed."""

    DIVISION = "division"
    CHAPTER = "chapter"
    SECTION = "section"
    ARTICLE = "article"
    CHINESE = "chinese"
    BRACKETED = "bracketed"
    DIGIT = "digit"
    BRACKETED_DIGIT = "bracketed_digit"
    CIRCLED = "circled"
    OTHER = "other"


_NAMED = {"编": Style.DIVISION, "部分": Style.DIVISION, "章": Style.CHAPTER, "节": Style.SECTION, "条": Style.ARTICLE}
_NAMED_MARKER = re.compile(rf"第([{NUMERALS}]+|\d+)(编|部分|章|节|条)")


def read_number(written: str) -> int | None:
    """The value of a numeral below a thousand, Chinese or in digits; None for anything else."""
    if written.isdecimal():
        return int(written)
    if not written or any(character not in NUMERALS for character in written):
        return None
    if not any(character in "十百" for character in written):
        return int("".join(str(_DIGITS[character]) for character in written))
    total, digit = 0, 0
    for character in written:
        if character in _DIGITS:
            digit = _DIGITS[character]
            continue
        total += (digit or 1) * (100 if character == "百" else 10)
        digit = 0
    return total + digit


@dataclass(frozen=True, slots=True)
class Marker:
    """`value` is None where the marker is no plain number (1.2.3): such a one is found by its print alone."""

    style: Style
    value: int | None
    printed: str


def read_marker(number: str) -> Marker:
    """The last part of a clause's label; total."""
    printed = comparable(number.split("#", maxsplit=1)[0])
    named = _NAMED_MARKER.fullmatch(printed)
    if named:
        return Marker(_NAMED[named.group(2)], read_number(named.group(1)), printed)
    for characters, style in ((CIRCLED, Style.CIRCLED), (_SMALL_BRACKETED, Style.BRACKETED_DIGIT)):
        if len(printed) == 1 and printed in characters:
            return Marker(style, characters.index(printed) + 1, printed)
    inner = printed.strip("（）")
    value = read_number(inner)
    if value is None:
        return Marker(Style.OTHER, None, printed)
    if inner != printed:
        return Marker(Style.BRACKETED_DIGIT if inner.isdecimal() else Style.BRACKETED, value, printed)
    return Marker(Style.DIGIT if inner.isdecimal() else Style.CHINESE, value, printed)


@dataclass(frozen=True, slots=True)
class Entry:
    """A clause by its place. `ancestors` are places, nearest first; `namesakes` counts the clauses with its marker."""

    place: int
    clause: Clause
    marker: Marker
    ancestors: tuple[int, ...]
    namesakes: int


class Outline:
    """The clauses of one document with who stands under whom. Labels that occur twice count by their first place."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        places: dict[str, int] = {}
        for place, clause in enumerate(clauses):
            places.setdefault(clause.label, place)
        markers = [read_marker(clause.number) for clause in clauses]
        prints = [marker.printed for marker in markers]
        counts = {printed: prints.count(printed) for printed in set(prints)}
        ancestors: list[tuple[int, ...]] = []
        for place, clause in enumerate(clauses):
            above = places.get(clause.parent, place) if clause.parent is not None else place
            ancestors.append((above, *ancestors[above]) if above < place else ())
        self.entries = tuple(
            Entry(place, clause, markers[place], ancestors[place], counts[prints[place]])
            for place, clause in enumerate(clauses)
        )
        self.children: dict[int | None, list[int]] = {}
        for entry in self.entries:
            self.children.setdefault(entry.ancestors[0] if entry.ancestors else None, []).append(entry.place)
