"""One comment from what was written about the whole and about single clauses, and the way back. Pure.

Masking, search, gathering and the programs of departments know one text for each comment. What belongs to a clause is
found in it again by places, which count code points and are half open.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BETWEEN = "\n\n"
HEADING = "【{name}】\n"
WORDING_HEADING = "建议修改为：\n"
LONGEST_NAME = 60
"""Code points of a clause's name in its heading; a longer one ends in an ellipsis."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Code points `start` ≤ i < `end` of a comment."""

    start: int
    end: int

    def of(self, comment: str) -> str:
        return comment[self.start : self.end]


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """What somebody says about one clause: an opinion, the wording that should replace it, or both; "" is neither."""

    clause_id: uuid.UUID
    name: str
    text: str = ""
    wording: str = ""


@dataclass(frozen=True, slots=True)
class ClausePlaces:
    """Where the words about one clause stand in the comment."""

    clause_id: uuid.UUID
    text: Extent | None
    wording: Extent | None


@dataclass(frozen=True, slots=True)
class Composed:
    """A whole comment. `places` has one entry for each clause that something was said about, in the given order."""

    comment: str
    places: tuple[ClausePlaces, ...]


def compose(general: str, parts: Iterable[ClauseWords]) -> Composed:
    """The general words, then those about each clause under a heading of its own.

    Cutting the comment at the places gives exactly the words that went in. Clauses without words leave no trace, and
    general words alone are the comment as they are.
    """
    comment, places = general, list[ClausePlaces]()
    for part in parts:
        if not (part.text or part.wording):
            continue
        comment += (BETWEEN if comment else "") + HEADING.format(name=_on_one_line(part.name))
        text = wording = None
        if part.text:
            text = Extent(len(comment), len(comment) + len(part.text))
            comment += part.text
        if part.wording:
            comment += ("\n" if text else "") + WORDING_HEADING
            wording = Extent(len(comment), len(comment) + len(part.wording))
            comment += part.wording
        places.append(ClausePlaces(part.clause_id, text, wording))
    return Composed(comment, tuple(places))


def length(general: str, parts: Iterable[ClauseWords]) -> int:
    """Code points that somebody wrote; headings don't count."""
    return len(general) + sum(len(part.text) + len(part.wording) for part in parts)


def general_extent(comment: str, places: Sequence[ClausePlaces]) -> Extent:
    """Where the words about the whole draft stand; empty where there are none."""
    extents = own_extents(places)
    if not extents:
        return Extent(0, len(comment))
    return Extent(0, len(comment[: extents[0].start].rpartition("【")[0].removesuffix(BETWEEN)))


def own_extents(places: Iterable[ClausePlaces]) -> list[Extent]:
    """Where the words about single clauses stand, in reading order."""
    found = [extent for place in places for extent in (place.text, place.wording) if extent]
    return sorted(found, key=lambda extent: extent.start)


def in_reading_order(places: Iterable[ClausePlaces]) -> list[ClausePlaces]:
    """Those that have words, as they stand in the comment."""
    return sorted((place for place in places if own_extents([place])), key=lambda place: own_extents([place])[0].start)


def after_covering(extent: Extent, covered: Sequence[Extent], length: int) -> Extent:
    """Where the words stand once each of the `covered` passages, in reading order, has become `length` code points.

    A passage that reaches over the beginning or the end of the words counts as outside them.
    """
    start, end = extent.start, extent.end
    for passage in covered:
        grown = length - (passage.end - passage.start)
        if passage.start < extent.start:
            start += grown + max(0, passage.end - extent.start)
        if passage.start < extent.end:
            end += grown if passage.end <= extent.end else passage.start - extent.end
    return Extent(start, max(start, end))


def _on_one_line(name: str) -> str:
    plain = " ".join(name.replace("【", "[").replace("】", "]").split())
    return plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1] + "…"
