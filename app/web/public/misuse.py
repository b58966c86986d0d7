"""The report that somebody used one's ID number: a case is opened, and what was written under it goes off display."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.kit.clock import beijing_day
from app.kit.errors import Unprocessable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, RequestId, WriteSession
from app.kit.throttle import of_address
from app.rights import asking
from app.rights.asking import WORDS_LIMIT
from app.rights.sealing import Contact
from app.submissions import fields
from app.submissions.identity import DocumentNumber, check_id_number, check_name
from app.submissions.phone import check_phone
from app.submissions.problems import Problem
from app.submissions.receipts import read_number
from app.web.forms import ReceivedForm
from app.web.i18n import gettext as _
from app.web.public.attempt import FieldError
from app.web.public.rights import ENTERED, LONGEST_NUMBER, citizen, problems_of, told, words_refused
from app.web.services import Svc
from app.web.templating import address, page

router = APIRouter(include_in_schema=False)


@router.get("/misuse", name="misuse")
def misuse_form(request: Request) -> Response:
    return _misuse(request, {}, {}, 200)


@router.post("/misuse", name="report_misuse")
def report(
    request: Request, services: Svc, received: ReceivedForm, session: WriteSession, request_id: RequestId
) -> Response:
    """Answers alike whether anything was written under the number."""
    form, client = received.form, of_address(request.client.host if request.client else None)
    if services.misuse_reports.is_over(client, received.at):
        return _misuse(request, {"id_number": _("Too many reports; wait an hour, or call us")}, told(form), 429)
    contact, number, problems = _reporter(form, received.at)
    if not problems and number is not None:
        services.misuse_reports.note(client, received.at)
        try:
            made = asking.report_misuse(
                session,
                citizen(request_id),
                received.at,
                services.keepers.letters,
                services.vault,
                number.number,
                form.text("words"),
                contact,
            )
        except Unprocessable as refused:
            problems = {"words": words_refused(refused)}
        else:
            return RedirectResponse(address(request, "misuse_received", number=made.number), status_code=303)
    return _misuse(request, problems, told(form), 422)


@router.get("/misuse/{number}", name="misuse_received")
def misuse_received(request: Request, number: str, session: ReadSession, now: Now) -> Response:
    """The case's number, to write down; it opens nothing."""
    digits = read_number(number[:LONGEST_NUMBER])
    until = asking.due_on(session, beijing_day(now))
    return page(request, "public/misuse_received.html", {"number": digits, "due_on": until})


def _reporter(form: Form, at: datetime) -> tuple[Contact, DocumentNumber | None, dict[str, str]]:
    name, phone = check_name(form.text("name")), check_phone(form.text("phone"))
    email = fields.check_email(form.text("email")) if form.text("email") else None
    number = check_id_number(form.text("id_number"), beijing_day(at))
    problems = problems_of({"id_number": number, "name": name, "phone": phone, "email": email})
    given = (None if isinstance(value, Problem) else value for value in (name, phone, email))
    return Contact(*given), number if isinstance(number, DocumentNumber) else None, problems


def _misuse(request: Request, problems: dict[str, str], entered: dict[str, str], status: int) -> Response:
    """The ID number is never given back: whoever made a mistake elsewhere enters it again."""
    context = {
        "errors": [FieldError(name, message) for name, message in problems.items()],
        "error_for": problems,
        "fields": dict.fromkeys(ENTERED, "") | entered,
        "limit": WORDS_LIMIT,
    }
    return page(request, "public/misuse.html", context, status)
