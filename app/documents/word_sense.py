"""What is a word in some texts, as far as the texts and the names in them tell.

Pure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from app.kit.text import fold

_FIRST_SIGN, _SIGNS = 0xF0000, 0xFFFE
_SIGN = re.compile(f"[{chr(_FIRST_SIGN)}-{chr(_FIRST_SIGN + _SIGNS - 1)}]")


def has_sign(text: str) -> bool:
    """True where a name stands in the text as one character, by `WordSense.with_signs`."""
    return _SIGN.search(text) is not None


class Side(StrEnum):
    """Where a character's companion stands."""

    LEFT = "left"
    RIGHT = "right"


class WordSense:
    """Given names are words, and so are characters that stand together in the texts: in place of a dictionary."""

    def __init__(self, texts: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        folded = sorted({fold(name) for name in names if len(name) > 1}, key=lambda name: (-len(name), name))
        self._names = folded[:_SIGNS]
        self._signs = {name: chr(_FIRST_SIGN + index) for index, name in enumerate(self._names)}
        self._name = re.compile("|".join(map(re.escape, self._names)) or r"(?!)")
        self._pairs = Counter(text[index : index + 2] for text in map(fold, texts) for index in range(len(text) - 1))

    def with_signs(self, folded: str) -> str:
        """The text with every name as one private-use character; it must not have such characters itself."""
        return self._name.sub(lambda found: self._signs[found.group()], folded)

    def without_signs(self, text: str) -> str:
        """Undo `with_signs` in the whole or any piece of its result."""
        return _SIGN.sub(lambda found: self._names[ord(found.group()) - _FIRST_SIGN], text)

    def side(self, before: str, characters: Sequence[str], after: str) -> Side | None:
        """On which side the single `characters` all make a word with their neighbour; None where on neither."""
        if not all(map(str.isalpha, characters)):
            return None
        left = min(self._pairs[before + character] for character in characters) if before.isalpha() else 0
        right = min(self._pairs[character + after] for character in characters) if after.isalpha() else 0
        if not left + right:
            return None
        return Side.LEFT if left > right else Side.RIGHT
