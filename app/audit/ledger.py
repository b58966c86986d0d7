from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.permissions import Actor


def record(
    session: Session,
    actor: Actor,
    at: datetime,
    action: str,
    on: tuple[str, object],
    **detail: str | int | list[str] | None,
) -> None:
    """Adds an entry that is kept or lost together with the change it tells of.

    `on` is the kind and the id of the record; `detail` holds words and ids only.
    """
    kind, record_id = on
    session.add(
        AuditEntry(
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            request_id=actor.request_id,
            action=action,
            record_kind=kind,
            record_id=str(record_id),
            detail={name: value for name, value in detail.items() if value is not None},
        )
    )
