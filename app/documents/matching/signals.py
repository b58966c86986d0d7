"""What a comment has in common with each clause, in several ways, each standardised over the document's clauses."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.documents.matching import embedding
from app.documents.matching.lexical import Index
from app.documents.matching.outline import Entry, Outline
from app.documents.matching.synonyms import Found, Synonyms
from app.documents.matching.wording import LONGEST_READ, comment_features, features, sentences, without_notes

LEXICAL_WEIGHTS: Mapping[str, float] = {
    "heading": 0.4,
    "body": 0.4,
    "sentence": 0.5,
    "concepts": 1.1,
    "concept_sentence": 1.0,
    "fields": 0.7,
}
FUSED_WEIGHTS: Mapping[str, float] = {
    **LEXICAL_WEIGHTS,
    "vector_body": 2.0,
    "vector_sentence": 1.6,
    "vector_heading": 1.0,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """The fused score by place, about -1 to 4, and what it rests on.

    `words` are the comment's words by concept; `known` its concepts that the draft has somewhere, `unknown` the others,
    `shared` those of a clause by place. `strength` is the best clause's raw common weight of concepts and letters.
    """

    fused: Mapping[int, float]
    words: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, str]
    shared: Mapping[int, tuple[str, ...]]
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    strength: float


def standardised(scores: Mapping[int, float], places: Sequence[int]) -> dict[int, float]:
    """Mean 0 and deviation 1 over `places`; all 0 where they don't differ."""
    values = [scores.get(place, 0.0) for place in places]
    if not values:
        return {}
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    if deviation < 1e-9:
        return dict.fromkeys(places, 0.0)
    return {place: (value - mean) / deviation for place, value in zip(places, values, strict=True)}


class Signals:
    """The indexes of one document. Clauses without words of their own, and mere frames of others, are left out."""

    def __init__(self, outline: Outline, synonyms: Synonyms, model: embedding.Model | None) -> None:
        self._synonyms = synonyms
        self.entries = [entry for entry in outline.entries if entry.clause.text] or list(outline.entries)
        self.places = [entry.place for entry in self.entries]
        bodies = {entry.place: without_notes(entry.clause.text or entry.clause.heading) for entry in self.entries}
        self.sentences = [
            (place, piece) for place, body in bodies.items() for piece in (sentences(body) or [body or " "])
        ]
        concepts = {entry.place: self._concepts(entry, bodies) for entry in self.entries}
        self._concepts_of = concepts
        self._indexes = {
            "heading": Index([(entry.place, _heading(entry, outline)) for entry in self.entries], evenness=0.5),
            "body": Index([(place, features(body)) for place, body in bodies.items()], evenness=0.5),
            "sentence": Index([(place, features(piece)) for place, piece in self.sentences], evenness=0.7),
            "concepts": Index(list(concepts.items()), evenness=0.5),
            "concept_sentence": Index(
                [(place, synonyms.find(piece).counts) for place, piece in self.sentences], evenness=0.7
            ),
            "fields": Index([(place, self._in_fields(counts)) for place, counts in concepts.items()], evenness=0.5),
        }
        self._model = model if len(self.sentences) <= embedding.MOST_PASSAGES else None
        self._passages: dict[str, embedding.Passages] = {}
        if self._model is not None and self.entries:
            self._passages = {
                "vector_body": embedding.Passages(self._model, list(bodies.items())),
                "vector_sentence": embedding.Passages(self._model, self.sentences),
                "vector_heading": embedding.Passages(
                    self._model, [(entry.place, entry.clause.heading or bodies[entry.place]) for entry in self.entries]
                ),
            }
        self.weights = FUSED_WEIGHTS if self._passages else LEXICAL_WEIGHTS

    def _concepts(self, entry: Entry, bodies: Mapping[int, str]) -> Counter[str]:
        counts = self._synonyms.find(bodies[entry.place]).counts
        heading = self._synonyms.find(entry.clause.heading).counts
        return counts + heading + heading

    def _in_fields(self, concepts: Mapping[str, int]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for concept, count in concepts.items():
            counts[self._synonyms.fields[concept]] += count
        return counts

    def raw(self, comment: str) -> tuple[dict[str, dict[int, float]], Found]:
        """Every signal's score by place, and the comment's concepts."""
        letters = comment_features(comment)
        found = self._synonyms.find(comment[:LONGEST_READ])
        asked = {"concepts": found.counts, "concept_sentence": found.counts, "fields": self._in_fields(found.counts)}
        scores = {name: index.scores(asked.get(name, letters)) for name, index in self._indexes.items()}
        if self._passages and self._model is not None and comment.strip():
            query = self._model.query(comment[: embedding.LONGEST_EMBEDDED])
            scores |= {name: passages.scores(query) for name, passages in self._passages.items()}
        return scores, found

    def weigh(self, comment: str) -> Evidence:
        """The evidence that a comment gives for each clause. Same comment, same evidence."""
        scores, found = self.raw(comment)
        fused = dict.fromkeys(self.places, 0.0)
        for name, weight in self.weights.items():
            for place, value in standardised(scores.get(name, {}), self.places).items():
                fused[place] += weight * value
        total = sum(self.weights.values())
        strengths = [scores["concepts"].get(place, 0.0) + 0.3 * scores["body"].get(place, 0.0) for place in self.places]
        known = self._indexes["concepts"].rarity
        return Evidence(
            fused={place: value / total for place, value in fused.items()},
            words=found.words,
            fields=self._synonyms.fields,
            shared={place: tuple(found.counts.keys() & self._concepts_of[place].keys()) for place in self.places},
            known=tuple(concept for concept in found.counts if concept in known),
            unknown=tuple(concept for concept in found.counts if concept not in known),
            strength=max(strengths, default=0.0),
        )


def _heading(entry: Entry, outline: Outline) -> Counter[str]:
    """The heading's letters counted three times, those of the headings above it once."""
    own = features(entry.clause.heading)
    weighed = own + own + own
    for place in entry.ancestors:
        weighed += features(outline.entries[place].clause.heading)
    return weighed
