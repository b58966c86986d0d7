"""Answering a question on one's own comment: behind number and code of the receipt, with or without an address."""

import uuid
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.clarifications import asking
from app.clarifications.asking import ANSWER_LIMIT
from app.kit.errors import BadRequest, Unprocessable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, RequestId, WriteSession
from app.submissions.models import Submission
from app.web.forms import ReceivedForm
from app.web.i18n import gettext as _
from app.web.public import receipts, rights
from app.web.public.attempt import FieldError
from app.web.public.questions_part import questions
from app.web.services import Services, Svc
from app.web.templating import address, page

router = APIRouter(include_in_schema=False)


@router.get("/receipts/{receipt_number}/question", name="question")
def show(request: Request, receipt_number: str, services: Svc, session: ReadSession, now: Now) -> Response:
    found = receipts.opened(services, request, session, now, receipt_number)
    if found is None:
        return rights.look_up(request, receipt_number)
    return _page(request, services, session, found, now, {}, "", 200)


@router.post("/receipts/{receipt_number}/question", name="answer_question")
def answer(
    request: Request,
    receipt_number: str,
    services: Svc,
    received: ReceivedForm,
    session: WriteSession,
    request_id: RequestId,
) -> Response:
    """The instant at which the answer arrived decides whether it is in time."""
    found = receipts.opened(services, request, session, received.at, receipt_number)
    if found is None:
        return rights.look_up(request, receipt_number)
    form = received.form
    rights.refuse_foreign(services, found, form, received.at)
    asked, words = _question(form), form.get("answer", "")
    try:
        asking.answer(session, rights.citizen(request_id), received.at, found, asked, words)
    except Unprocessable as refused:
        return _page(request, services, session, found, received.at, {"answer": _refused(refused)}, words, 422)
    where = address(request, "receipt", receipt_number=found.receipt_number)
    return RedirectResponse(where, status_code=303, headers=receipts.NO_REFERRER)


def _question(form: Form) -> uuid.UUID:
    """Raises BadRequest for what our page can't have sent."""
    try:
        return uuid.UUID(form.get("question", ""))
    except ValueError as error:
        raise BadRequest("bad_form") from error


def _refused(refused: Unprocessable) -> str:
    if refused.code == "words_too_long":
        return _("At most %(limit)s characters, please") % {"limit": ANSWER_LIMIT}
    return _("Enter your answer")


def _page(
    request: Request,
    services: Services,
    session: Session,
    found: Submission,
    now: datetime,
    problems: dict[str, str],
    entered: str,
    status: int,
) -> Response:
    context = {
        "number": found.receipt_number,
        "title": found.title,
        "asked": next((one for one in questions(session, found, now) if one.open), None),
        "page_token": services.rights_pages.sign("question", found.receipt_number, now + rights.PAGE_TOKEN_LIFETIME),
        "limit": ANSWER_LIMIT,
        "entered": entered,
        "errors": [FieldError(name, message) for name, message in problems.items()],
        "error_for": problems,
    }
    answer = page(request, "public/question.html", context, status)
    answer.headers.update(receipts.NO_REFERRER)
    return answer
