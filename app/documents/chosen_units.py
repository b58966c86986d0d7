"""The units that a person names for a clause. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.departments.directory import Certainty, Directory, Why
from app.documents.extracted import Unit
from app.documents.unit_names import Role
from app.kit.text import comparable

CHOSEN = "chosen_by_editor"


def chosen_units(typed: Iterable[tuple[str, Role]], before: Sequence[Unit], directory: Directory) -> tuple[Unit, ...]:
    """Each name once, in order, empty ones left out.

    A name that stood there before keeps what was read about it; any other is looked up, and so is one that was unknown.
    The name of a body that has ended stays as doubtful as it is when it is read.
    """
    known = {comparable(unit.name): unit for unit in before if unit.department is not None}
    units: dict[str, Unit] = {}
    for name, role in typed:
        printed = " ".join(name.split())
        if printed:
            unit = known.get(comparable(printed))
            unit = replace(unit, role=role) if unit else _looked_up(printed, role, before, directory)
            units.setdefault(comparable(unit.name), unit)
    return tuple(units.values())


def _looked_up(name: str, role: Role, before: Sequence[Unit], directory: Directory) -> Unit:
    match = directory.lookup(name)
    if match.why in (Why.SUCCESSOR, Why.ENDED) and match.department is not None:
        return Unit(match.name, name, role, match.department.id, match.certainty.value, match.why.value)
    if match.department is not None:
        return Unit(match.name, name, role, match.department.id, Certainty.CERTAIN.value, CHOSEN)
    old = next((unit for unit in before if comparable(unit.name) == comparable(name)), None)
    if old is not None:
        return replace(old, role=role)
    return Unit(name, name, role, None, Certainty.UNKNOWN.value, match.why.value)
