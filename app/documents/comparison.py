"""What became of each clause from one version of a document to another.

`compare` is the one entry, `to_json` the contract with tools outside. Pure.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import Any

from app.documents.alignment import align
from app.documents.carried import find_carried
from app.documents.extracted import Clause, Extraction, Unit
from app.documents.passages import Passage
from app.documents.text_difference import Piece, difference
from app.documents.unit_changes import NO_SUCCESSORS, UnitChanges, same_body, unit_changes
from app.documents.word_sense import WordSense
from app.kit.text import comparable


class Relation(StrEnum):
    """KEPT: one clause stayed one, changed or not. REMOVED, NEW: nothing of it is in the other version.

    SPLIT: one draft clause became several; MERGED: several became one. A clause of which only a sentence lives on in
    another one is MERGED too (SPLIT, where a new clause grew from a sentence), while the other stays KEPT.
    """

    KEPT = "kept"
    REMOVED = "removed"
    NEW = "new"
    SPLIT = "split"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class ClauseComparison:
    """A draft clause beside a final one; `draft` is None for a new clause, `final` for a removed one.

    `heading_changed` is None unless the two are counterparts. `sentences` quotes what another clause took over or gave
    away, folded and without white space. `framing` marks headings without text and general parts without units that
    stand beside chapters: they are compared, but nobody is made responsible there.
    """

    draft: Clause | None
    final: Clause | None
    relation: Relation
    heading_changed: bool | None
    unit_changes: UnitChanges
    difference: tuple[Piece, ...]
    sentences: tuple[str, ...] = ()
    framing: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every clause of both versions in at least one row: in the draft's order, new ones where the final has them."""

    rows: tuple[ClauseComparison, ...]

    @property
    def clauses(self) -> tuple[ClauseComparison, ...]:
        """The rows that are not framing."""
        return tuple(row for row in self.rows if not row.framing)

    @property
    def framing(self) -> tuple[ClauseComparison, ...]:
        """The rows that are."""
        return tuple(row for row in self.rows if row.framing)


def compare(draft: Extraction, final: Extraction, successors: Mapping[str, str] = NO_SUCCESSORS) -> Comparison:
    """Compare two versions of a document; total, and the same for the same input.

    `successors` maps the id of a department to that of the one that took its place.
    """
    return compare_clauses(draft.clauses, final.clauses, successors)


def compare_clauses(
    draft: Sequence[Clause], final: Sequence[Clause], successors: Mapping[str, str] = NO_SUCCESSORS
) -> Comparison:
    """The same for the clauses alone, as a store has them."""
    return _Comparing(draft, final, successors).result()


def passage_of(clause: Clause) -> Passage:
    """The clause as alignment looks at it."""
    return Passage(clause.label, clause.number, clause.heading, clause.text or "")


