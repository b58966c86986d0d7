"""The text as it is searched: one form of width, digit and dash, without invisible characters."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.kit.text import fold
from app.masking.spans import Kind, Span

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣~～"), "-")
_UNUSUAL = re.compile("[^\x00-\x7e\xb7\u2014-\u201d\u2026\u3000-\u301f\u4e00-\u9fff\uff00-\uff60\uffe5]")
"""Anything but ASCII, the marks of Chinese text and common 汉字: only then is each character looked at."""
_DROPPED = {"Cf", "Me"}
_HAN_DIGITS = str.maketrans("〇○零洞一壹幺二贰两三叁四肆五伍六陆七柒拐八捌九玖勾", "0000111222334455667778899" + "9")
_HAN_DIGIT = "〇○零洞一壹幺二贰两三叁四肆五伍六陆七柒拐八捌九玖勾"
_PAUSE = re.compile(f"(?<=[{_HAN_DIGIT}])[，、](?=[{_HAN_DIGIT}])")


@dataclass(frozen=True, slots=True)
class Projection:
    """A text to search, and for each of its code points and its end the place in the original that it stands for."""

    text: str
    places: Sequence[int]

    def original(self, start: int, end: int, kind: Kind) -> Span:
        """The range of the original that a non-empty range of the searched text stands for, hidden marks with it."""
        return Span(self.places[start], self.places[end], kind)


def project(text: str) -> Projection:
    """Folded width (`kit.text.fold`: brackets and marks full-width, letters and digits half-width), plain dashes.

    Decimal digits of every script become ASCII; zero-width, bidirectional and enclosing marks, which
    hide a number from a search without changing how it reads, are left out.
    """
    folded = fold(text).translate(_DASHES)
    if not _UNUSUAL.search(folded):
        return Projection(folded, range(len(text) + 1))
    kept = [
        (_plain(character), place)
        for place, character in enumerate(folded)
        if character.isascii() or not _is_hidden(character)
    ]
    return Projection("".join(character for character, _ in kept), (*(place for _, place in kept), len(text)))


def with_han_digits_read(text: str) -> str:
    """The searched text, same length, with 〇一二… 壹贰… and 幺洞拐勾 as ASCII digits, spoken pauses as blanks."""
    return _PAUSE.sub(" ", text).translate(_HAN_DIGITS)


def _plain(character: str) -> str:
    if character.isascii():
        return character
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _DROPPED or "\ufe00" <= character <= "\ufe0f"
