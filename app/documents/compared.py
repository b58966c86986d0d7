"""A comparison in the form in which it is kept and shown: plain values without the clauses' texts around them.

Pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from app.documents.comparison import ClauseComparison, Comparison, Relation
from app.documents.extracted import Clause
from app.documents.text_difference import Op, Piece
from app.documents.unit_changes import Rename, UnitChanges


@dataclass(frozen=True, slots=True)
class Side:
    """How a clause is called in one of the two versions."""

    label: str
    number: str
    heading: str


@dataclass(frozen=True)
class ComparedRow:
    """A `ClauseComparison` without the clauses themselves: the pieces have their whole text."""

    draft: Side | None
    final: Side | None
    relation: Relation
    heading_changed: bool | None
    units: UnitChanges
    pieces: tuple[Piece, ...]
    sentences: tuple[str, ...]
    framing: bool

    @cached_property
    def reworded(self) -> bool:
        """Whether the text differs in more than width and white space."""
        return any(piece.op is not Op.EQUAL and not piece.form_only for piece in self.pieces)

    @property
    def renumbered(self) -> bool:
        """Whether one clause stands under two labels."""
        return self.draft is not None and self.final is not None and self.draft.label != self.final.label

    @property
    def changed(self) -> bool:
        """False where a reader of the one version knows the other: at most the label or the printed form differs."""
        kept = self.relation is Relation.KEPT
        return not kept or bool(self.heading_changed or self.units != UnitChanges() or self.reworded)


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of clauses, framing left out; `of` has those of each relation."""

    of: Mapping[Relation, int]
    changed: int
    only_renumbered: int
    units_changed: int
    units_renamed: int


def kept_form(comparison: Comparison) -> list[dict[str, Any]]:
    """All rows as plain JSON; `read` gives them back."""
    return [asdict(_row(row)) for row in comparison.rows]


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[ComparedRow, ...]:
    """What `kept_form` wrote."""
    return tuple(
        ComparedRow(
            draft=_side(row["draft"]),
            final=_side(row["final"]),
            relation=Relation(row["relation"]),
            heading_changed=row["heading_changed"],
            units=_units(row["units"]),
            pieces=tuple(Piece(Op(piece["op"]), piece["text"], piece["form_only"]) for piece in row["pieces"]),
            sentences=tuple(row["sentences"]),
            framing=row["framing"],
        )
        for row in rows
    )


def count(rows: Sequence[ComparedRow]) -> Counts:
    """What a summary says."""
    clauses = [row for row in rows if not row.framing]
    return Counts(
        of=Counter(row.relation for row in clauses),
        changed=sum(row.changed for row in clauses if row.relation is Relation.KEPT),
        only_renumbered=sum(row.renumbered and not row.changed for row in clauses),
        units_changed=sum(row.units.real for row in clauses),
        units_renamed=sum(bool(row.units.renamed) for row in clauses),
    )


def _row(row: ClauseComparison) -> ComparedRow:
    return ComparedRow(
        _called(row.draft),
        _called(row.final),
        row.relation,
        row.heading_changed,
        row.unit_changes,
        row.difference,
        row.sentences,
        row.framing,
    )


def _called(clause: Clause | None) -> Side | None:
    return None if clause is None else Side(clause.label, clause.number, clause.heading)


def _side(kept: Mapping[str, str] | None) -> Side | None:
    return None if kept is None else Side(**kept)


def _units(kept: Mapping[str, Any]) -> UnitChanges:
    renamed = tuple(Rename(**pair) for pair in kept["renamed"])
    return UnitChanges(tuple(kept["added"]), tuple(kept["removed"]), renamed)
