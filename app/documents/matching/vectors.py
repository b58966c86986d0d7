"""Sentence vectors: how near a comment's meaning is to each clause, directly and by way of the table's words.

Vectors of such models all point nearly the same way; what tells texts apart is left when the mean is taken away.
Comments and clauses differ by style besides, so each side has a mean of its own.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from app.documents.matching.embedding import LONGEST_PASSAGE, MOST_CHARACTERS, Model
from app.documents.matching.synonyms import GENERAL, OUTSIDE, Concept, Synonyms

Floats = NDArray[np.float32]

REMEMBERED = "vectors.npz"
_SCALE = 254.0
"""A part of a vector of length one is kept as a whole number: half of this times the part."""
_GROUP = 6
_AT_ONCE = 32
_KINDRED = 15
"""As many of the draft's concepts count as are nearest to the comment."""
_SHARPNESS = 0.07
"""The difference of likeness by which a concept counts e times less. Both were chosen on the comments that
docs/matching.md calls blind and second development; half and double of either change little."""
_EVENNESS = 0.5
_QUERIES_KEPT = 2_000
_PRIOR = 5
"""So many passages' weight has the table's mean beside a document's own: a draft of three clauses tells little of how
drafts are worded."""


@dataclass(frozen=True, slots=True)
class Sense:
    """What a comment is near to, as cosines of -1 to 1 after the means are taken away.

    `clauses` and `kindred` are scores by place: of the clause itself, and of the table's concepts that it shares with
    the comment's meaning. `by_way_of` names for each place the everyday words that led there best. `inside`, `outside`
    and `general` are the likeness of the nearest concept of that sort.
    """

    clauses: Mapping[int, float]
    kindred: Mapping[int, float]
    by_way_of: Mapping[int, str]
    inside: float
    outside: float
    general: float


