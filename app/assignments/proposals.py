"""Which departments a suggestion should go to, as its clause says. Pure; a person decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from app.documents.queries import NamedUnit


@dataclass(frozen=True)
class ProposedDepartment:
    """A unit with the reason for proposing it. `department_id` is None when it can only be shown."""

    department_id: str | None
    name: str
    lead: bool
    why: str
    standing: bool


def propose(units: Sequence[NamedUnit] | None, drafting_id: str, drafting_name: str) -> tuple[ProposedDepartment, ...]:
    """The units of the clause, the one printed as lead, or else the first, leading.

    `units` is None for a general opinion: the drafting department answers it, as it does for a clause that names nobody
    who can be assigned. Standing-scope units, bodies that have ended and unrecognised names are shown and never
    assigned by themselves.
    """
    known = [unit for unit in units or () if _assignable(unit)]
    if not known:
        why = "general_opinion" if units is None else "no_department_named"
        return (ProposedDepartment(drafting_id, drafting_name, True, why, False), *_shown_only(units or ()))
    lead = next((unit for unit in known if unit.role == "lead"), known[0])
    rows = [
        ProposedDepartment(unit.department_id, unit.name, _is(unit, lead), _why(unit, lead), False)
        for unit in _once_each(known)
    ]
    return (*rows, *_shown_only(units or ()))


def _assignable(unit: NamedUnit) -> bool:
    return unit.department_id is not None and not unit.standing and not unit.ended


def _is(unit: NamedUnit, other: NamedUnit) -> bool:
    return unit.department_id == other.department_id


def _why(unit: NamedUnit, lead: NamedUnit) -> str:
    if _is(unit, lead):
        return "named_as_lead" if lead.role == "lead" else "named_first"
    return "named_by_clause"


def _once_each(units: Sequence[NamedUnit]) -> list[NamedUnit]:
    first: dict[str | None, NamedUnit] = {}
    for unit in units:
        first.setdefault(unit.department_id, unit)
    return list(first.values())


def _shown_only(units: Sequence[NamedUnit]) -> list[ProposedDepartment]:
    return [
        ProposedDepartment(None, unit.name, False, _why_not(unit), unit.standing)
        for unit in units
        if not _assignable(unit)
    ]


def _why_not(unit: NamedUnit) -> str:
    if unit.standing:
        return "standing_scope"
    return "ended" if unit.ended else "not_recognised"


@dataclass(frozen=True)
class GivenUp:
    """A department that had the suggestion and has it no longer, and whom it suggested on sending it back, if anybody.

    `suggested` is an id and a name.
    """

    department_id: str
    suggested: tuple[str, str] | None = None


def propose_again(
    first: Sequence[ProposedDepartment],
    given_up: Sequence[GivenUp],
    holders: Collection[str],
    drafting: tuple[str, str],
) -> tuple[ProposedDepartment, ...]:
    """What to propose when nobody leads any more: `first` is what the clause says, `given_up` in the order of time.

    Whom the last department suggested leads; else the next of the clause that has not given it up; else the drafting
    department. Nobody is proposed twice: where they all gave it up, nobody leads. `holders` have it and keep it.
    """
    gone = {one.department_id for one in given_up}
    left = [row for row in first if row.department_id is not None and row.department_id not in gone]
    lead = _next_lead(left, given_up, gone, drafting)
    rows = [_again(row, gone, holders) for row in first if lead is None or row.department_id != lead.department_id]
    return (lead, *rows) if lead else tuple(rows)


def _next_lead(
    left: Sequence[ProposedDepartment], given_up: Sequence[GivenUp], gone: Collection[str], drafting: tuple[str, str]
) -> ProposedDepartment | None:
    last = next((one.suggested for one in reversed(given_up) if one.suggested), None)
    if last is not None and last[0] not in gone:
        return ProposedDepartment(*last, True, "suggested_on_sending_back", False)
    if left:
        return replace(left[0], lead=True, why=left[0].why if left[0].lead else "next_named")
    return None if drafting[0] in gone else ProposedDepartment(*drafting, True, "no_department_left", False)


def _again(row: ProposedDepartment, gone: Collection[str], holders: Collection[str]) -> ProposedDepartment:
    if row.department_id in gone:
        return replace(row, department_id=None, lead=False, why="gave_it_up")
    if row.department_id in holders:
        return replace(row, department_id=None, lead=False, why="has_it_already")
    return replace(row, lead=False)
