"""The clauses of a comment, best first, and its kind: references first, meaning second."""

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from app.documents.extracted import Clause
from app.documents.matching.embedding import Model
from app.documents.matching.examples import Alike, Example, Examples
from app.documents.matching.kinds import Kind, judge
from app.documents.matching.outline import Outline
from app.documents.matching.quotations import Quotations
from app.documents.matching.references import Reference, Resolver
from app.documents.matching.signals import Evidence, Signals
from app.documents.matching.synonyms import Synonyms, load_concepts
from app.documents.matching.wording import sound

MOST_MATCHES = 5
_NAMED_FROM = 0.9
_STEEPNESS = 1.3
_MIDDLE = 0.8
_WEAK = 0.5
_ALWAYS_LISTED = 3
_MOST_WORDS = 6
_LONGEST_EXAMPLE = 40
_EXAMPLE = 2.0
"""What a clause gains by a decided comment that is the same: about as much as the best clause has by meaning."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A clause that a comment may be about. `score` is 0..1, from 0.9 on the clause is named.

    `why` is `number: 第5项`, `heading: …` or `quotation: …` with the comment's words, `example: …` with the
    beginning of a comment that was decided to be about this clause, `meaning: …` with the comment's words that the
    table leads to the clause, `kindred: …` with words of the table that mean nearly the same, or `meaning` alone.
    """

    clause: str
    number: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class MatchResult:
    """`matches` are best first, at most five; a general or foreign comment has weak ones or none."""

    kind: Kind
    matches: tuple[Proposal, ...]

    def to_json(self) -> dict[str, Any]:
        """The contract for outside tools."""
        return {
            "kind": self.kind.value,
            "matches": [
                {"clause": match.clause, "number": match.number, "score": match.score, "why": match.why}
                for match in self.matches
            ],
        }


@lru_cache(maxsize=1)
def project_synonyms() -> Synonyms:
    """The project's table, read once."""
    return Synonyms(load_concepts())


class Matcher:
    """Built once for a document; `match` is pure and never raises.

    `model` adds sentence vectors (see `embedding.load_model`); None is the lexical way alone. `synonyms` replaces the
    project's table. `examples` are decisions on earlier comments.
    """

    def __init__(
        self,
        clauses: Sequence[Clause],
        *,
        synonyms: Synonyms | None = None,
        model: Model | None = None,
        examples: Sequence[Example] = (),
    ) -> None:
        self._outline = Outline(clauses)
        self._signals = Signals(self._outline, synonyms or project_synonyms(), model)
        self._resolver = Resolver(self._outline)
        self._quotations = Quotations(self._outline)
        self._places = {entry.clause.label: entry.place for entry in self._signals.entries}
        self._examples = Examples(examples, self._signals.space)

    def taught(self, examples: Sequence[Example]) -> "Matcher":
        """The same matcher with these decisions as examples, and no others; costs nothing."""
        other = copy(self)
        other._examples = Examples(examples, self._signals.space)
        return other

    def match(self, text: str) -> MatchResult:
        """The proposals for one comment. Same comment, same answer."""
        text = sound(text)
        alike = self._examples.alike(self._signals.abridged(text))
        evidence = self._with_examples(self._signals.weigh(text), alike)
        named = self._named(text)
        if named:
            return MatchResult(Kind.CLAUSE, self._with_names(named, evidence))
        kind = alike[0].example.kind if alike else judge(text, evidence)
        weight = 1.0 if kind is Kind.CLAUSE else _WEAK
        return MatchResult(kind, self._by_meaning(evidence, weight)[:MOST_MATCHES])

    def _with_examples(self, evidence: Evidence, alike: Sequence[Alike]) -> Evidence:
        """Clauses of like comments rise above what meaning alone gives."""
        known = {self._places[one.example.clause]: one for one in alike if one.example.clause in self._places}
        fused = {
            place: score + _EXAMPLE * known[place].likeness if place in known else score
            for place, score in evidence.fused.items()
        }
        return replace(evidence, fused=fused, examples={place: one.example.text for place, one in known.items()})

    def _named(self, text: str) -> list[Reference]:
        best: dict[int, Reference] = {}
        for reference in (*self._resolver.find(text), *self._quotations.find(text)):
            known = best.get(reference.place)
            if known is None or reference.certainty > known.certainty:
                best[reference.place] = reference
        return list(best.values())

    def _with_names(self, named: Sequence[Reference], evidence: Evidence) -> tuple[Proposal, ...]:
        """Named clauses, those equally certain in the order of their meaning, then weak ones by meaning."""
        proposals = []
        for reference in named:
            meaning = _likelihood(evidence.fused.get(reference.place, -1.0))
            score = _NAMED_FROM + (1 - _NAMED_FROM) * (0.95 * reference.certainty + 0.05 * meaning)
            proposals.append(self._proposal(reference.place, score, f"{reference.way}: {reference.printed}"))
        proposals.sort(key=lambda proposal: -proposal.score)
        taken = {proposal.clause for proposal in proposals}
        rest = [match for match in self._by_meaning(evidence, _WEAK) if match.clause not in taken]
        return (*proposals, *rest)[:MOST_MATCHES]

    def _by_meaning(self, evidence: Evidence, weight: float) -> tuple[Proposal, ...]:
        order = sorted(evidence.fused, key=lambda place: (-evidence.fused[place], place))
        return tuple(
            self._proposal(place, weight * _likelihood(evidence.fused[place]), _why(evidence, place))
            for rank, place in enumerate(order[: 2 * MOST_MATCHES])
            if rank < _ALWAYS_LISTED or evidence.fused[place] > 0
        )

    def _proposal(self, place: int, score: float, why: str) -> Proposal:
        clause = self._outline.entries[place].clause
        return Proposal(clause.label, clause.number, round(min(1.0, max(0.0, score)), 4), why)


def _likelihood(fused: float) -> float:
    """A fused score as 0..0.89: rising, below what a named clause has."""
    return 0.89 / (1 + math.exp(-_STEEPNESS * (fused - _MIDDLE)))


def _why(evidence: Evidence, place: int) -> str:
    if place in evidence.examples:
        return f"example: {_shortened(evidence.examples[place])}"
    words = dict.fromkeys(word for concept in sorted(evidence.shared[place]) for word in evidence.words[concept])
    if words:
        return f"meaning: {'、'.join(list(words)[:_MOST_WORDS])}"
    kindred = evidence.sense.by_way_of.get(place) if evidence.sense else None
    return f"kindred: {kindred}" if kindred else "meaning"


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_EXAMPLE else words[: _LONGEST_EXAMPLE - 1] + "…"