class _Comparing:
    def __init__(self, draft: Sequence[Clause], final: Sequence[Clause], successors: Mapping[str, str]) -> None:
        self.draft, self.final = draft, final
        self.alignment = align(list(map(passage_of, self.draft)), list(map(passage_of, self.final)))
        self.merged = find_carried(self.alignment)
        self.split = find_carried(self.alignment.swapped())
        self.successors = successors
        both = (*self.draft, *self.final)
        names = (unit.written_as for clause in both for unit in clause.units)
        self.sense = WordSense((clause.text or "" for clause in both), names)
        self.draft_frame, self.final_frame = _frame(self.draft), _frame(self.final)
        self.joined_into = {carried.into for carried in self.merged.values() if carried.whole}
        self.split_from = {carried.into for carried in self.split.values() if carried.whole}

    def result(self) -> Comparison:
        later: dict[int, list[ClauseComparison]] = defaultdict(list)
        before = -1
        draft_of = {j: i for i, j in self.alignment.final_of.items()}
        for j in range(len(self.final)):
            if j in draft_of:
                before = draft_of[j]
            else:
                later[before].append(self._row_of_final(j))
        rows = later[-1]
        for i in range(len(self.draft)):
            rows += [self._row_of_draft(i), *later[i]]
        return Comparison(tuple(rows))

    def _row_of_draft(self, i: int) -> ClauseComparison:
        j = self.alignment.final_of.get(i)
        if j is not None:
            return self._pair(i, j)
        if (carried := self.merged.get(i)) is not None:
            return self._row(i, carried.into, Relation.MERGED, carried.sentences)
        return self._row(i, None, Relation.REMOVED)

    def _row_of_final(self, j: int) -> ClauseComparison:
        if (carried := self.split.get(j)) is not None:
            return self._row(carried.into, j, Relation.SPLIT, carried.sentences)
        return self._row(None, j, Relation.NEW)

    def _pair(self, i: int, j: int) -> ClauseComparison:
        joined, divided = j in self.joined_into, i in self.split_from
        changed_one = Relation.MERGED if joined else Relation.SPLIT
        relation = Relation.KEPT if joined == divided else changed_one
        framing = _frames(self.draft[i], self.draft_frame) and _frames(self.final[j], self.final_frame)
        changed = comparable(self.draft[i].heading) != comparable(self.final[j].heading)
        return replace(self._row(i, j, relation), heading_changed=changed, framing=framing)

    def _row(
        self, i: int | None, j: int | None, relation: Relation, sentences: tuple[str, ...] = ()
    ) -> ClauseComparison:
        draft = None if i is None else self.draft[i]
        final = None if j is None else self.final[j]
        pieces = difference((draft and draft.text) or "", (final and final.text) or "", self.sense)
        framing = all(
            clause is None or clause.label in frame.chapters
            for clause, frame in ((draft, self.draft_frame), (final, self.final_frame))
        )
        return ClauseComparison(draft, final, relation, None, self._units(i, j, relation), pieces, sentences, framing)

    def _units(self, i: int | None, j: int | None, relation: Relation) -> UnitChanges:
        """Units that another clause of a merger brought along, or of a division kept, neither came nor went."""
        ours = () if i is None else self.draft[i].units
        theirs = () if j is None else self.final[j].units
        changes = unit_changes(ours, theirs, self.successors)
        if relation is Relation.MERGED:
            return replace(changes, added=self._not_held(theirs, changes.added, self._sources(j)))
        if relation is Relation.SPLIT:
            return replace(changes, removed=self._not_held(ours, changes.removed, self._pieces(i)))
        return changes

    def _not_held(self, units: Sequence[Unit], names: Sequence[str], held: Sequence[Unit]) -> tuple[str, ...]:
        known = {unit.name for unit in units if any(same_body(unit, other, self.successors) for other in held)}
        return tuple(name for name in names if name not in known)

    def _sources(self, j: int | None) -> list[Unit]:
        """All units of the draft clauses that went into a final one."""
        merged = (i for i, carried in self.merged.items() if carried.into == j)
        paired = (i for i, into in self.alignment.final_of.items() if into == j)
        return [unit for i in chain(merged, paired) for unit in self.draft[i].units]

    def _pieces(self, i: int | None) -> list[Unit]:
        """All units of the final clauses that a draft one went into."""
        split = (j for j, carried in self.split.items() if carried.into == i)
        paired = (into for of, into in self.alignment.final_of.items() if of == i)
        return [unit for j in chain(split, paired) for unit in self.final[j].units]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Labels of a version's framing: `chapters` have clauses and no text; `general` parts stand beside chapters."""

    chapters: frozenset[str]
    general: frozenset[str]


def _frame(clauses: Sequence[Clause]) -> _Frame:
    parents = {clause.parent for clause in clauses}
    chapters = [clause for clause in clauses if not clause.text and clause.label in parents]
    beside = {clause.parent for clause in chapters}
    general: frozenset[str] = frozenset()
    if any(clause.units for clause in clauses):
        general = frozenset(
            clause.label
            for clause in clauses
            if clause.text and not clause.units and clause.parent in beside and clause.label not in parents
        )
    return _Frame(frozenset(clause.label for clause in chapters), general)


def _frames(clause: Clause, frame: _Frame) -> bool:
    return clause.label in frame.chapters or clause.label in frame.general


def to_json(comparison: Comparison) -> dict[str, Any]:
    """The contract for outside tools: the keys are fixed, every value is plain JSON. Framing is left out."""
    return {"clauses": [_row_json(row) for row in comparison.clauses]}


def _row_json(row: ClauseComparison) -> dict[str, Any]:
    return {
        "draft_label": row.draft and row.draft.label,
        "draft_number": row.draft and row.draft.number,
        "final_label": row.final and row.final.label,
        "relation": row.relation.value,
        "heading_changed": row.heading_changed,
        "unit_changes": {
            "added": list(row.unit_changes.added),
            "removed": list(row.unit_changes.removed),
            "renamed": [{"draft": pair.draft, "final": pair.final} for pair in row.unit_changes.renamed],
        },
        "diff": [{"op": piece.op.value, "text": piece.text} for piece in row.difference],
    }
