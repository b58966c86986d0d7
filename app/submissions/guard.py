"""What in a comment's words makes it wait for a person before it is displayed. Pure.

A pattern is a word, or parts joined by `+` that must follow one another within NEAR characters of each other; the part
`#` stands for a number or an account. Width, case, and spaces or marks put between the characters of a part make no
difference; a sentence's own punctuation does, unless it stands between all of them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.kit.crypto import content_hash
from app.submissions.lifecycle import HoldReason

NEAR = 20
"""Characters that may stand between two parts of a pattern."""
PART_LIMIT = 30
PARTS_LIMIT = 4
SENTENCE = ",。.、!?;:…"
ORDER = (HoldReason.THREAT, HoldReason.ABUSE, HoldReason.ADVERTISING, HoldReason.OFF_TOPIC)
"""Which reason is told where the words give several."""

_MARK = rf"(?:[^\w{re.escape(SENTENCE)}\n]|_)"
_ANY_MARK = r"(?:[^\w\n]|_)"
_ACCOUNT = r"(?:[0-9a-z幺〇零一二三四五六七八九][ \-·_]{0,2}){5}"
_CUE = "#"
_WIDE_FORMS = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
_WIDE = re.compile("[\uff01-\uff5e]")
_NO_LETTER = re.compile(r"[\W_]+")


class BadPattern(ValueError):
    """It has no part of two letters, a part without any, or too many or too long ones."""


class Checker(Protocol):
    """Whatever looks at the words of a comment before they are displayed; the list of words is one."""

    def check(self, title: str, comment: str) -> HoldReason | None:
        """The reason for which a person should look at it first; None where nothing speaks against it."""


@dataclass(frozen=True)
class ListedWord:
    word: str
    reason: HoldReason


@dataclass(frozen=True)
class _Pattern:
    """`letters` are all characters that a text must have: most texts lack one, and are not searched."""

    place: int
    reason: HoldReason
    letters: frozenset[str]
    expression: re.Pattern[str]


class WordList:
    """The words in force, ready to be looked for."""

    def __init__(self, words: Iterable[ListedWord]) -> None:
        """Raises BadPattern."""
        ordered = sorted(words, key=lambda listed: ORDER.index(listed.reason))
        self._by_letter = _by_rarest_letter([_pattern(place, listed) for place, listed in enumerate(ordered)])

    def check(self, title: str, comment: str) -> HoldReason | None:
        return self.check_folded(f"{folded(title)}\n{folded(comment)}")

    def check_folded(self, text: str) -> HoldReason | None:
        """As `check`, for title and comment as `folded` left them, a line each."""
        letters = set(text)
        possible = [
            one
            for letter in letters & self._by_letter.keys()
            for one in self._by_letter[letter]
            if one.letters <= letters
        ]
        possible.sort(key=_place)
        return next((one.reason for one in possible if one.expression.search(text)), None)


def folded(text: str) -> str:
    """One width and one case; compatibility forms as their plain ones (NFKC).

    Full-width marks are most of them, and looked up: a text without any other is found to be in this form at a glance.
    """
    plain = _WIDE.sub(lambda found: _WIDE_FORMS[found.group()], text)
    return unicodedata.normalize("NFKC", plain).casefold()


def text_hash(text: str) -> str:
    """Equal for texts that have the same letters, signs and digits, whatever their width, case and punctuation.

    A text of punctuation alone is itself.
    """
    return folded_hash(folded(text))


def folded_hash(text: str) -> str:
    """As `text_hash`, for a text as `folded` left it."""
    return content_hash(_NO_LETTER.sub("", text) or text)


def parts_of(word: str) -> list[str]:
    """The parts of a pattern, folded. Raises BadPattern."""
    parts = [part.strip() for part in folded(word).split("+")]
    letters = [[character for character in part if character.isalnum()] for part in parts if part != _CUE]
    too_long = len(parts) > PARTS_LIMIT or any(len(part) > PART_LIMIT for part in parts)
    if too_long or not all(letters) or not any(len(part) > 1 for part in letters):
        raise BadPattern(word)
    return parts


def _by_rarest_letter(patterns: Sequence[_Pattern]) -> Mapping[str, Sequence[_Pattern]]:
    """Each once, under that of its letters which the fewest of them have: a text without it needn't look at them."""
    common = Counter(letter for one in patterns for letter in one.letters)
    found: dict[str, list[_Pattern]] = {}
    for one in patterns:
        found.setdefault(min(one.letters, key=lambda letter: (common[letter], letter)), []).append(one)
    return found


def _place(pattern: _Pattern) -> int:
    return pattern.place


def _pattern(place: int, listed: ListedWord) -> _Pattern:
    parts = parts_of(listed.word)
    expression = rf"[^\n]{{0,{NEAR}}}?".join(map(_part, parts))
    letters = frozenset(character for part in parts if part != _CUE for character in part if character.isalnum())
    return _Pattern(place, listed.reason, letters, re.compile(expression))


def _part(part: str) -> str:
    if part == _CUE:
        return _ACCOUNT
    letters = [re.escape(character) for character in part if character.isalnum()]
    ways = [f"{_MARK}{{0,3}}".join(letters)]
    if len(letters) > 2:
        ways.append(f"{_ANY_MARK}{{1,3}}".join(letters))
    return f"(?:{'|'.join(ways)})"


def read_starter_list(text: str) -> Iterator[ListedWord]:
    """Lines of a reason, blanks and a pattern; `;` begins a remark."""
    for line in text.splitlines():
        reason, _, word = line.partition(";")[0].strip().partition(" ")
        if word.strip():
            yield ListedWord(word.strip(), HoldReason(reason))
