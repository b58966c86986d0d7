"""Which clause of one version is which clause of another: a pairing one to one, in which clauses may move.

Number, heading and text count together. Every pair worth looking at gets a score; the best pairs are taken first;
then neighbours that were paired alike lend their pair a little, and it is done once more. Swapping the versions swaps
the answer. Pure.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest

from rapidfuzz import fuzz

from app.documents.passages import Passage, Shape, Weights

TELLING_HEADING = 4
"""Characters from which on an equal heading alone makes two clauses one."""

_TEXT, _HEADING, _PLACE = 0.62, 0.23, 0.15
_SAME_NUMBER = 0.6
_NEIGHBOUR = 0.05
_ENOUGH = 0.34
_ENOUGH_TEXT = 0.18
_ENOUGH_HEADING = 0.75
_RARE = 8
_NEAREST = 6


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two passages are: `score` overall, `text` and `heading` alone, each 0 to 1."""

    score: float
    text: float
    heading: float
    same_text: bool

    @property
    def enough(self) -> bool:
        """True where a reader would call the one a version of the other."""
        if self.same_text and self.score >= _ENOUGH:
            return True
        return self.score >= _ENOUGH and (self.text >= _ENOUGH_TEXT or self.heading >= _ENOUGH_HEADING)


@dataclass(frozen=True, slots=True)
class Alignment:
    """`final_of` maps indexes of the draft to indexes of the final version; `scores` has every pair looked at."""

    draft: tuple[Shape, ...]
    final: tuple[Shape, ...]
    weights: Weights
    final_of: Mapping[int, int]
    scores: Mapping[tuple[int, int], Likeness]

    def swapped(self) -> "Alignment":
        """The same alignment seen from the other version."""
        back = {j: i for i, j in self.final_of.items()}
        return Alignment(
            self.final, self.draft, self.weights, back, {(j, i): like for (i, j), like in self.scores.items()}
        )


def align(draft: Sequence[Passage], final: Sequence[Passage]) -> Alignment:
    """Pair the passages of two versions; a passage without a counterpart is in no pair.

    Time grows with the number of clauses, not with its square, unless most of them are alike.
    """
    old, new = tuple(map(Shape, draft)), tuple(map(Shape, final))
    weights = Weights(old, new)
    total = cache(lambda shape: weights.of(shape.pairs))
    scores = {
        (i, j): _likeness(old[i], new[j], _text_likeness(old[i], new[j], weights, total))
        for i, j in _worth_a_look(old, new, weights)
    }
    final_of = _take_best({pair: like.score for pair, like in scores.items() if _acceptable(old, pair, like)})
    final_of = _take_best(
        {
            pair: like.score + _NEIGHBOUR * _paired_neighbours(pair, final_of, len(old), len(new))
            for pair, like in scores.items()
            if _acceptable(old, pair, like)
        }
    )
    return Alignment(old, new, weights, final_of, scores)


def _acceptable(old: Sequence[Shape], pair: tuple[int, int], like: Likeness) -> bool:
    return like.enough or (like.heading == 1 and len(old[pair[0]].heading) >= TELLING_HEADING)


def _text_likeness(one: Shape, other: Shape, weights: Weights, total: Callable[[Shape], float]) -> float:
    """Twice the weight of what is in both over the weight of each added up; 1 for equal texts."""
    if one.text == other.text:
        return 1.0
    return 2 * weights.of(one.pairs & other.pairs) / ((total(one) + total(other)) or 1.0)


def _likeness(one: Shape, other: Shape, text: float) -> Likeness:
    heading = 1.0 if one.heading == other.heading else fuzz.ratio(one.heading, other.heading) / 100
    place = 1.0 if one.label == other.label else _SAME_NUMBER * (one.number == other.number)
    parts = [(_PLACE, place)]
    # Where nothing but heading and unit notes stands on both sides, the notes alone don't tell the clauses apart.
    if one.body or other.body or (one.text and one.text == other.text):
        parts.append((_TEXT, text))
    has_heading = bool(one.heading or other.heading)
    if has_heading:
        parts.append((_HEADING, heading))
    score = sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)
    return Likeness(score, text, heading if has_heading else 0.0, one.text == other.text)


