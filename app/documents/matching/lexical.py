"""TF-IDF over runs of characters, as an inverted index: a comment touches only the clauses that share a run with it."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

_WEIGHT_OF_LENGTH = {1: 0.25, 2: 1.0, 3: 1.4}


def rarity(holders: int, total: int) -> float:
    """The smoothed inverse frequency of what `holders` of `total` clauses hold; 0 for what all hold, never less."""
    return math.log((total + 1) / (holders + 0.5)) if holders <= total else 0.0


class Index:
    """Texts by their features, each text belonging to one clause; a clause's score is that of its best text."""

    def __init__(self, texts: Sequence[tuple[int, Counter[str]]], *, evenness: float) -> None:
        """`texts` are (place of the clause, features). `evenness` 0 ignores a text's length, 1 is the full cosine."""
        owners: dict[str, set[int]] = {}
        for place, counts in texts:
            for feature in counts:
                owners.setdefault(feature, set()).add(place)
        total = len({place for place, _ in texts})
        self.rarity = {
            feature: rarity(len(places), total)
            * (1.0 if feature.isascii() else _WEIGHT_OF_LENGTH.get(len(feature), 1.0))
            for feature, places in owners.items()
        }
        self._postings: dict[str, list[tuple[int, float]]] = {}
        self._owner = [place for place, _ in texts]
        for text, (_, counts) in enumerate(texts):
            weights = {feature: (1 + math.log(count)) * self.rarity[feature] for feature, count in counts.items()}
            norm = math.sqrt(sum(weight * weight for weight in weights.values())) ** evenness or 1.0
            for feature, weight in weights.items():
                self._postings.setdefault(feature, []).append((text, weight / norm))

    def scores(self, counts: Mapping[str, float]) -> dict[int, float]:
        """The score of every clause that shares a feature, at least 0 and without an upper bound."""
        by_text: dict[int, float] = {}
        for feature, count in counts.items():
            weight = (1 + math.log(count)) * self.rarity.get(feature, 0.0)
            for text, posted in self._postings.get(feature, ()):
                by_text[text] = by_text.get(text, 0.0) + weight * posted
        best: dict[int, float] = {}
        for text, score in by_text.items():
            place = self._owner[text]
            best[place] = max(best.get(place, 0.0), score)
        return best
