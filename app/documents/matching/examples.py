"""What people have decided on comments like this one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from app.documents.matching.embedding import LONGEST_COMMENT
from app.documents.matching.kinds import Kind
from app.documents.matching.wording import comment_features, sound

if TYPE_CHECKING:
    from app.documents.matching.vectors import Space

MUCH_ALIKE = 0.5
"""From this share of common pairs of characters on, two comments say the same thing in nearly the same words."""
MUCH_ALIKE_IN_MEANING = 0.45
"""From this cosine on, two comments mostly mean the same: chosen so that of the pairs of development comments on one
document nine in ten that are this near are on the same clause."""


@dataclass(frozen=True, slots=True)
class Example:
    """A comment and what it was decided to be about. `clause` is a label, None unless the kind is `clause`."""

    text: str
    kind: Kind
    clause: str | None


@dataclass(frozen=True, slots=True)
class Alike:
    """An example that a comment is much like; `likeness` is 0 to 1, where 0.5 is as little as counts."""

    example: Example
    likeness: float


class Examples:
    """The decisions on one version's comments."""

    def __init__(self, examples: Sequence[Example], space: "Space | None") -> None:
        self._examples = [(replace(example, text=sound(example.text)), _pairs(example.text)) for example in examples]
        self._space = space

    def alike(self, comment: str) -> list[Alike]:
        """The examples that the comment is much like, the most alike first; those of one clause or kind once."""
        pairs = _pairs(comment)
        query = (
            self._space.query(comment[:LONGEST_COMMENT]) if self._space and self._examples and comment.strip() else None
        )
        best: dict[tuple[Kind, str | None], Alike] = {}
        for example, known in self._examples:
            likeness = _scaled(_common(pairs, known), MUCH_ALIKE)
            if query is not None and self._space is not None:
                meaning = float(self._space.query(example.text[:LONGEST_COMMENT]) @ query)
                likeness = max(likeness, _scaled(meaning, MUCH_ALIKE_IN_MEANING))
            key = (example.kind, example.clause)
            if likeness >= 0.5 and (key not in best or likeness > best[key].likeness):
                best[key] = Alike(example, likeness)
        return sorted(best.values(), key=lambda alike: -alike.likeness)


@lru_cache(maxsize=2_000)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(run for run in comment_features(text) if len(run) == 2)


def _common(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / math.sqrt(len(left) * len(right)) if left and right else 0.0


def _scaled(value: float, enough: float) -> float:
    """0.5 where it is just enough, 1 at most, 0 at least."""
    return max(0.0, min(1.0, 0.5 + 0.5 * (value - enough) / (1 - enough)))
