"""What is read from one document, and the one JSON form of it that tools outside may rely on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.documents.doubts import Doubt, What
from app.documents.unit_names import Role


@dataclass(frozen=True, slots=True)
class Unit:
    """One responsible unit of a clause or row.

    `name` has restored what the print left out; `written_as` is the print. `department` is the directory's id or None.
    `certainty` is certain, probable or unknown; `why` the code of the rule that decided it.
    """

    name: str
    written_as: str
    role: Role
    department: str | None
    certainty: str
    why: str


@dataclass(frozen=True, slots=True)
class ImpliedUnit:
    """A unit that a standing note makes responsible for every later clause, without being listed there."""

    unit: Unit
    stated_in: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Clause:
    """`label` is the path of printed markers, unique in the document; `number` its last part.

    `text` is all that is printed under the marker itself, heading and note included, one line per paragraph; None
    where nothing but the heading stands there. `level` counts from 1; `parent` is a label or None.
    """

    label: str
    number: str
    heading: str
    level: int
    parent: str | None
    text: str | None
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """A row of a table of tasks; `clause` is the label of the clause that it restates, None when none is alike."""

    no: int
    task: str
    units: tuple[Unit, ...]
    clause: str | None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything read from one document. `kind_guess` is a display kind's code or None."""

    title: str | None
    kind_guess: str | None
    issuer: str | None
    document_number: str | None
    clauses: tuple[Clause, ...]
    implied_units: tuple[ImpliedUnit, ...]
    annex_rows: tuple[AnnexRow, ...]
    doubts: tuple[Doubt, ...]


def unit_to_json(unit: Unit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "written_as": unit.written_as,
        "role": unit.role.value,
        "department": unit.department,
        "certainty": unit.certainty,
        "why": unit.why,
    }


def to_json(extraction: Extraction) -> dict[str, Any]:
    """The contract for outside tools: the keys are fixed, every value is plain JSON."""
    return {
        "title": extraction.title,
        "kind_guess": extraction.kind_guess,
        "issuer": extraction.issuer,
        "document_number": extraction.document_number,
        "clauses": [
            {
                "label": clause.label,
                "number": clause.number,
                "heading": clause.heading,
                "level": clause.level,
                "parent": clause.parent,
                "text": clause.text,
                "units": [unit_to_json(unit) for unit in clause.units],
            }
            for clause in extraction.clauses
        ],
        "implied_units": [
            {**unit_to_json(implied.unit), "stated_in": implied.stated_in, "phrase": implied.phrase}
            for implied in extraction.implied_units
        ],
        "annex_rows": [
            {"no": row.no, "task": row.task, "units": [unit_to_json(unit) for unit in row.units], "clause": row.clause}
            for row in extraction.annex_rows
        ],
        "doubts": [
            {"where": doubt.where, "what": doubt.what.value, "suggestion": doubt.suggestion}
            for doubt in extraction.doubts
        ],
    }


def unit_from_json(data: Mapping[str, Any]) -> Unit:
    """The inverse of `unit_to_json`; further keys are left aside."""
    return Unit(
        name=data["name"],
        written_as=data["written_as"],
        role=Role(data["role"]),
        department=data["department"],
        certainty=data["certainty"],
        why=data["why"],
    )


def from_json(data: Mapping[str, Any]) -> Extraction:
    """The inverse of `to_json`; further keys are left aside. Raises KeyError or ValueError for anything else."""
    return Extraction(
        title=data["title"],
        kind_guess=data["kind_guess"],
        issuer=data["issuer"],
        document_number=data["document_number"],
        clauses=tuple(
            Clause(**{**clause, "units": tuple(map(unit_from_json, clause["units"]))}) for clause in data["clauses"]
        ),
        implied_units=tuple(
            ImpliedUnit(unit_from_json(implied), implied["stated_in"], implied["phrase"])
            for implied in data["implied_units"]
        ),
        annex_rows=tuple(
            AnnexRow(row["no"], row["task"], tuple(map(unit_from_json, row["units"])), row["clause"])
            for row in data["annex_rows"]
        ),
        doubts=tuple(Doubt(doubt["where"], What(doubt["what"]), doubt["suggestion"]) for doubt in data["doubts"]),
    )
