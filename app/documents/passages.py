"""What the alignment of two versions looks at: passages, their pairs of characters, and how much each pair says.

Pure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, log

from app.kit.text import comparable

_NOTE = re.compile(r"（?(?:责任|牵头|主责|配合|参加|参与|协办|主办|落实)(?:单位|部门)：.*")
_SENTENCE = re.compile(r"[^。；！？]+[。；！？]?")


@dataclass(frozen=True, slots=True)
class Passage:
    """One clause as it is aligned: `label` its path, `number` the last part, `text` with or without its heading."""

    label: str
    number: str
    heading: str
    text: str


class Shape:
    """A passage without widths and white space: `text` whole, `body` without heading and unit notes, `pairs` of it."""

    __slots__ = ("body", "heading", "label", "number", "pairs", "text")

    def __init__(self, passage: Passage) -> None:
        self.label = passage.label
        self.number = passage.number
        self.heading = comparable(passage.heading).rstrip("。：")
        self.text = comparable(passage.text)
        paragraphs = (_NOTE.sub("", comparable(line)) for line in passage.text.splitlines())
        whole = "".join(paragraphs)
        # A clause of one short sentence has no words but its heading: they are what it says.
        self.body = whole.removeprefix(self.heading).lstrip("。：") or whole
        self.pairs = pairs_of(self.body)

    def sentences(self) -> list[str]:
        """The body cut after 。；！？, in order."""
        return _SENTENCE.findall(self.body)


def pairs_of(text: str) -> frozenset[str]:
    """All pairs of neighbouring characters; of a single character, that character."""
    if len(text) == 1:
        return frozenset(text)
    return frozenset(text[index : index + 2] for index in range(len(text) - 1))


class Weights:
    """How much a pair of characters tells about which clause it is from: rare ones tell more.

    Counted in the version where the pair is commoner, so that swapping the versions changes nothing, and a pair that
    one clause and its counterpart share is as rare as one that only one of them has.
    """

    def __init__(self, draft: Sequence[Shape], final: Sequence[Shape]) -> None:
        sides = [Counter(pair for shape in side for pair in shape.pairs) for side in (draft, final)]
        self.frequency = sides[0] | sides[1]
        size = max(len(draft), len(final), 1)
        by_count = {count: log(1 + size / count) for count in set(self.frequency.values())}
        self._weights = {pair: by_count[count] for pair, count in self.frequency.items()}

    def of(self, pairs: Iterable[str]) -> float:
        """The summed weight of pairs, exactly rounded, so that the order of a set does not matter."""
        return fsum(map(self._weights.__getitem__, pairs))

    def share(self, part: frozenset[str], whole: frozenset[str]) -> float:
        """How much of the weight of `whole` lies in `part`, 0 to 1; 0 for an empty `whole`."""
        total = self.of(whole)
        return self.of(part & whole) / total if total else 0.0
