"""Which messages on a consultation went out and which didn't; never to whom."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import messages
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.deliveries import queries as deliveries
from app.deliveries.lifecycle import DeliveryState
from app.deliveries.models import Delivery
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.services import Svc
from app.web.staff.access import OwnForm, allowed
from app.web.templating import address, page

PAGE_SIZE = 50
PATH = "/staff/consultations/{slug}/messages"
TEMPLATES = {
    "consultation_changed": N_("Change of the consultation"),
    "second_round": N_("Further round"),
    "receipt": N_("Receipt"),
    "outcome": N_("Outcome"),
}
Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class DeliveryView:
    """A message that didn't reach anybody. `submission_id` leads to the submission, where the identity stays masked."""

    id: uuid.UUID
    submission_id: str
    about: str
    promised_at: datetime
    settled_at: datetime | None
    state: DeliveryState
    attempts: int
    error: str


@router.get(PATH, name="staff_deliveries")
def overview(
    request: Request, slug: str, services: Svc, actor: Manages, session: ReadSession, after: str = ""
) -> Response:
    consultation = _named(session, slug)
    about = ("consultation", consultation.id)
    found = deliveries.not_reached(session, about, read_cursor(after), PAGE_SIZE)
    following = address(request, "staff_deliveries", slug=slug, after=found.next_cursor) if found.next_cursor else None
    settings = services.settings
    context = {
        "title": consultation.title,
        "slug": slug,
        "counts": deliveries.state_counts(session, about),
        "items": [_view(row) for row in found.items],
        "next_url": following,
        "sends": settings.sends_mail,
    }
    return page(request, "staff/deliveries.html", context)


@router.post(PATH + "/{id}/retry", name="staff_retry_delivery")
def retry(
    request: Request, slug: str, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    messages.retry_message(session, actor, now, slug, id)
    return _back(request, slug)


@router.post(PATH + "/retry", name="staff_retry_deliveries")
def retry_given_up(
    request: Request, slug: str, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    messages.retry_given_up(session, actor, now, slug)
    return _back(request, slug)


def _view(row: Delivery) -> DeliveryView:
    return DeliveryView(
        id=row.id,
        submission_id=row.recipient_id,
        about=_(TEMPLATES.get(row.template, row.template)),
        promised_at=row.promised_at,
        settled_at=row.settled_at,
        state=row.state,
        attempts=row.attempts,
        error=row.last_error or "",
    )


def _named(session: Session, slug: str) -> Consultation:
    found = consultations.find(session, slug)
    if found is None:
        raise NotFound("no_such_consultation")
    return found


def _back(request: Request, slug: str) -> Response:
    return RedirectResponse(address(request, "staff_deliveries", slug=slug), status_code=303)
