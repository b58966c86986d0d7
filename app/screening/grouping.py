"""Finding comments that are alike, as proposals for themes. Pure; needs numpy, so only the worker loads it.

Comments are vectors of length one. Groups are found by average linkage: the two groups whose members are on average
most alike are joined, until no two are alike enough. The same vectors in the same order always give the same groups.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from app.documents.matching.likeness import unit
from app.documents.matching.vectors import Floats
from app.documents.matching.wording import comment_features

FEWEST = 3
"""Fewer comments are no theme yet."""
MOST_AT_ONCE = 1_000
"""So many comments that are in no group are compared with each other: some seconds' work."""
_HAN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Thresholds:
    """From which likeness on groups are joined (`together`), and from which on a later comment joins one."""

    together: float
    joining: float


BY_MEANING = Thresholds(together=0.20, joining=0.40)
BY_LETTERS = Thresholds(together=0.24, joining=0.50)
"""Chosen on the labelled comments of docs/matching.md; docs/gathering.md measures on others."""


def groups(vectors: Sequence[Floats], together: float) -> list[list[int]]:
    """Places of the vectors that belong together, at least FEWEST in each; the largest first, then in order."""
    if len(vectors) < FEWEST:
        return []
    members = _joined(np.stack(vectors), together)
    found = [sorted(group) for group in members if len(group) >= FEWEST]
    return sorted(found, key=lambda group: (-len(group), group))


def _joined(rows: Floats, together: float) -> list[list[int]]:
    likeness = np.asarray(rows @ rows.T, dtype=np.float64)
    np.fill_diagonal(likeness, -np.inf)
    members = [[place] for place in range(len(rows))]
    for _ in range(len(rows) - 1):
        first, second = divmod(int(likeness.argmax()), len(rows))
        if likeness[first, second] < together:
            break
        sizes = len(members[first]), len(members[second])
        mean = (sizes[0] * likeness[first] + sizes[1] * likeness[second]) / sum(sizes)
        likeness[first], likeness[:, first] = mean, mean
        likeness[second], likeness[:, second] = -np.inf, -np.inf
        likeness[first, first] = -np.inf
        members[first] += members[second]
        members[second] = []
    return members


def centre_of(vectors: Sequence[Floats]) -> Floats:
    """The mean direction of a group."""
    return unit(np.asarray(np.stack(vectors).mean(axis=0), dtype=np.float32))


def nearest(vector: Floats, centres: Sequence[Floats]) -> tuple[int, float]:
    """The place of the centre that is most like it, and how much; the first of several. Raises ValueError for none."""
    likeness = np.stack(centres) @ vector
    place = int(likeness.argmax())
    return place, float(likeness[place])


def typical_words(own: Sequence[str], others: Sequence[str], most: int = 5) -> list[str]:
    """Words that many of a group's comments have and few others, the most telling first.

    Chinese prints no limits between words: what is one stands beside different characters at both ends.
    """
    left = list(own)
    chosen: list[str] = []
    while len(chosen) < most:
        weighed = _weighed(left, others)
        if not weighed:
            break
        word = min(weighed, key=lambda one: (-weighed[one], -len(one), one))
        chosen.append(word)
        left = [text.replace(word, "。") for text in left]
    return chosen


def _weighed(own: Sequence[str], others: Sequence[str]) -> dict[str, float]:
    mine, theirs = _holders(own), _holders(others)
    size = len(own) + len(others)
    often = {word: count for word, count in mine.items() if count >= max(2, len(own) / 4)}
    varied = _variety(own, often)
    return {
        word: count * log((size + 1) / (count + theirs[word] + 0.5)) * len(word) ** 0.5 * varied[word]
        for word, count in often.items()
    }


def _variety(texts: Sequence[str], words: Iterable[str]) -> dict[str, int]:
    """How many different characters stand before or behind each word, whichever are fewer; each edge is one of them."""
    varied = {}
    for word in words:
        before, behind = set[str](), set[str]()
        for place, text in enumerate(texts):
            for found in re.finditer(word, text):
                before.add(_neighbour(text, found.start() - 1, place))
                behind.add(_neighbour(text, found.end(), place))
        varied[word] = min(len(before), len(behind))
    return varied


def _neighbour(text: str, at: int, place: int) -> str:
    inside = 0 <= at < len(text) and _HAN.fullmatch(text[at])
    return text[at] if inside else f"edge {place}"


def _holders(texts: Iterable[str]) -> Counter[str]:
    """How many texts hold each run of two to four Chinese characters."""
    return Counter(run for text in texts for run in set(_runs(text)))


def _runs(text: str) -> Iterator[str]:
    known = comment_features(text)
    every = (run for piece in _HAN.findall(text) for length in (2, 3, 4) for run in _of_length(piece, length))
    return (run for run in every if run[:2] in known and run[-2:] in known)


def _of_length(text: str, length: int) -> Iterator[str]:
    return (text[start : start + length] for start in range(len(text) - length + 1))
