"""Cutting a comment into sentences that can be gathered. Pure; positions are code points."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.submissions.composing import ClausePlaces, general_extent, own_extents

SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」』）)\"']*|[。！？!?；;]+")
PHRASE = re.compile(r"[^。！？!?；;，,：:\n]+[。！？!?；;，,：:]*[”’」』）)\"']*|[。！？!?；;，,：:]+")
"""A finer cut, also after commas and colons."""


@dataclass(frozen=True, order=True)
class Span:
    """Code points `start` ≤ i < `end` of a comment."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def sentences(comment: str, cut: re.Pattern[str] = SENTENCE) -> list[Span]:
    """Every sentence with something in it, in order; together they leave out nothing but white space."""
    spans = []
    for found in cut.finditer(comment):
        text = found.group()
        if text.strip():
            start = found.start() + len(text) - len(text.lstrip())
            spans.append(Span(start, found.start() + len(text.rstrip())))
    return spans


def passages(comment: str, places: Sequence[ClausePlaces], cut: re.Pattern[str] = SENTENCE) -> list[Span]:
    """What can be gathered of a comment, in order: its sentences, and each proposed wording as a whole.

    The headings under which words on single clauses stand are nobody's words.
    """
    if not places or own_extents(places)[-1].end > len(comment):
        return sentences(comment, cut)
    own = [general_extent(comment, places), *(place.text for place in places if place.text)]
    found = [
        Span(extent.start + span.start, extent.start + span.end)
        for extent in own
        for span in sentences(extent.of(comment), cut)
    ]
    wordings = [Span(place.wording.start, place.wording.end) for place in places if place.wording]
    return sorted([*found, *wordings])


def joined(comment: str, spans: Iterable[Span]) -> list[Span]:
    """The same passages with neighbours that touch, or have only white space between them, made one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and not comment[result[-1].end : span.start].strip():
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result
