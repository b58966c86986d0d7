"""Reading the consultation that a form belongs to, with the text that the form was made for."""

import uuid
from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.kit.crypto import Unreadable
from app.submissions import queries as submissions
from app.web.forms import Received
from app.web.public import notes, views
from app.web.public.form_pages import Call, bound_to
from app.web.public.privacy import display_in_force
from app.web.services import Services


def read_call(session: Session, row: Consultation, now: datetime, version_id: uuid.UUID | None = None) -> Call:
    """With the text under comment or, where another is named, with that one."""
    number = submissions.counts(session, [row.id]).get(row.id, 0)
    read = version_id or row.version_id
    return Call(
        row,
        consultations.form_terms(session, row.id),
        display_in_force(session, row),
        views.card(row, now, number),
        consultations.phase_for_receipt(session, row, now),
        notes.why_stopped(session, row),
        read,
        views.commentable(views.clause_views(session, row, read)),
    )


def version_read(services: Services, session: Session, row: Consultation, received: Received) -> uuid.UUID:
    """The text that the form was made for, as its own token proves; the present one where the token proves nothing."""
    asked = received.form.get("version", "")
    if asked in ("", str(row.version_id)):
        return row.version_id
    for version_id in consultations.versions_put_out(session, row):
        if asked == str(version_id):
            with suppress(Unreadable):
                services.forms.read(received.form.get("submission_token", ""), bound_to(row, version_id), received.at)
                return version_id
    return row.version_id
