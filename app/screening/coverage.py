"""How much of a comment stands in suggestions: nothing of an original may vanish unnoticed. Pure.

Positions are code points. Passages may overlap: a place can stand in several suggestions.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.screening.passages import Span

_SAY_NOTHING = ("P", "Z", "C")
"""Unicode's general categories of punctuation, separators and controls (Unicode Standard §4.5)."""


@dataclass(frozen=True)
class Stretch:
    """Code points `start` ≤ i < `end` that stand in `depth` passages."""

    start: int
    end: int
    depth: int


def stretches(span: Span, gathered: Iterable[Span]) -> list[Stretch]:
    """The span cut where the number of passages over it changes: one after the other they are the span, exactly."""
    over = [one for one in gathered if one.overlaps(span)]
    edges = {span.start, span.end, *(edge for one in over for edge in (one.start, one.end))}
    cuts = sorted(edge for edge in edges if span.start <= edge <= span.end)
    return [
        Stretch(start, end, sum(one.start <= start and end <= one.end for one in over)) for start, end in pairwise(cuts)
    ]


def says_something(text: str) -> bool:
    """Whether there is more in it than punctuation and white space. An emoji says something."""
    return any(not unicodedata.category(character).startswith(_SAY_NOTHING) for character in text)


def is_covered(comment: str, span: Span, gathered: Iterable[Span]) -> bool:
    """Whether everything that the span says stands in some passage."""
    return not any(
        stretch.depth == 0 and says_something(comment[stretch.start : stretch.end])
        for stretch in stretches(span, gathered)
    )


def uncovered(comment: str, passages: Iterable[Span], gathered: Sequence[Span]) -> list[Span]:
    """Those of the comment's passages of which something stands nowhere, in order."""
    return [span for span in passages if not is_covered(comment, span, gathered)]
