"""The form of one clause: what was typed into it, and which correction that is."""

from dataclasses import dataclass
from itertools import zip_longest

from app.consultations import preparing
from app.consultations.preparing import Correction
from app.departments.directory import Directory
from app.documents.chosen_units import chosen_units
from app.documents.corrections import Row, Wording
from app.documents.extracted import Clause
from app.documents.unit_names import Role
from app.kit.errors import BadRequest
from app.kit.forms import Form
from app.web.staff.fields import number_of

BLANK_UNITS = 2
"""Empty rows at the end of a clause's units."""


@dataclass(frozen=True)
class TypedClause:
    """A clause as a form holds it; `units` are names with the codes of their roles, empty rows at the end."""

    number: str
    heading: str
    text: str
    units: list[tuple[str, str]]


def as_stored(clause: Clause) -> TypedClause:
    units = [(unit.name, unit.role.value) for unit in clause.units]
    return TypedClause(clause.number, clause.heading, clause.text or "", units + _blank())


def typed(form: Form) -> TypedClause:
    """What was typed, to be given back as it was."""
    units = [pair for pair in zip_longest(form.all("unit"), form.all("role"), fillvalue="") if pair[0].strip()]
    return TypedClause(form.get("number", ""), form.get("heading", ""), form.get("text", ""), units + _blank())


def _blank() -> list[tuple[str, str]]:
    return [("", Role.RESPONSIBLE.value)] * BLANK_UNITS


def correction(form: Form, key: str, before: Row, directory: Directory) -> Correction:
    """The correction that the pressed button asks for. Raises BadRequest for a button or role that isn't there."""
    match form.get("do", "save"):
        case "save":
            sent = typed(form)
            units = chosen_units([(name, _role(role)) for name, role in sent.units], before.clause.units, directory)
            return preparing.rewording(key, Wording(sent.number, sent.heading, sent.text, units))
        case "merge":
            return preparing.merging(key)
        case "remove":
            return preparing.removal(key)
        case "undo":
            return preparing.undoing(key)
        case "split":
            return preparing.splitting(key, number_of(form.get("line", ""), 0), form.get("new_number", ""))
        case "add":
            return preparing.addition(key, _new(form))
    raise BadRequest("bad_form")


def first(form: Form) -> Correction:
    """A clause before all others."""
    return preparing.addition("", _new(form))


def _new(form: Form) -> Wording:
    return Wording(form.get("new_number", ""), form.get("new_heading", ""), form.get("new_text", ""))


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError as error:
        raise BadRequest("bad_form") from error
