"""Which changes of a text a suggestion may have led to. Pure.

The rule, in four steps:

1. What is compared are runs of two and three characters, and the concepts of the field's table of words; words that
   every comment has, and the units that a clause's note names, are left out. A run tells the more, the fewer of the
   changed clauses have it.
2. A change answers to a suggestion's words with the share of their weight that is found in it: in what was put in
   wholly, in the rest of the clause and its heading at REST of it.
3. Where the suggestion's clause leads to the change, BY_CLAUSE is given to it and the share of words fills up the rest,
   so that such a change comes before one that only words lead to, unless those say much more. Words alone are enough
   where some of them are in what was put in and their share is at least ENOUGH, and OF_THE_BEST of the best score.
4. The best MOST are proposed; equal ones in the order of the text. The same input gives the same proposals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import nsmallest
from math import fsum, log

from app.amendments.changes import Change
from app.amendments.lifecycle import Because
from app.documents.matching.synonyms import Synonyms
from app.documents.matching.wording import comment_features
from app.kit.text import comparable

REST = 0.35
BY_CLAUSE = 0.3
ENOUGH = 0.2
OF_THE_BEST = 0.5
MOST = 3
MOST_WORDS = 6
CONCEPT = 3.0
"""A concept weighs as much as so many runs of its rarity."""

_SIGN = "\x00"
"""Stands before a concept's name among runs, where no text has it."""


@dataclass(frozen=True)
class Found:
    """A change that the suggestion may have led to. `words` are those of what was put in; `score` is 0 to 1."""

    change: Change
    because: Because
    words: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class _Features:
    """Runs and concepts, by whether anything of them was put in; `named` are the words of each concept put in."""

    inserted: frozenset[str]
    rest: frozenset[str]
    named: Mapping[str, str]


class Scorer:
    """Knows the changes of one comparison; `proposals` is the rule above."""

    def __init__(self, changes: Sequence[Change], synonyms: Synonyms) -> None:
        self.changes = tuple(changes)
        self._synonyms = synonyms
        self._features = [_features_of(change, synonyms) for change in self.changes]
        self._holders: dict[str, list[int]] = defaultdict(list)
        for place, features in enumerate(self._features):
            for run in features.inserted | features.rest:
                self._holders[run].append(place)

    def proposals(self, text: str, leads_to: Iterable[str] = ()) -> tuple[Found, ...]:
        """`text` is the suggestion, `leads_to` the ids of the changes that its clause became; best first."""
        runs = {run: self._weight(run) for run in self._runs_of(text) if run in self._holders}
        by_clause = set(leads_to)
        held = {place for run in runs for place in self._holders[run]}
        scores = {place: self._share(place, runs) for place in held}
        ranked = list[tuple[float, int]]()
        for place, change in enumerate(self.changes):
            share = scores.get(place, 0.0)
            if change.id in by_clause:
                ranked.append((BY_CLAUSE + (1 - BY_CLAUSE) * share, place))
            elif share >= ENOUGH and runs.keys() & self._features[place].inserted:
                ranked.append((share, place))
        least = OF_THE_BEST * max((score for score, _ in ranked), default=0.0)
        kept = [(score, place) for score, place in ranked if score >= least or self.changes[place].id in by_clause]
        best = nsmallest(MOST, kept, key=lambda one: (-one[0], one[1]))
        return tuple(self._found(score, place, text, runs, by_clause) for score, place in best)

    def _runs_of(self, text: str) -> set[str]:
        concepts = {_SIGN + name for name in self._synonyms.find(text).words}
        return {run for run in comment_features(text) if len(run) > 1} | concepts

    def _weight(self, run: str) -> float:
        rarity = log(1 + len(self.changes) / len(self._holders[run]))
        return rarity * (CONCEPT if run.startswith(_SIGN) else len(run) - 1)

    def _share(self, place: int, runs: Mapping[str, float]) -> float:
        features = self._features[place]
        put_in = fsum(weight for run, weight in runs.items() if run in features.inserted)
        beside = fsum(weight for run, weight in runs.items() if run in features.rest)
        return min(1.0, (put_in + REST * beside) / fsum(runs.values()))

    def _found(self, score: float, place: int, text: str, runs: Mapping[str, float], by_clause: Set[str]) -> Found:
        change, features = self.changes[place], self._features[place]
        put_in = sorted(runs.keys() & features.inserted, key=lambda run: (-runs[run], run))
        words = _words(text, change, put_in, features)
        because = Because.WORDS
        if change.id in by_clause:
            because = Because.CLAUSE_AND_WORDS if words else Because.SAME_CLAUSE
        return Found(change, because, words, round(score, 4))


def _placed(text: str) -> Iterator[tuple[str, int]]:
    """Each run of two and three letters that no punctuation interrupts, with where it begins."""
    for length in (2, 3):
        for start in range(len(text) - length + 1):
            run = text[start : start + length]
            if run.isalnum():
                yield run, start


def _features_of(change: Change, synonyms: Synonyms) -> _Features:
    body, new = change.marked.body, change.marked.new
    inserted, rest, named = set[str](), set[str](), dict[str, str]()
    for run, start in _placed(body):
        (inserted if any(new[start : start + len(run)]) else rest).add(run)
    for concept, words in synonyms.find(body).words.items():
        put_in = [word for word in words if _is_put_in(change, word)]
        (inserted if put_in else rest).add(_SIGN + concept)
        if put_in:
            named[_SIGN + concept] = put_in[0]
    rest |= {run for run, _ in _placed(comparable(change.heading).lower())}
    return _Features(frozenset(inserted), frozenset(rest - inserted), named)


def _is_put_in(change: Change, word: str) -> bool:
    """Whether one of the places where the word stands has something that was put in."""
    body, new = change.marked.body, change.marked.new
    start = body.find(word)
    while start >= 0:
        if any(new[start : start + len(word)]):
            return True
        start = body.find(word, start + 1)
    return False


def _words(text: str, change: Change, put_in: Sequence[str], features: _Features) -> tuple[str, ...]:
    """What is shown of them, those that tell most first: each as long as suggestion and change agree."""
    own = comparable(text).lower()
    words: list[str] = []
    for run in put_in:
        word = features.named.get(run) or _grown(run, own, change)
        if not any(word in other for other in words):
            words = [*(other for other in words if other not in word), word]
    return tuple(words[:MOST_WORDS])


def _grown(run: str, own: str, change: Change) -> str:
    """The longest piece around the run's first place in the suggestion that the change has with something put in."""
    start = own.find(run)
    if start < 0:
        return run
    end = start + len(run)
    while end < len(own) and own[end].isalnum() and _is_put_in(change, own[start : end + 1]):
        end += 1
    while start and own[start - 1].isalnum() and _is_put_in(change, own[start - 1 : end]):
        start -= 1
    return own[start:end]
