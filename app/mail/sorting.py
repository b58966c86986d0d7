"""Where a mail belongs: by its subject, and by whether comments were taken when it came."""

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


class Places:
    """The consultations that mails can be about, read once for as many mails as there are."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._put_out = queries.put_out(session)

    def place_of(
        self, subjects: Sequence[str], received_at: datetime | None
    ) -> tuple[Consultation | None, MailReason | None]:
        """The consultation, and why a person has to decide nevertheless: a mail that came late names one too."""
        named = named_in(subjects, [self._called(row, title, received_at) for row, title in self._put_out])
        if len(named) != 1:
            return None, MailReason.SEVERAL_CONSULTATIONS if named else MailReason.NO_CONSULTATION
        found = next(row for row, _title in self._put_out if row.id == named[0])
        return found, standing(self._session, found, received_at)

    def _called(self, row: Consultation, title: str, received_at: datetime | None) -> Called:
        is_open = standing(self._session, row, received_at) is None
        return Called(row.id, row.slug, (row.title, title), is_open)


def standing(session: Session, row: Consultation, received_at: datetime | None) -> MailReason | None:
    """Why a mail of that instant can't be taken in without a person; None where comments were taken then."""
    if received_at is None:
        return MailReason.NO_DATE
    return OF_PHASE.get(consultations.phase_for_receipt(session, row, received_at))
