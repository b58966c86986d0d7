"""Where a mail belongs: by its subject, and by whether comments were taken when it came."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation
from app.mail import queries
from app.mail.lifecycle import MailReason
from app.mail.subjects import Called, named_in

OF_PHASE = {
    Phase.COMING: MailReason.TOO_EARLY,
    Phase.CLOSED: MailReason.LATE,
    Phase.SUSPENDED: MailReason.SUSPENDED,
    Phase.WITHDRAWN: MailReason.WITHDRAWN,
}


def place_of(
    session: Session, subjects: Sequence[str], received_at: datetime | None
) -> tuple[Consultation | None, MailReason | None]:
    """The consultation, and why a person has to decide nevertheless: it can be named by a mail that came late."""
    put_out = queries.put_out(session)
    called = [
        Called(row.id, row.slug, (row.title, title), _is_open(session, row, received_at)) for row, title in put_out
    ]
    named = named_in(subjects, called)
    if len(named) != 1:
        return None, MailReason.SEVERAL_CONSULTATIONS if named else MailReason.NO_CONSULTATION
    found = _row(put_out, named[0])
    return found, standing(session, found, received_at)


def standing(session: Session, row: Consultation, received_at: datetime | None) -> MailReason | None:
    """Why a mail of that instant can't be taken in without a person; None where comments were taken then."""
    if received_at is None:
        return MailReason.NO_DATE
    return OF_PHASE.get(consultations.phase_for_receipt(session, row, received_at))


def _is_open(session: Session, row: Consultation, received_at: datetime | None) -> bool:
    return received_at is not None and consultations.phase_for_receipt(session, row, received_at) is Phase.OPEN


def _row(put_out: Sequence[tuple[Consultation, str]], wanted: uuid.UUID) -> Consultation:
    return next(row for row, _title in put_out if row.id == wanted)