def _take_best(scores: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Best first; among equals the pair that moved least, then the earlier: no two rivals are equal in all three."""
    taken: dict[int, int] = {}
    gone: set[int] = set()
    for i, j in sorted(scores, key=lambda pair: (-scores[pair], abs(pair[0] - pair[1]), sum(pair))):
        if i not in taken and j not in gone:
            taken[i] = j
            gone.add(j)
    return taken


def _paired_neighbours(pair: tuple[int, int], final_of: Mapping[int, int], olds: int, news: int) -> int:
    i, j = pair
    before = final_of.get(i - 1) == j - 1 if i and j else i == j
    after = final_of.get(i + 1) == j + 1 if i + 1 < olds and j + 1 < news else olds - i == news - j
    return before + after


def _worth_a_look(old: Sequence[Shape], new: Sequence[Shape], weights: Weights) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for old_keys, new_keys in zip(_keys(old), _keys(new), strict=True):
        pairs.update(_nearest_of_same_key(old_keys, new_keys))
    settled = _settled(old, new)
    left = [i for i in range(len(old)) if i not in settled]
    right = sorted(set(range(len(new))) - set(settled.values()))
    pairs.update(_sharing_rare(old, new, left, right, weights))
    return pairs


def _keys(shapes: Sequence[Shape]) -> Iterator[list[str]]:
    yield [shape.label for shape in shapes]
    yield [shape.number for shape in shapes]
    yield [shape.text for shape in shapes]
    yield [shape.heading for shape in shapes]


def _nearest_of_same_key(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    places: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, keys in enumerate((old, new)):
        for index, key in enumerate(keys):
            if key:
                places[key][side].append(index)
    for ours, theirs in places.values():
        for i in ours:
            yield from ((i, j) for j in _nearest(i, theirs))
        for j in theirs:
            yield from ((i, j) for i in _nearest(j, ours))


def _nearest(index: int, others: Sequence[int]) -> Iterable[int]:
    if len(others) <= _NEAREST:
        return others
    middle = bisect_left(others, index)
    around = others[max(0, middle - _NEAREST) : middle + _NEAREST]
    return nsmallest(_NEAREST, around, key=lambda other: abs(other - index))


def _settled(old: Sequence[Shape], new: Sequence[Shape]) -> dict[int, int]:
    """Pairs of which each text is the only one of its kind in both versions; no others need to be sought for them."""
    ours, theirs = ({text: index for index, text in enumerate(texts)} for texts in (_texts(old), _texts(new)))
    single = {text for text, count in (Counter(_texts(old)) + Counter(_texts(new))).items() if count == 2 and text}
    return {ours[text]: theirs[text] for text in single & ours.keys() & theirs.keys()}


def _texts(shapes: Sequence[Shape]) -> list[str]:
    return [shape.text for shape in shapes]


def _sharing_rare(
    old: Sequence[Shape], new: Sequence[Shape], left: Sequence[int], right: Sequence[int], weights: Weights
) -> Iterator[tuple[int, int]]:
    """For each of `left` and of `right` those on the other side that share most of its rare pairs of characters."""
    holders = rare_holders(new, right, weights, frozenset().union(*(old[i].pairs for i in left)))
    by_old: dict[int, Counter[int]] = {i: Counter() for i in left}
    by_new: dict[int, dict[int, int]] = defaultdict(dict)
    for i, counts in by_old.items():
        for pair in old[i].pairs & holders.keys():
            counts.update(holders[pair])
        for j, count in counts.items():
            by_new[j][i] = count
    yield from ((i, j) for i, counts in by_old.items() for j in _most(counts))
    yield from ((i, j) for j, counts in by_new.items() for i in _most(counts))


def rare_holders(
    shapes: Sequence[Shape], indexes: Iterable[int], weights: Weights, wanted: frozenset[str]
) -> Mapping[str, list[int]]:
    """Which of the shapes at `indexes` hold each wanted pair of characters that is rare."""
    rare = {pair for pair in wanted if weights.frequency[pair] <= _RARE}
    holders: dict[str, list[int]] = defaultdict(list)
    for index in indexes:
        for pair in shapes[index].pairs & rare:
            holders[pair].append(index)
    return holders


def _most(counts: Mapping[int, int]) -> list[int]:
    return nsmallest(_NEAREST, counts, key=lambda index: (-counts[index], index))
