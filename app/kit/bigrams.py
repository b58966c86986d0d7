"""Characters and pairs of characters as numbers, for finding words in Chinese text without knowing its words. Pure.

An index over them is a filter: whatever holds a term has all the term's numbers, and `places_of` says whether it truly
holds it. Splitting text into words instead would miss what the splitter doesn't know.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

BITS = 32
_HALF, _ALL = 1 << (BITS - 1), (1 << BITS) - 1


@dataclass(frozen=True)
class Folded:
    """A text as it is compared: compatibility forms and case made equal, blanks and control characters left out.

    `origin[i]` is the code point of the text from which `text[i]` came; there is one more for the end.
    """

    text: str
    origin: Sequence[int]


def fold(text: str) -> Folded:
    """A line break within a word, a full-width digit or another case keeps nobody from finding it."""
    kept: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        made = _folded_char(char)
        kept.append(made)
        origin.extend([place] * len(made))
    return Folded("".join(kept), [*origin, len(text)])


def numbers_of(text: str) -> set[int]:
    """Every number of the text, signed and of BITS bits: one for each character and for each pair of neighbours.

    Neighbours with punctuation between them are no pair. Two characters beyond the BMP may share a number with others.
    """
    found: set[int] = set()
    before = 0
    for char in "".join(map(_folded_char, text)):
        if not _is_word(char):
            before = 0
            continue
        code = ord(char)
        found.add(_signed(code))
        if before:
            found.add(_signed(before << 16 ^ code))
        before = code
    return found


def numbers_wanted(term: str) -> set[int]:
    """The numbers that every text with this term has; a character inside a pair is not asked for by itself.

    Empty for a term without any letter, digit or symbol.
    """
    wanted: set[int] = set()
    run: list[int] = []
    for char in [*fold(term).text, " "]:
        if _is_word(char):
            run.append(ord(char))
            continue
        if len(run) == 1:
            wanted.add(_signed(run[0]))
        wanted.update(_signed(left << 16 ^ right) for left, right in pairwise(run))
        run.clear()
    return wanted


def terms_of(words: str) -> list[str]:
    """What somebody typed, split at blanks; terms that could never be found are left out."""
    return [term for term in words.split() if numbers_wanted(term)]


def places_of(term: str, text: Folded) -> list[tuple[int, int]]:
    """Where the term stands in the text, in code points of the text as it was, end exclusive, none overlapping."""
    wanted = fold(term).text
    found: list[tuple[int, int]] = []
    start = text.text.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        found.append((text.origin[start], text.origin[end - 1] + 1))
        start = text.text.find(wanted, end)
    return found


@lru_cache(maxsize=65536)
def _folded_char(char: str) -> str:
    made = unicodedata.normalize("NFKC", char).casefold()
    return "".join(one for one in made if unicodedata.category(one)[0] not in "ZC")


@lru_cache(maxsize=65536)
def _is_word(char: str) -> bool:
    """Letters, digits, marks and symbols; not punctuation."""
    return unicodedata.category(char)[0] in "LNMS"


def _signed(code: int) -> int:
    return (code & _ALL) - _HALF
