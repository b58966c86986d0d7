"""The form of one department: what a person typed, as a card of the directory, and the card as it is typed."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.departments import queries
from app.departments.actions import Card, card_of
from app.departments.directory import Certainty
from app.departments.tabular import read_day, read_former_names, write_former_name
from app.departments.units import DirectoryEntry, Level, Relationship
from app.kit.errors import BadRequest, Unprocessable
from app.kit.forms import Form
from app.kit.text import tidy


@dataclass(frozen=True)
class Typed:
    """The fields as text, so that what was entered comes back when it is refused. Names stand one a line."""

    id: str = ""
    name: str = ""
    aliases: str = ""
    level: str = Level.PROVINCE
    relationship: str = Relationship.SUBORDINATE
    valid_from: str = ""
    valid_until: str = ""
    former_names: str = ""
    source: str = ""


def typed(form: Form) -> Typed:
    return Typed(**{name: form.get(name, "") for name in vars(Typed())})


def typed_of(entry: DirectoryEntry) -> Typed:
    card = card_of(entry)
    return Typed(
        id=entry.id,
        name=card.name,
        aliases="\n".join(card.aliases),
        level=card.level,
        relationship=card.relationship,
        valid_from=card.valid_from.isoformat() if card.valid_from else "",
        valid_until=card.valid_until.isoformat() if card.valid_until else "",
        former_names="\n".join(map(write_former_name, card.former_names)),
        source=card.source or "",
    )


def card_from(fields: Typed) -> Card:
    """Raises Unprocessable for a day that is none, BadRequest for a choice that the form doesn't offer."""
    try:
        level, relationship = Level(fields.level), Relationship(fields.relationship)
    except ValueError as error:
        raise BadRequest("bad_form") from error
    return Card(
        name=tidy(fields.name),
        aliases=tuple(_lines(fields.aliases)),
        level=level,
        relationship=relationship,
        valid_from=read_day(fields.valid_from.strip()),
        valid_until=read_day(fields.valid_until.strip()),
        former_names=tuple(former for line in _lines(fields.former_names) for former in read_former_names(line)),
        source=" ".join(fields.source.split()) or None,
    )


def ids_named(session: Session, text: str) -> list[str]:
    """The departments that the lines name by id or by a written form. Raises Unprocessable for one that is none."""
    directory = queries.directory(session)
    found = []
    for line in _lines(text):
        match = directory.lookup(line)
        certain = match.department if match.certainty is Certainty.CERTAIN else None
        department = directory.department(line) or certain
        if department is None:
            raise Unprocessable("no_such_department", department=line[:80])
        found.append(department.id)
    return found


def _lines(text: str) -> list[str]:
    return [tidy(line) for line in text.splitlines() if line.strip()]
