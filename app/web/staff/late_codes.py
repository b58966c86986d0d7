"""Codes for single persons who could not comment in time: issued, shown once, revoked."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.config import Network
from app.consultations import late_codes, late_entry
from app.consultations import queries as consultations
from app.consultations.late_codes import LONGEST_VALIDITY, IssuedCode
from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation, LateCode
from app.kit.clock import beijing_day, end_of_beijing_day
from app.kit.crypto import Unreadable
from app.kit.errors import Conflict, Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web.services import Services, Svc
from app.web.staff.access import OwnForm, allowed
from app.web.templating import address, page

PATH = "/staff/consultations/{slug}/late-codes"
COOKIE = "yanlu_late_code"
SHOWN_WITHIN = timedelta(minutes=5)
USUAL_VALIDITY = timedelta(days=3)
Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class CodeView:
    """A code as staff see it ever after: everything but itself."""

    id: uuid.UUID
    reason: str
    issued_by: str
    issued_at: datetime
    valid_until: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    usable: bool


@router.get(PATH, name="staff_late_codes")
def overview(request: Request, slug: str, services: Svc, actor: Manages, session: ReadSession, now: Now) -> Response:
    """With the code that was issued just now, once, for the person who issued it."""
    consultation = consultations.public_consultation(session, slug)
    today = beijing_day(now)
    context = {
        "title": consultation.title,
        "slug": slug,
        "may_issue": consultations.phase(consultation, now) is Phase.CLOSED,
        "items": _views(session, consultation, now),
        "fresh": _shown(services, request, actor, slug, now),
        "first_day": today.isoformat(),
        "usual_day": (today + USUAL_VALIDITY).isoformat(),
        "last_day": (today + LONGEST_VALIDITY - timedelta(days=1)).isoformat(),
    }
    answer = page(request, "staff/late_codes.html", context)
    answer.headers["Cache-Control"] = "no-store"
    answer.delete_cookie(COOKIE, path=_path(services, slug))
    return answer


@router.post(PATH, name="staff_issue_late_code")
def issue(
    request: Request, slug: str, services: Svc, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    if services.settings.network is Network.INNER:
        raise Conflict("codes_stay_inside")
    until = _end_of_day(sent.form.text("valid_until"))
    issued = late_codes.issue_code(session, actor, now, services.late_codes, slug, sent.form.get("reason", ""), until)
    answer = _back(request, slug)
    _keep(services, answer, actor, slug, issued, now)
    return answer


@router.post(PATH + "/{id}/revoke", name="staff_revoke_late_code")
def revoke(
    request: Request, slug: str, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    late_codes.revoke_code(session, actor, now, slug, id)
    return _back(request, slug)


def _keep(services: Services, answer: Response, actor: Actor, slug: str, issued: IssuedCode, now: datetime) -> None:
    """Hands the code to the browser in an encrypted cookie, because it may stand in no address."""
    answer.set_cookie(
        COOKIE,
        services.shown_codes.seal(issued.code, _context(actor, slug), now + SHOWN_WITHIN),
        max_age=int(SHOWN_WITHIN.total_seconds()),
        path=_path(services, slug),
        secure=bool(services.settings.secure_cookies),
        httponly=True,
        samesite="strict",
    )


def _shown(services: Services, request: Request, actor: Actor, slug: str, now: datetime) -> str | None:
    try:
        return services.shown_codes.open(request.cookies.get(COOKIE, ""), _context(actor, slug), now)
    except Unreadable:
        return None


def _context(actor: Actor, slug: str) -> str:
    return f"{actor.id}|{slug}"


def _path(services: Services, slug: str) -> str:
    return services.settings.base_path + PATH.replace("{slug}", slug)


def _views(session: Session, consultation: Consultation, now: datetime) -> list[CodeView]:
    rows = late_entry.codes_of(session, consultation.id)
    names = accounts.names_of(session, [row.issued_by for row in rows])
    return [_view(row, names.get(row.issued_by, row.issued_by), now) for row in rows]


def _view(row: LateCode, issued_by: str, now: datetime) -> CodeView:
    return CodeView(
        id=row.id,
        reason=row.reason,
        issued_by=issued_by,
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        usable=late_entry.is_usable(row, now),
    )


def _end_of_day(text: str) -> datetime:
    """24:00 of a day that a date field holds. Raises Unprocessable for what is no day."""
    try:
        return end_of_beijing_day(date.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise Unprocessable("validity_out_of_bounds") from error


def _back(request: Request, slug: str) -> Response:
    return RedirectResponse(address(request, "staff_late_codes", slug=slug), status_code=303)
