"""A row of each of two departments in every table behind the wall."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Enum, Integer, LargeBinary, Table, Uuid, select
from sqlalchemy.orm import Session

from app.screening.models import Passage, SuggestionPassage
from app.tables import metadata
from app.walls.belongings import BELONGINGS
from tests.support import journey, sounding
from tests.support.journey import START, World

DEPARTMENTS = ("civil-affairs", "health")
PARENTS = ("assignments", "webhook_endpoints", "webhook_deliveries", "sounded_organs")
"""Tables that others refer to; they are filled first."""
JOURNEY_FILLS = frozenset({"assignments", "events"})
Ids = dict[str, Any]


def filled(world: World) -> dict[str, uuid.UUID]:
    """Department → the id of its assignment."""
    letter, made = sounding.drafted(world, []), dict[str, uuid.UUID]()
    for person, department in enumerate(DEPARTMENTS):
        suggestion = journey.approved_suggestion(world, people=(person,))
        made[department] = journey.assigned(world, suggestion, lead=department)[department]
        with world.database.writing() as session:
            known = _known(session, world, suggestion, department)
            known |= {"assignment_id": made[department], "sounding_id": letter}
            for name in sorted(BELONGINGS.keys() - JOURNEY_FILLS, key=_place):
                _fill(session, metadata.tables[name], known)
    return made


def _place(table: str) -> int:
    return PARENTS.index(table) if table in PARENTS else len(PARENTS)


def _known(session: Session, world: World, suggestion: uuid.UUID, department: str) -> Ids:
    passage = select(Passage.submission_id).join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
    submission = session.scalars(passage.where(SuggestionPassage.suggestion_id == suggestion)).first()
    known = {
        "suggestion_id": suggestion,
        "submission_id": submission,
        "consultation_id": world.consultation.id,
        "department_id": department,
        "client_id": f"program of {department}",
        "asker": department,
    }
    known["clarification_id"] = _fill(session, metadata.tables["clarifications"], known)
    return known


def _fill(session: Session, table: Table, known: Ids) -> Any:
    """A row with something in every column that needs it; what refers to it finds its id among the known ones."""
    values = {
        column.name: known.get(column.name, _something(column))
        for column in table.columns
        if column.name in known or not (column.nullable or column.server_default)
    }
    session.execute(table.insert().values(values))
    if table.name in PARENTS:
        for column in (one for other in metadata.tables.values() for one in other.columns):
            if any(key.column.table is table and key.column.name == "id" for key in column.foreign_keys):
                known[column.name] = values["id"]
    return values.get("id")


def _something(column: Column[Any]) -> Any:
    kind = column.type
    if isinstance(kind, Enum):
        assert kind.enum_class is not None
        return next(iter(kind.enum_class))
    plain: dict[type, Any] = {Boolean: False, Integer: 1, Uuid: uuid.uuid4(), LargeBinary: b"x"}
    impl = getattr(kind, "impl", kind)
    if isinstance(impl, DateTime):
        return START
    if isinstance(impl, Date):
        return date(2026, 5, 11)
    for one, value in plain.items():
        if isinstance(impl, one):
            return value
    return {} if kind.python_type in (dict, list) else uuid.uuid4().hex[: getattr(kind, "length", None) or 10]
