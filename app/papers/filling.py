"""A template with what a consultation has: fields replaced, sections repeated. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.dispositions.kinds import DispositionKind
from app.papers.fields import HAN_NUMBER, HOLDS, NUMBER, REPEATS, Scope
from app.papers.language import Field, Part, Section, Words
from app.papers.paragraphs import Paragraph, Paragraphs
from app.papers.words import OUTCOMES, in_han, outcome_words

Outcome = DispositionKind | None
"""None: not confirmed yet."""
Counts = Mapping[tuple[str, Outcome], int]
"""(Clause's label, outcome) → how many suggestions."""


@dataclass(frozen=True)
class Opinion:
    """One suggestion with the values of its fields."""

    outcome: Outcome
    values: Mapping[str, str]


@dataclass(frozen=True)
class Material:
    """Everything that a template can name.

    `clauses` are labels with the words for them, in the draft's order; `opinions` are by label, and may be empty where
    no template asks for them. `reasons` are the most frequent ones.
    """

    fields: Mapping[str, str]
    holds: frozenset[str]
    clauses: Mapping[str, str]
    counts: Counts
    reasons: Mapping[DispositionKind, Sequence[str]]
    opinions: Mapping[str, Sequence[Opinion]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Place:
    """Where filling has come to: in which clause, of which outcome, and what the fields stand for there."""

    values: Mapping[str, str]
    clauses: frozenset[str] | None = None
    outcomes: frozenset[Outcome] | None = None

    def takes(self, clause: str, outcome: Outcome) -> bool:
        return (self.clauses is None or clause in self.clauses) and (self.outcomes is None or outcome in self.outcomes)


def filled(parts: Sequence[Part], material: Material) -> list[Paragraph]:
    """Raises Unprocessable("paper_too_long") where it would come to more than MOST_WRITTEN code points."""
    paragraphs = Paragraphs()
    _fill(paragraphs, parts, material, _Place(material.fields))
    return paragraphs.all()


def counted(counts: Counts, of_clause: str | None = None) -> dict[str, str]:
    """The fields that count suggestions: all of them, or those on one clause."""
    found = dict.fromkeys(OUTCOMES, 0)
    for (clause, outcome), number in counts.items():
        if of_clause in (None, clause):
            found[outcome] += number
    values = {f"{outcome_words(outcome)}条数": str(number) for outcome, number in found.items()}
    some = [f"{outcome_words(outcome)}{number}条" for outcome, number in found.items() if number]
    return values | {"意见条数": str(sum(found.values())), "采纳情况": "、".join(some)}


def _fill(paragraphs: Paragraphs, parts: Sequence[Part], material: Material, place: _Place) -> None:
    for part in parts:
        if isinstance(part, Words):
            paragraphs.literal(part.words)
        elif isinstance(part, Field):
            paragraphs.value(place.values[part.name], is_number=part.name in (NUMBER, HAN_NUMBER))
        else:
            for inner in _inner(part, material, place):
                paragraphs.literal("")
                _fill(paragraphs, part.parts, material, inner)


def _inner(section: Section, material: Material, place: _Place) -> Iterator[_Place]:
    if section.name in HOLDS:
        if section.name in material.holds:
            yield place
        return
    scope = REPEATS[section.name]
    found = {Scope.OUTCOME: _outcomes, Scope.CLAUSE: _clauses, Scope.OPINION: _opinions}[scope](material, place)
    for number, inner in enumerate(found, 1):
        numbers = {NUMBER: str(number), HAN_NUMBER: in_han(number)}
        yield _Place({**place.values, **inner.values, **numbers}, inner.clauses, inner.outcomes)


def _outcomes(material: Material, place: _Place) -> Iterator[_Place]:
    for outcome in OUTCOMES:
        taken = sum(n for (clause, o), n in material.counts.items() if o is outcome and place.takes(clause, o))
        if taken:
            reasons = material.reasons.get(outcome, ()) if outcome else ()
            yield _Place(_of_outcome(outcome, taken, reasons), place.clauses, frozenset({outcome}))


def _of_outcome(outcome: Outcome, number: int, reasons: Sequence[str]) -> dict[str, str]:
    said = "；".join(reasons)
    return {
        "办理结果": outcome_words(outcome),
        "条数": str(number),
        "主要理由": said,
        "理由说明": f"主要理由：{said}。" if said else "",
    }


def _clauses(material: Material, place: _Place) -> Iterator[_Place]:
    for clause, words in material.clauses.items():
        taken = sum(n for (c, outcome), n in material.counts.items() if c == clause and place.takes(c, outcome))
        if taken:
            values = {"条款": words, "条数": str(taken), **counted(material.counts, clause)}
            yield _Place(values, frozenset({clause}), place.outcomes)


def _opinions(material: Material, place: _Place) -> Iterator[_Place]:
    clauses = [clause for clause in material.opinions if place.clauses is None or clause in place.clauses]
    found = ((clause, one) for clause in clauses for one in material.opinions[clause])
    for clause, one in found:
        if place.takes(clause, one.outcome):
            yield _Place(one.values, place.clauses, place.outcomes)
