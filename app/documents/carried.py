"""Where the content of a clause went that has no counterpart of its own: into another clause of the other version.

Pure. Read with the draft first it finds merged clauses; read with the versions swapped, split ones.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest

from app.documents.alignment import Alignment, rare_holders
from app.documents.passages import pairs_of

_SHORTEST = 6
_CARRIED = 0.6
_MORE_THAN_OWN = 0.2
_NOT_OWN = 0.5
_WHOLE = 0.45
_TERM = 3
_LIKELIEST = 6


@dataclass(frozen=True, slots=True)
class Carried:
    """`into`: the index in the other version. `share`: how much of the clause is new there, 0 to 1.

    `sentences`: those sentences over there that tell it, folded and without white space; may be empty when the content
    was woven into others. `whole` is true when the clause as such went over, not just a sentence of it.
    """

    into: int
    share: float
    sentences: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return self.share >= _WHOLE


def find_carried(alignment: Alignment) -> dict[int, Carried]:
    """For clauses of the draft without a counterpart: the one final clause, paired with another, that took them in.

    A clause was taken in when much of its wording is in that final clause and not in the clause that it is paired with,
    when a sentence there is mostly its own, or when a term of its heading that no other clause has is only there.
    """
    gone = [i for i in range(len(alignment.draft)) if i not in alignment.final_of and alignment.draft[i].body]
    if not gone:
        return {}
    search = _Search(alignment, gone)
    found = {i: search.best_of(i) for i in gone}
    return {i: carried for i, carried in found.items() if carried is not None}


class _Search:
    def __init__(self, alignment: Alignment, gone: Sequence[int]) -> None:
        self.alignment = alignment
        self.draft_of = {j: i for i, j in alignment.final_of.items()}
        wanted = frozenset().union(*(alignment.draft[i].pairs for i in gone))
        self.holders = rare_holders(alignment.final, self.draft_of, alignment.weights, wanted)
        self.only_holder = cache(self._only_holder)

    def best_of(self, i: int) -> Carried | None:
        shared = Counter(j for pair in self.alignment.draft[i].pairs for j in self.holders.get(pair, ()))
        likeliest = nsmallest(_LIKELIEST, shared, key=lambda j: (-shared[j], j))
        found = [carried for j in likeliest if (carried := self._carried(i, j)) is not None]
        return max(found, key=lambda carried: (carried.share, -carried.into), default=None)

    def _carried(self, i: int, j: int) -> Carried | None:
        weights = self.alignment.weights
        source, target = self.alignment.draft[i], self.alignment.final[j]
        own = self.alignment.draft[self.draft_of[j]].pairs
        share = weights.share(target.pairs - own, source.pairs)
        sentences = tuple(
            sentence
            for sentence in target.sentences()
            if len(sentence) >= _SHORTEST and self._tells(sentence, i, j, own)
        )
        if not sentences and share < _WHOLE:
            return None
        return Carried(j, share, sentences)

    def _tells(self, sentence: str, i: int, j: int, own: frozenset[str]) -> bool:
        pairs = pairs_of(sentence)
        in_source = self.alignment.weights.share(self.alignment.draft[i].pairs, pairs)
        in_own = self.alignment.weights.share(own, pairs)
        if in_source >= _CARRIED and in_source >= in_own + _MORE_THAN_OWN:
            return True
        terms = _terms(self.alignment.draft[i].heading)
        return in_own < _NOT_OWN and any(term in sentence and self.only_holder(term) == (i, j) for term in terms)

    def _only_holder(self, term: str) -> tuple[int, int] | None:
        """The one clause of the draft and the one of the final version that have the term; None if others do."""
        in_draft = [i for i, shape in enumerate(self.alignment.draft) if term in shape.text or term in shape.heading]
        in_final = [j for j, shape in enumerate(self.alignment.final) if term in shape.text or term in shape.heading]
        return (in_draft[0], in_final[0]) if len(in_draft) == len(in_final) == 1 else None


def _terms(heading: str) -> Iterator[str]:
    return (heading[index : index + _TERM] for index in range(len(heading) - _TERM + 1))
