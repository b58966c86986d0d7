"""Events are kept or lost together with the change they tell of."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from app.events.models import Event

KIND = re.compile(r"[a-z_]+\.[a-z_]+")
CODE = re.compile(r"[\w.:/+@-]{1,120}", re.ASCII)
"""What an id, a code, a number or an instant of RFC 3339 looks like. A sentence in Chinese doesn't, and no name."""
COUNTED = "yanlu.events"
Value = str | int | bool | list[str] | None


class NoCode(Exception):
    """Something that is no id or code was to go into an event: a fault of the caller's, told without the value."""


def emit(
    session: Session, at: datetime, department_id: str, kind: str, record: tuple[str, object], /, **detail: Value
) -> None:
    """Tells a department's programs what happened to a record, in the caller's transaction.

    `kind` is like `assignment.delivered` (`app/events/catalogue.py` lists all); `record` is the kind and the id of the
    record. `detail` holds ids, codes, numbers and instants (`at.isoformat()`) only, and None is left out: an event
    leaves the house, so no personal data and no words can be in it. Raises NoCode.
    """
    said = {name: value for name, value in detail.items() if value is not None}
    if not KIND.fullmatch(kind) or not all(map(_is_code, said.values())):
        raise NoCode(kind if KIND.fullmatch(kind) else "kind")
    session.info[COUNTED] = ordinal = session.info.get(COUNTED, 0) + 1
    session.add(
        Event(
            department_id=department_id,
            kind=kind,
            record_kind=record[0],
            record_id=str(record[1]),
            detail=said,
            happened_at=at,
            ordinal=ordinal,
        )
    )


def _is_code(value: Value) -> bool:
    if isinstance(value, list):
        return all(map(_is_code, value))
    return isinstance(value, int) or (isinstance(value, str) and CODE.fullmatch(value) is not None)
