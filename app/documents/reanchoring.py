"""Tracing a clause into a later version, for what was written about it in an earlier one.

Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from app.documents.alignment import TELLING_HEADING, Alignment, Likeness, align
from app.documents.carried import Carried, find_carried
from app.documents.passages import Passage

_SUREST_GUESS = 0.99


@dataclass(frozen=True, slots=True)
class AnchoredClause:
    """A clause of a stored version. `text_hash` is the hash of `text`; where it is equal, so is the text.

    `heading` may be empty; with it the clause is found more surely.
    """

    label: str
    text_hash: str
    text: str
    heading: str = ""


class Fate(StrEnum):
    """SAME_TEXT: text and label as before. MOVED: the text under another label. CHANGED: another text. GONE: none."""

    SAME_TEXT = "same_text"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


class Because(StrEnum):
    """The ground for a fate, the strongest that applied.

    BY_WAY_OF_A_DECISION: a person said where the clause is in a version between the two, and it was sought from there.
    """

    ONE_SUCH_TEXT = "one_such_text"
    SEVERAL_SUCH_TEXTS = "several_such_texts"
    SAME_HEADING = "same_heading"
    SAME_LABEL = "same_label"
    SIMILAR_TEXT = "similar_text"
    TAKEN_INTO_ANOTHER = "taken_into_another"
    SENTENCE_IN_ANOTHER = "sentence_in_another"
    BY_WAY_OF_A_DECISION = "by_way_of_a_decision"
    NOTHING_ALIKE = "nothing_alike"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the clause `old_label` is in the later version: at `new_label`, None when it is gone.

    `sureness` is 0 to 1, 1 only where text and label are the same: the higher, the less a person needs to look.
    `also_in` are labels of other clauses of the later version that took in part of it.
    """

    old_label: str
    new_label: str | None
    fate: Fate
    sureness: float
    why: Because
    also_in: tuple[str, ...] = ()


def reanchor(old: Sequence[AnchoredClause], new: Sequence[AnchoredClause]) -> tuple[Anchor, ...]:
    """One answer for each of `old`, in its order; give all clauses of both versions, since neighbours count."""
    tracing = _Tracing(old, new)
    return tuple(tracing.trace(i) for i in range(len(old)))


def _passages(clauses: Iterable[AnchoredClause]) -> list[Passage]:
    return [Passage(each.label, each.label.rpartition("/")[2], each.heading, each.text) for each in clauses]


class _Rivals:
    """The scores of the pairs that were not chosen."""

    def __init__(self, alignment: Alignment) -> None:
        self._by_old: dict[int, dict[int, float]] = defaultdict(dict)
        self._by_new: dict[int, dict[int, float]] = defaultdict(dict)
        for (i, j), like in alignment.scores.items():
            self._by_old[i][j] = self._by_new[j][i] = like.score

    def best_for(self, i: int) -> float:
        """The best score that any pair of `i` has."""
        return max(self._by_old[i].values(), default=0.0)

    def of_pair(self, i: int, j: int) -> float:
        """The best score that either side of a pair has with another partner."""
        ours = (score for other, score in self._by_old[i].items() if other != j)
        theirs = (score for other, score in self._by_new[j].items() if other != i)
        return max(chain(ours, theirs), default=0.0)


class _Tracing:
    def __init__(self, old: Sequence[AnchoredClause], new: Sequence[AnchoredClause]) -> None:
        self.old, self.new = old, new
        self.alignment = align(_passages(old), _passages(new))
        self.taken = find_carried(self.alignment)
        self.hashes = [Counter(clause.text_hash for clause in side) for side in (old, new)]
        self.headings = [
            Counter(shape.heading for shape in side) for side in (self.alignment.draft, self.alignment.final)
        ]
        self.rivals = _Rivals(self.alignment)
        self.pieces: dict[int, list[str]] = {}
        for j, carried in find_carried(self.alignment.swapped()).items():
            self.pieces.setdefault(carried.into, []).append(new[j].label)

    def trace(self, i: int) -> Anchor:
        j = self.alignment.final_of.get(i)
        if j is None:
            return self._without_counterpart(i)
        one, other = self.old[i], self.new[j]
        also = tuple(self.pieces.get(i, ()))
        if one.text_hash == other.text_hash:
            return self._same_text(one, other, also)
        like = self.alignment.scores[i, j]
        if one.heading and like.heading == 1:
            why = Because.SAME_HEADING
        else:
            why = Because.SAME_LABEL if one.label == other.label else Because.SIMILAR_TEXT
        sureness = min(_SUREST_GUESS, max(0.0, (like.score + self._lead(i, j, like)) / 2))
        return Anchor(one.label, other.label, Fate.CHANGED, round(sureness, 2), why, also)

    def _lead(self, i: int, j: int, like: Likeness) -> float:
        """How far the pair is ahead of the next best one; a heading that stands nowhere else leaves no rival: 1."""
        heading = self.alignment.draft[i].heading
        if (
            like.heading == 1
            and len(heading) >= TELLING_HEADING
            and all(count[heading] == 1 for count in self.headings)
        ):
            return 1.0
        return (like.score - self.rivals.of_pair(i, j)) / like.score

    def _same_text(self, one: AnchoredClause, other: AnchoredClause, also: tuple[str, ...]) -> Anchor:
        """Equal texts are told apart by their places alone, so each further one makes a move less sure."""
        alike = max(count[one.text_hash] for count in self.hashes)
        why = Because.ONE_SUCH_TEXT if alike == 1 else Because.SEVERAL_SUCH_TEXTS
        if one.label == other.label:
            return Anchor(one.label, other.label, Fate.SAME_TEXT, 1.0, why, also)
        sureness = _SUREST_GUESS if alike == 1 else 1 / alike
        return Anchor(one.label, other.label, Fate.MOVED, round(sureness, 2), why, also)

    def _without_counterpart(self, i: int) -> Anchor:
        label = self.old[i].label
        carried = self.taken.get(i)
        if carried is not None and carried.whole:
            into, why = self.new[carried.into].label, Because.TAKEN_INTO_ANOTHER
            return Anchor(label, into, Fate.CHANGED, round(min(_SUREST_GUESS, carried.share), 2), why)
        return Anchor(label, None, Fate.GONE, self._sureness_of_loss(i, carried), *self._trail(carried))

    def _sureness_of_loss(self, i: int, carried: Carried | None) -> float:
        likest = self.rivals.best_for(i)
        return round(max(0.0, 1 - max(likest, carried.share if carried else 0.0)), 2)

    def _trail(self, carried: Carried | None) -> tuple[Because, tuple[str, ...]]:
        if carried is None:
            return Because.NOTHING_ALIKE, ()
        return Because.SENTENCE_IN_ANOTHER, (self.new[carried.into].label,)
