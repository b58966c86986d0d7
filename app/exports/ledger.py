"""What everybody who takes something out calls first: may anything leave now, and who takes what about whom."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import audit
from app.exports.models import Export, ExportedRecord, Freeze, Frozen
from app.kit.errors import Conflict
from app.permissions import Actor


def is_frozen(session: Session, what: Frozen) -> bool:
    return session.scalar(select(Freeze.id).where(Freeze.what == what, Freeze.lifted_at.is_(None)).limit(1)) is not None


def refuse_frozen(session: Session) -> None:
    """Raises Conflict("exports_frozen") while an incident is looked into."""
    if is_frozen(session, Frozen.EXPORTS):
        raise Conflict("exports_frozen")


def note(
    session: Session, by: Actor, at: datetime, what: str, number: int, records: Iterable[tuple[str, object]] = ()
) -> Export:
    """Keeps that somebody takes out `number` rows of that kind; `records` are those about a person, by kind and id.

    Call it in a transaction that is durable before the first byte leaves. Raises Conflict("exports_frozen").
    """
    refuse_frozen(session)
    return _kept(session, by, at, what, number, records)


def note_incident_list(session: Session, by: Actor, at: datetime, number: int) -> Export:
    """Keeps that somebody takes out the list of those whom an incident concerns; a stop of exports doesn't hold it."""
    return _kept(session, by, at, "incident_list", number, ())


def _kept(
    session: Session, by: Actor, at: datetime, what: str, number: int, records: Iterable[tuple[str, object]]
) -> Export:
    made = Export(at=at, actor_kind=by.kind, actor_id=by.id, what=what, number=number)
    session.add(made)
    session.flush()
    held = [{"export_id": made.id, "record_kind": kind, "record_id": str(id)} for kind, id in dict.fromkeys(records)]
    if held:
        session.execute(insert(ExportedRecord), held)
    audit.record(session, by, at, "export.made", ("export", made.id), what=what, number=number)
    return made
