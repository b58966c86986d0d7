"""The receipt, right after sending and whenever number and access code are entered.

The access code is in no address and no log, and these pages tell nobody where a reader came from.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.kit.crypto import Unreadable
from app.kit.http import Now, ReadSession
from app.kit.throttle import of_address
from app.submissions import queries as submissions
from app.submissions.models import Submission
from app.submissions.receipts import Receipt, read_number
from app.web.forms import ReceivedForm
from app.web.i18n import gettext as _
from app.web.public import receipt_pdf
from app.web.public.attempt import FieldError
from app.web.public.qr_code import qr_code
from app.web.public.receipt_view import ReceiptView, receipt_view
from app.web.services import Services, Svc
from app.web.templating import Pages, address, page
from app.web.words import instant

COOKIE = "yanlu_receipt"
COOKIES_WORK = "-"
"""What the lookup page sets, to learn whether this browser keeps cookies at all."""
KEPT_FOR = timedelta(minutes=30)
CONTEXT = "just-sent"
LONGEST_NUMBER = 40
NO_REFERRER = {"Referrer-Policy": "no-referrer"}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Kept:
    """What a browser keeps of a receipt; the access code only where it has just sent."""

    number: str
    access_code: str | None


@router.get("/receipts", name="receipts")
def lookup_form(request: Request, services: Svc, number: str = "") -> Response:
    """The number may be in the address, as the QR code and the e-mail have it; it opens nothing by itself."""
    answer = _lookup(request, {}, read_number(number[:LONGEST_NUMBER]), 200)
    if COOKIE not in request.cookies:
        _set_cookie(services, answer, COOKIES_WORK)
    return answer


@router.post("/receipts", name="find_receipt")
def lookup(request: Request, services: Svc, received: ReceivedForm, session: ReadSession) -> Response:
    """Shows the submission that number and code open together; says the same whichever of them is wrong.

    The page has an address of its own, so that it can be loaded again, wherever the browser keeps cookies.
    """
    number, code = received.form.text("receipt_number"), received.form.text("access_code")
    missing = {}
    if not number:
        missing["receipt_number"] = _("Enter the receipt number")
    if not code:
        missing["access_code"] = _("Enter the access code")
    if missing:
        return _lookup(request, missing, number, 422)
    tries = services.receipt_tries
    client = of_address(request.client.host if request.client else None)
    free_at = tries.free_at(client, read_number(number), received.at)
    if free_at is not None:
        return _too_often(request, number, free_at, received.at)
    found = submissions.with_code(session, services.receipts, number, code)
    if found is None:
        tries.note(client, read_number(number), received.at)
        wrong = _("Number and access code don't belong together; check both on your receipt")
        return _lookup(request, {"receipt_number": wrong}, number, 422)
    if COOKIE in request.cookies:
        answer: Response = own_address(request, found.receipt_number)
    else:
        answer = _receipt(request, services, session, found, None, received.at)
    _keep(services, answer, Kept(found.receipt_number, None), received.at)
    return answer


@router.get("/receipts/{receipt_number}", name="receipt")
def receipt(request: Request, receipt_number: str, services: Svc, session: ReadSession, now: Now) -> Response:
    """For the browser that has just sent or looked up; anybody else is asked for number and code."""
    found = opened(services, request, session, now, receipt_number)
    kept = _kept(services, request, now)
    if found is None or kept is None:
        number = read_number(receipt_number[:LONGEST_NUMBER])
        return RedirectResponse(address(request, "receipts", number=number), status_code=303, headers=NO_REFERRER)
    return _receipt(request, services, session, found, kept.access_code, now)


@router.post("/receipts/{receipt_number}/pdf", name="receipt_pdf")
def pdf(request: Request, receipt_number: str, services: Svc, now: Now) -> Response:
    """The receipt as a file, asked for by a form: what opens it is in no address. Raises Unavailable."""
    with services.database.reading() as session:
        found = opened(services, request, session, now, receipt_number)
        kept = _kept(services, request, now)
        if found is None or kept is None:
            return own_address(request, receipt_number)
        view = _view(request, services, session, found, kept.access_code, now)
    context = {"receipt": view, "sends_mail": services.settings.sends_mail}
    pages: Pages = request.app.state.pages
    content = receipt_pdf.render(pages.html(request, "public/receipt_pdf.html", context))
    name = f'attachment; filename="receipt-{found.receipt_number}.pdf"'
    return Response(content, media_type="application/pdf", headers=NO_REFERRER | {"Content-Disposition": name})


@router.post("/receipts/forget", name="forget_receipt")
def forget(request: Request, services: Svc) -> Response:
    """Whoever sits down at this computer next has to enter number and code."""
    answer = RedirectResponse(address(request, "receipts"), status_code=303, headers=NO_REFERRER)
    answer.delete_cookie(COOKIE, path=_path(services))
    return answer


def opened(
    services: Services, request: Request, session: Session, now: datetime, receipt_number: str
) -> Submission | None:
    """The submission with that number, where this browser sent it or opened it by its code within KEPT_FOR.

    Only the sealed cookie is believed. None for any other number, so that a page that was left open can't act on
    another submission than its own.
    """
    kept = _kept(services, request, now)
    if kept is None or kept.number != read_number(receipt_number[:LONGEST_NUMBER]):
        return None
    return submissions.by_number(session, kept.number)


def keep(services: Services, answer: Response, receipt: Receipt, now: datetime) -> None:
    """Hands the receipt to the browser in an encrypted cookie: the access code is never in an address."""
    _keep(services, answer, Kept(receipt.number, receipt.access_code), now)


def _keep(services: Services, answer: Response, kept: Kept, now: datetime) -> None:
    value = json.dumps([kept.number, kept.access_code])
    _set_cookie(services, answer, services.kept_receipts.seal(value, CONTEXT, now + KEPT_FOR))


def _set_cookie(services: Services, answer: Response, value: str) -> None:
    answer.set_cookie(
        COOKIE,
        value,
        max_age=int(KEPT_FOR.total_seconds()),
        path=_path(services),
        secure=bool(services.settings.secure_cookies),
        httponly=True,
        samesite="lax",
    )


def _path(services: Services) -> str:
    return f"{services.settings.base_path}/receipts"


def _kept(services: Services, request: Request, now: datetime) -> Kept | None:
    try:
        number, code = json.loads(services.kept_receipts.open(request.cookies.get(COOKIE, ""), CONTEXT, now))
    except Unreadable:
        return None
    return Kept(number, code)


def own_address(request: Request, receipt_number: str) -> RedirectResponse:
    """To the receipt's page, or to the look-up where it isn't open."""
    where = address(request, "receipt", receipt_number=receipt_number)
    return RedirectResponse(where, status_code=303, headers=NO_REFERRER)


def _too_often(request: Request, number: str, free_at: datetime, now: datetime) -> Response:
    """Also whoever has the right code waits: only so does guessing cost time."""
    seconds = ceil((free_at - now).total_seconds())
    words = _("Too many wrong tries. Please try again after %(when)s.") % {"when": instant(free_at)}
    answer = _lookup(request, {"receipt_number": words}, number, 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _lookup(request: Request, problems: dict[str, str], number: str, status: int) -> Response:
    context = {
        "fields": {"receipt_number": number, "access_code": ""},
        "errors": [FieldError(name, message) for name, message in problems.items()],
        "error_for": problems,
    }
    answer = page(request, "public/receipts.html", context, status)
    answer.headers.update(NO_REFERRER)
    return answer


def _view(
    request: Request, services: Services, session: Session, found: Submission, access_code: str | None, now: datetime
) -> ReceiptView:
    lookup_url = f"{services.settings.public_url}/receipts/{found.receipt_number}"
    return receipt_view(session, found, access_code, lookup_url, qr_code(lookup_url), now)


def _receipt(
    request: Request, services: Services, session: Session, found: Submission, access_code: str | None, now: datetime
) -> Response:
    context = {
        "receipt": _view(request, services, session, found, access_code, now),
        "makes_pdf": receipt_pdf.is_installed(),
        "sends_mail": services.settings.sends_mail,
    }
    answer = page(request, "public/receipt.html", context)
    answer.headers.update(NO_REFERRER)
    return answer