def groups(concept: Concept) -> Iterator[str]:
    """The concept's everyday words, about six at a time: a long list as one text would mean nothing in particular."""
    words = [word.replace("*", "") for word in concept.everyday or concept.policy]
    count = max(1, round(len(words) / _GROUP))
    for number in range(count):
        yield "，".join(words[number * len(words) // count : (number + 1) * len(words) // count])


def digest(text: str) -> bytes:
    """By what a remembered text is found again."""
    return hashlib.sha256(text.encode("utf-8")).digest()[:16]


class Remembered:
    """Vectors that were worked out before, so that starting costs no minute. Made by scripts/remember_vectors.py."""

    def __init__(self, vectors: Mapping[bytes, Floats], comments: Floats, drafts: Floats) -> None:
        self.vectors = vectors
        self.comments = comments
        self.drafts = drafts

    @classmethod
    def load(cls) -> "Remembered":
        """What comes with the project."""
        path = resources.files("app.documents.matching") / "data" / REMEMBERED
        with path.open("rb") as file, np.load(file) as kept:
            rows = kept["vectors"].astype(np.float32) / (_SCALE / 2)
            keys = [bytes(key) for key in kept["keys"]]
            return cls(dict(zip(keys, rows, strict=True)), kept["comments"], kept["drafts"])

    def save(self, path: str) -> None:
        """Writes what `load` reads."""
        keys = np.array([list(key) for key in self.vectors], dtype=np.uint8)
        rows = np.round(np.stack(list(self.vectors.values())) * (_SCALE / 2)).clip(-127, 127).astype(np.int8)
        np.savez_compressed(path, keys=keys, vectors=rows, comments=self.comments, drafts=self.drafts)


@lru_cache(maxsize=1)
def _remembered() -> Remembered:
    return Remembered.load()


class Space:
    """The table's words as vectors, and the means, for one model. Made once in a process, shared by all documents."""

    def __init__(self, model: Model, concepts: Sequence[Concept]) -> None:
        kept = _remembered()
        size = len(np.asarray(model.query("意见")))
        known: Mapping[bytes, Floats] = kept.vectors if size == len(kept.comments) else {}
        self.model = model
        self.names = [concept.name for concept in concepts]
        self.fields = np.array([concept.field for concept in concepts])
        owned = [(place, text) for place, concept in enumerate(concepts) for text in groups(concept)]
        self._owner = np.array([place for place, _ in owned], dtype=np.intp)
        self._texts = [text for _, text in owned]
        missing = [text for text in self._texts if digest(text) not in known]
        made = {digest(text): row for text, row in zip(missing, embedded(model, missing), strict=True)}
        rows = np.stack([known[key] if (key := digest(text)) in known else made[key] for text in self._texts])
        self._groups = centred(rows, rows.mean(axis=0))
        zero = np.zeros(size, dtype=np.float32)
        self.comments = kept.comments if known else zero
        self.drafts = kept.drafts if known else zero
        self.query = lru_cache(maxsize=_QUERIES_KEPT)(self._query)
        """The comment's vector, of length one and without what all comments have in common."""

    def _query(self, comment: str) -> Floats:
        return np.asarray(centred(np.asarray(self.model.query(comment))[None], self.comments)[0])

    def likeness(self, query: Floats) -> tuple[Floats, list[str]]:
        """Of every concept, by its place: the likeness of its nearest group of words, and that group."""
        by_group = self._groups @ query
        best = np.full(len(self.names), -1.0, dtype=np.float32)
        np.maximum.at(best, self._owner, by_group)
        nearest = [""] * len(self.names)
        for place, text, score in zip(self._owner, self._texts, by_group, strict=True):
            if score == best[place]:
                nearest[place] = text
        return best, nearest


@lru_cache(maxsize=2)
def space_of(model: Model, synonyms: Synonyms) -> Space:
    """The space of a model and a table, kept for the next document."""
    return Space(model, synonyms.concepts)


def embedded(model: Model, texts: Sequence[str]) -> list[Floats]:
    """The vectors of texts that are asked for, a few at a time."""
    rows: list[Floats] = []
    for start in range(0, len(texts), _AT_ONCE):
        rows += list(np.asarray(model.passage(texts[start : start + _AT_ONCE]), dtype=np.float32))
    return rows


def centred(rows: Floats, mean: Floats) -> Floats:
    """Rows without the mean, each of length one again; a row that was nothing but the mean is all 0."""
    left = rows - mean
    length = np.linalg.norm(left, axis=1, keepdims=True)
    return np.asarray(left / np.where(length < 1e-6, 1.0, length), dtype=np.float32)


class Meanings:
    """One draft's clauses as vectors and as concepts of the table."""

    def __init__(self, space: Space, bodies: Mapping[int, str], concepts: Mapping[int, Counter[str]]) -> None:
        self.space = space
        self._places = list(bodies)
        longest = min(LONGEST_PASSAGE, max(MOST_CHARACTERS // max(1, len(bodies)), 1))
        rows = np.stack(embedded(space.model, [body[:longest] or " " for body in bodies.values()]))
        mean = (rows.sum(axis=0) + _PRIOR * space.drafts) / (len(rows) + (_PRIOR if space.drafts.any() else 0))
        self._clauses = centred(rows, mean)
        self._concepts, self._known = _weighed(space, [concepts[place] for place in self._places])

    def sense(self, comment: str) -> Sense:
        """What the comment is near to. Same comment, same answer."""
        query = self.space.query(comment)
        likeness, nearest = self.space.likeness(query)
        fields = self.space.fields
        inside = (fields != OUTSIDE) & (fields != GENERAL)
        shared = self._concepts * nearest_concepts(np.where(inside & self._known, likeness, -1.0))
        ways = shared.argmax(axis=1)
        return Sense(
            clauses=dict(zip(self._places, (self._clauses @ query).tolist(), strict=True)),
            kindred=dict(zip(self._places, shared.sum(axis=1).tolist(), strict=True)),
            by_way_of={
                place: nearest[way] for place, way, row in zip(self._places, ways, shared, strict=True) if row[way] > 0
            },
            inside=_most(likeness, inside & self._known),
            outside=_most(likeness, (fields == OUTSIDE) & ~self._known),
            general=_most(likeness, fields == GENERAL),
        )


def _weighed(space: Space, counted: Sequence[Counter[str]]) -> tuple[Floats, NDArray[np.bool_]]:
    """Clauses by concepts, weighed by rarity in the draft; and which concepts the draft has at all."""
    column = {name: place for place, name in enumerate(space.names)}
    counts = np.zeros((len(counted), len(space.names)), dtype=np.float32)
    for row, concepts in enumerate(counted):
        for name, count in concepts.items():
            counts[row, column[name]] = 1 + np.log(count)
    holders = (counts > 0).sum(axis=0)
    rarity = np.where(holders > 0, np.log((len(counted) + 1) / (holders + 0.5)), 0.0)
    weights = counts * rarity
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    return np.asarray(weights / np.where(length > 0, length, 1.0) ** _EVENNESS, dtype=np.float32), holders > 0


def nearest_concepts(likeness: Floats) -> Floats:
    """1 for the nearest concept, less for those further off, 0 beyond the nearest few."""
    if not len(likeness):
        return likeness
    order = np.argsort(-likeness, kind="stable")[:_KINDRED]
    active = np.zeros_like(likeness)
    active[order] = np.exp((likeness[order] - likeness[order[0]]) / _SHARPNESS)
    return np.where(likeness > -1.0, active, 0.0)


def _most(likeness: Floats, among: NDArray[np.bool_]) -> float:
    return float(likeness[among].max()) if among.any() else -1.0
