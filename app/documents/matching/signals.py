"""What a comment has in common with each clause, in several ways, each standardised over the document's clauses."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.documents.matching import embedding
from app.documents.matching.lexical import Index
from app.documents.matching.outline import Entry, Outline
from app.documents.matching.synonyms import GENERAL, Found, Synonyms
from app.documents.matching.wording import (
    comment_features,
    ends_of,
    features,
    pieces_of,
    sentences,
    sound,
    without_notes,
)

if TYPE_CHECKING:
    from app.documents.matching.vectors import Meanings, Sense, Space

LEXICAL_WEIGHTS: Mapping[str, float] = {
    "heading": 0.4,
    "body": 0.4,
    "sentence": 0.5,
    "concepts": 1.1,
    "concept_sentence": 1.0,
    "fields": 0.7,
}
"""Where there are no vectors, words of the table that both sides have say most."""

FUSED_WEIGHTS: Mapping[str, float] = {
    "heading": 0.4,
    "body": 0.6,
    "sentence": 0.6,
    "concepts": 0.5,
    "concept_sentence": 0.5,
    "vector": 5.0,
    "kindred": 2.0,
}
"""Chosen on the comments that docs/matching.md calls blind and second development, and no worse there than the best of
600 drawn at random, which carried over less well from document to document."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The fused score by place, about -1 to 4, and what it rests on.

    `words` are the comment's words by concept; `known` its concepts that the draft has somewhere, `unknown` the others,
    `shared` those of a clause by place. `strength` is the best clause's raw common weight of concepts and letters.
    `sense` is what the vectors say, where there are any; `examples` are decided comments much like it, by place.
    """

    fused: Mapping[int, float]
    words: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, str]
    shared: Mapping[int, tuple[str, ...]]
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    strength: float
    sense: "Sense | None" = None
    examples: Mapping[int, str] = field(default_factory=dict)


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
        bodies = {
            entry.place: sound(without_notes(entry.clause.text or entry.clause.heading)) for entry in self.entries
        }
        pieces = [(place, piece) for place, body in bodies.items() for piece in (sentences(body) or [body or " "])]
        concepts = {entry.place: self._concepts(entry, bodies) for entry in self.entries}
        self._concepts_of = concepts
        self._indexes = {
            "heading": Index([(entry.place, _heading(entry, outline)) for entry in self.entries], evenness=0.5),
            "body": Index([(place, features(body)) for place, body in bodies.items()], evenness=0.5),
            "sentence": Index([(place, features(piece)) for place, piece in pieces], evenness=0.7),
            "concepts": Index(list(concepts.items()), evenness=0.5),
            "concept_sentence": Index([(place, self._found(piece).counts) for place, piece in pieces], evenness=0.7),
            "fields": Index([(place, self._in_fields(counts)) for place, counts in concepts.items()], evenness=0.5),
        }
        self.meanings = _meanings(model, synonyms, bodies, concepts)
        self.weights = FUSED_WEIGHTS if self.meanings else LEXICAL_WEIGHTS

    @property
    def space(self) -> "Space | None":
        """Where comments are compared with each other; None without vectors."""
        return self.meanings.space if self.meanings else None

    def _found(self, text: str) -> Found:
        """What the table finds; words on the draft as such are no matter that a clause could be about."""
        found = self._synonyms.find(text)
        of_matters = {name: words for name, words in found.words.items() if self._synonyms.fields[name] != GENERAL}
        return Found(Counter({name: found.counts[name] for name in of_matters}), of_matters)

    def _concepts(self, entry: Entry, bodies: Mapping[int, str]) -> Counter[str]:
        counts = self._found(bodies[entry.place]).counts
        heading = self._found(entry.clause.heading).counts
        return counts + heading + heading

    def _in_fields(self, concepts: Mapping[str, int]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for concept, count in concepts.items():
            counts[self._synonyms.fields[concept]] += count
        return counts

    def weigh(self, comment: str) -> Evidence:
        """The evidence that a comment gives for each clause. Same comment, same evidence."""
        letters = comment_features(comment)
        found = self._found(ends_of(comment))
        asked = {"concepts": found.counts, "concept_sentence": found.counts, "fields": self._in_fields(found.counts)}
        scores = {name: index.scores(asked.get(name, letters)) for name, index in self._indexes.items()}
        sense = self.meanings.sense(self.abridged(comment)) if self.meanings and comment.strip() else None
        if sense:
            scores |= {"vector": dict(sense.clauses), "kindred": dict(sense.kindred)}
        strengths = [scores["concepts"].get(place, 0.0) + 0.3 * scores["body"].get(place, 0.0) for place in self.places]
        known = self._indexes["concepts"].rarity
        return Evidence(
            fused=self._fused(scores),
            words=found.words,
            fields=self._synonyms.fields,
            shared={place: tuple(found.counts.keys() & self._concepts_of[place].keys()) for place in self.places},
            known=tuple(concept for concept in found.counts if concept in known),
            unknown=tuple(concept for concept in found.counts if concept not in known),
            strength=max(strengths, default=0.0),
            sense=sense,
        )

    def _fused(self, scores: Mapping[str, Mapping[int, float]]) -> dict[int, float]:
        fused = dict.fromkeys(self.places, 0.0)
        for name, weight in self.weights.items():
            for place, value in standardised(scores.get(name, {}), self.places).items():
                fused[place] += weight * value
        total = sum(self.weights.values())
        return {place: value / total for place, value in fused.items()}

    def abridged(self, comment: str) -> str:
        """Of a long comment the pieces that have most in common with the draft, in their order."""
        if len(comment) <= embedding.LONGEST_COMMENT:
            return comment
        pieces = list(dict.fromkeys(pieces_of(ends_of(comment))))
        telling = sorted(range(len(pieces)), key=lambda number: (-self._strength(pieces[number]), -number))
        chosen: set[int] = set()
        room = embedding.LONGEST_COMMENT
        for number in telling:
            if len(pieces[number]) <= room:
                chosen.add(number)
                room -= len(pieces[number])
        return "".join(pieces[number] for number in sorted(chosen)) or comment[: embedding.LONGEST_COMMENT]

    def _strength(self, piece: str) -> float:
        letters = self._indexes["body"].scores(comment_features(piece))
        concepts = self._indexes["concepts"].scores(self._found(piece).counts)
        return 0.3 * max(letters.values(), default=0.0) + max(concepts.values(), default=0.0)


def _meanings(
    model: embedding.Model | None,
    synonyms: Synonyms,
    bodies: Mapping[int, str],
    concepts: Mapping[int, Counter[str]],
) -> "Meanings | None":
    if model is None or not 0 < len(bodies) <= embedding.MOST_PASSAGES:
        return None
    from app.documents.matching.vectors import Meanings, space_of  # the web process has no use for numpy

    return Meanings(space_of(model, synonyms), bodies, concepts)


def _heading(entry: Entry, outline: Outline) -> Counter[str]:
    """The heading's letters counted three times, those of the headings above it once."""
    own = features(entry.clause.heading)
    weighed = own + own + own
    for place in entry.ancestors:
        weighed += features(outline.entries[place].clause.heading)
    return weighed
