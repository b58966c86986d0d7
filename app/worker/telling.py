"""Promising messages to everybody whom a change concerns, some hundred people at a time."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation, ConsultationNote, ConsultationRound
from app.deliveries import ledger
from app.deliveries.lifecycle import DeliveryChannel
from app.jobs.ledger import enqueue
from app.kit.crypto import content_hash
from app.submissions import queries as submissions

PEOPLE_AT_ONCE = 500


def tell_affected(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Owes a message on the note to everybody who had commented before it and left an e-mail address, one to each.

    However often it runs, nobody is told twice. Promises itself again for the people that are left, so that memory
    doesn't grow with their number.
    """
    note = session.get_one(ConsultationNote, uuid.UUID(payload["note_id"]))
    after = _tell(
        session,
        now,
        template="consultation_changed",
        of=note.consultation_id,
        until=note.at,
        after=payload.get("after"),
        about=note.consultation_id,
        note_id=str(note.id),
    )
    if after is not None:
        enqueue(session, "tell_affected", now, note_id=str(note.id), after=after)


def tell_second_round(session: Session, now: datetime, payload: dict[str, Any]) -> None:
    """Owes a message on the new round to everybody who had commented in the one before it, as `tell_affected` does.

    Waits for the opening instant, if that was put off; a round that isn't open then is told to nobody.
    """
    opened = session.get_one(Consultation, uuid.UUID(payload["consultation_id"]))
    round_ = session.get_one(ConsultationRound, opened.id)
    if opened.state is not ConsultationState.OPENED or now >= opened.closes_at:
        return
    if now < opened.opens_at:
        enqueue(session, "tell_second_round", opened.opens_at, consultation_id=str(opened.id))
        return
    after = _tell(
        session,
        now,
        template="second_round",
        of=round_.previous_id,
        until=opened.opens_at,
        after=payload.get("after"),
        about=opened.id,
        consultation_id=str(opened.id),
    )
    if after is not None:
        enqueue(session, "tell_second_round", now, consultation_id=str(opened.id), after=after)


def _tell(
    session: Session,
    now: datetime,
    *,
    template: str,
    of: uuid.UUID,
    until: datetime,
    after: str | None,
    about: uuid.UUID,
    **detail: str,
) -> str | None:
    """Promises one batch; answers where the next one begins, None when this was the last."""
    begin = bytes.fromhex(after) if after else None
    people, following = submissions.newest_of_each_reachable(session, of, until, begin, PEOPLE_AT_ONCE)
    for person in people:
        ledger.promise(
            session,
            now,
            channel=DeliveryChannel.EMAIL,
            recipient=("submission", person.submission_id),
            template=template,
            about=("consultation", about),
            once=content_hash(template, *detail.values(), person.person_index.hex()),
            **detail,
        )
    return following.hex() if following else None
