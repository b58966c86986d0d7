"""The clauses of a comment, best first, and its kind: references first, meaning second."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.documents.extracted import Clause
from app.documents.matching.embedding import Model
from app.documents.matching.kinds import Kind, judge
from app.documents.matching.outline import Outline
from app.documents.matching.quotations import Quotations
from app.documents.matching.references import Reference, Resolver
from app.documents.matching.signals import Evidence, Signals
from app.documents.matching.synonyms import Synonyms, load_concepts

MOST_MATCHES = 5
_NAMED_FROM = 0.9
_STEEPNESS = 1.3
_MIDDLE = 0.8
_WEAK = 0.5
_ALWAYS_LISTED = 3
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Proposal:
    """A clause that a comment may be about. `score` is 0..1, from 0.9 on the clause is named.

    `why` is `number: 第5项`, `heading: …` or `quotation: …` with the comment's words, or `meaning: …` with the words
    that the table leads to the clause, or `meaning` alone where only letters are alike.
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
    project's table.
    """

    def __init__(
        self, clauses: Sequence[Clause], *, synonyms: Synonyms | None = None, model: Model | None = None
    ) -> None:
        self._outline = Outline(clauses)
        self._signals = Signals(self._outline, synonyms or project_synonyms(), model)
        self._resolver = Resolver(self._outline)
        self._quotations = Quotations(self._outline)

    def match(self, text: str) -> MatchResult:
        """The proposals for one comment. Same comment, same answer."""
        evidence = self._signals.weigh(text)
        named = self._named(text)
        if named:
            return MatchResult(Kind.CLAUSE, self._with_names(named, evidence))
        kind = judge(text, evidence)
        weight = 1.0 if kind is Kind.CLAUSE else _WEAK
        return MatchResult(kind, self._by_meaning(evidence, weight)[:MOST_MATCHES])

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
            self._proposal(place, weight * _likelihood(evidence.fused[place]), _words(evidence, place))
            for rank, place in enumerate(order[: 2 * MOST_MATCHES])
            if rank < _ALWAYS_LISTED or evidence.fused[place] > 0
        )

    def _proposal(self, place: int, score: float, why: str) -> Proposal:
        clause = self._outline.entries[place].clause
        return Proposal(clause.label, clause.number, round(min(1.0, max(0.0, score)), 4), why)


def _likelihood(fused: float) -> float:
    """A fused score as 0..0.89: rising, below what a named clause has."""
    return 0.89 / (1 + math.exp(-_STEEPNESS * (fused - _MIDDLE)))


def _words(evidence: Evidence, place: int) -> str:
    words = dict.fromkeys(word for concept in sorted(evidence.shared[place]) for word in evidence.words[concept])
    return f"meaning: {'、'.join(list(words)[:_MOST_WORDS])}" if words else "meaning"
