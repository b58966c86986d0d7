import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.models import AuditEntry, Result
from app.permissions import Actor

CONSULTATION = "consultation"


def record(
    session: Session,
    actor: Actor,
    at: datetime,
    action: str,
    on: tuple[str, object],
    *,
    result: Result = Result.DONE,
    within: uuid.UUID | None = None,
    **detail: str | int | list[str] | None,
) -> None:
    """Adds an entry that is kept or lost together with the change it tells of.

    `on` is the kind and the id of the record; `detail` holds words and ids only. `within` is the consultation that the
    record belongs to, by which the auditor finds it; for a consultation it is known.
    """
    session.add(entry(actor, at, action, on, result=result, within=within, **detail))


def entry(
    actor: Actor,
    at: datetime,
    action: str,
    on: tuple[str, object],
    *,
    result: Result = Result.DONE,
    within: uuid.UUID | None = None,
    **detail: str | int | list[str] | None,
) -> AuditEntry:
    """The same entry, to be inserted with the change by whoever makes it."""
    kind, record_id = on
    if kind == CONSULTATION and isinstance(record_id, uuid.UUID):
        within = record_id
    return AuditEntry(
        at=at,
        actor_kind=actor.kind,
        actor_id=actor.id,
        request_id=actor.request_id,
        source=actor.source,
        action=action,
        record_kind=kind,
        record_id=str(record_id),
        result=result,
        consultation_id=within,
        detail={name: value for name, value in detail.items() if value is not None},
    )
