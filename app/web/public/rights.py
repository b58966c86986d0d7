"""What a person asks about their own data, from the receipt.

Whoever holds number and code of a receipt is taken for its sender: `receipts.opened` says for which one this browser
may act. Every form carries a token of its receipt besides, so that no other site's page can send it.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.kit.clock import beijing_day
from app.kit.crypto import Unreadable
from app.kit.errors import Conflict, Forbidden, Unprocessable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, RequestId, WriteSession
from app.permissions import Actor, ActorKind
from app.rights import asking, copies, queries
from app.rights.asking import OF_A_RECEIPT, WORDS_LIMIT
from app.rights.lifecycle import RequestKind, RequestState
from app.rights.models import RightsRequest
from app.rights.sealing import Contact
from app.submissions import displayed, fields, objections
from app.submissions.models import Submission
from app.submissions.objections import OBJECTION_LIMIT
from app.submissions.phone import check_phone
from app.submissions.problems import Problem
from app.submissions.receipts import read_number
from app.web.forms import ReceivedForm
from app.web.i18n import gettext as _
from app.web.public import field_words, receipts
from app.web.public.attempt import FieldError
from app.web.services import Services, Svc
from app.web.templating import address, page

PAGE_TOKEN_LIFETIME = timedelta(minutes=60)
LONGEST_NUMBER = 20
ENTERED = ("words", "name", "phone", "email", "objection")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class RequestView:
    number: str
    kind: RequestKind
    state: RequestState
    received_at: datetime
    due_on: date
    decided_at: datetime | None
    answer: str | None


@router.get("/receipts/{receipt_number}/rights", name="rights")
def own_rights(request: Request, receipt_number: str, services: Svc, session: ReadSession, now: Now) -> Response:
    found = receipts.opened(services, request, session, now, receipt_number)
    if found is None:
        return look_up(request, receipt_number)
    return _page(request, services, session, found, now, {}, {}, 200)


@router.post("/receipts/{receipt_number}/rights", name="ask_rights")
def ask(
    request: Request,
    receipt_number: str,
    services: Svc,
    received: ReceivedForm,
    session: WriteSession,
    request_id: RequestId,
) -> Response:
    found = receipts.opened(services, request, session, received.at, receipt_number)
    if found is None:
        return look_up(request, receipt_number)
    refuse_foreign(services, found, received.form, received.at)
    kind = _kind(received.form)
    contact, problems = _new_contact(received.form) if kind is RequestKind.CORRECT else (Contact(), {})
    if not problems:
        try:
            asking.ask(
                session,
                citizen(request_id),
                received.at,
                services.keepers.letters,
                found,
                kind,
                received.form.text("words"),
                contact,
            )
        except Unprocessable as refused:
            problems = {"words": words_refused(refused)}
    if problems:
        return _page(request, services, session, found, received.at, problems, _entered(received.form, kind), 422)
    return _own_page(request, found)


@router.post("/receipts/{receipt_number}/objection", name="object")
def object_once(
    request: Request,
    receipt_number: str,
    services: Svc,
    received: ReceivedForm,
    session: WriteSession,
    request_id: RequestId,
) -> Response:
    """The author's one objection to not being displayed."""
    found = receipts.opened(services, request, session, received.at, receipt_number)
    if found is None:
        return look_up(request, receipt_number)
    refuse_foreign(services, found, received.form, received.at)
    words = received.form.text("objection")
    try:
        objections.object_to_take_down(session, received.at, found.id, words, request_id)
    except Unprocessable as refused:
        problems = {"objection": _objection_refused(refused)}
        return _page(request, services, session, found, received.at, problems, {"objection": words}, 422)
    return _own_page(request, found)


@router.post("/receipts/{receipt_number}/copy", name="own_copy")
def copy(
    request: Request, receipt_number: str, services: Svc, received: ReceivedForm, session: ReadSession
) -> Response:
    """Everything that we hold about it, as a file. Raises Conflict("no_copy_granted")."""
    found = receipts.opened(services, request, session, received.at, receipt_number)
    if found is None:
        return look_up(request, receipt_number)
    refuse_foreign(services, found, received.form, received.at)
    if not queries.may_fetch_copy(session, found.id, received.at):
        raise Conflict("no_copy_granted")
    content = copies.copy_of(session, services.vault, services.keepers.letters, found)
    name = f'attachment; filename="yanlu-{found.receipt_number}.json"'
    return Response(
        json.dumps(content, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers=receipts.NO_REFERRER | {"Content-Disposition": name},
    )


def citizen(request_id: str | None) -> Actor:
    return Actor(ActorKind.CITIZEN, "", frozenset(), request_id=request_id)


def _kind(form: Form) -> RequestKind:
    """Raises Unprocessable for anything that can't be asked from a receipt."""
    for kind in OF_A_RECEIPT:
        if form.get("kind") == kind.value:
            return kind
    raise Unprocessable("no_such_request_kind")


def _new_contact(form: Form) -> tuple[Contact, dict[str, str]]:
    """Telephone and address as entered; one of them may be left out, not both."""
    phone = check_phone(form.text("phone")) if form.text("phone") else None
    email = fields.check_email(form.text("email")) if form.text("email") else None
    problems = problems_of({"phone": phone, "email": email})
    if phone is None and email is None:
        problems["phone"] = _("Enter a new telephone number, a new e-mail address, or both")
    return Contact(None, *(None if isinstance(value, Problem) else value for value in (phone, email))), problems


def problems_of(results: dict[str, object]) -> dict[str, str]:
    return {name: field_words.words(result) for name, result in results.items() if isinstance(result, Problem)}


def words_refused(refused: Unprocessable) -> str:
    if refused.code != "words_too_long":
        raise refused
    return _("At most %(limit)s characters, please") % {"limit": WORDS_LIMIT}


def _objection_refused(refused: Unprocessable) -> str:
    if refused.code == "objection_required":
        return _("Say why your comment should be displayed")
    return _("At most %(limit)s characters, please") % {"limit": OBJECTION_LIMIT}


def refuse_foreign(services: Services, found: Submission, form: Form, at: datetime) -> None:
    """Raises Forbidden for a form that was not made for this receipt."""
    try:
        services.rights_pages.read(form.get("page_token", ""), found.receipt_number, at)
    except Unreadable:
        raise Forbidden("csrf") from None


def _entered(form: Form, kind: RequestKind) -> dict[str, str]:
    return told(form) | {"kind": kind.value}


def told(form: Form) -> dict[str, str]:
    return {name: form.get(name, "") for name in ENTERED}


def _page(
    request: Request,
    services: Services,
    session: Session,
    found: Submission,
    now: datetime,
    problems: dict[str, str],
    entered: dict[str, str],
    status: int,
) -> Response:
    asked = queries.of_submission(session, found.id)
    waiting = {each.kind for each in asked if each.state is RequestState.OPEN}
    context = {
        "number": found.receipt_number,
        "title": found.title,
        "asked": [_view(each) for each in asked],
        "kinds": [kind for kind in OF_A_RECEIPT if kind not in waiting],
        "may_object": displayed.may_object(session, found.id),
        "objection": displayed.objection_of(session, found.id),
        "may_fetch_copy": queries.may_fetch_copy(session, found.id, now),
        "due_on": asking.due_on(session, beijing_day(now)),
        "page_token": services.rights_pages.sign("rights", found.receipt_number, now + PAGE_TOKEN_LIFETIME),
        "limit": WORDS_LIMIT,
        "errors": [FieldError(name, message) for name, message in problems.items()],
        "error_for": problems,
        "fields": dict.fromkeys(ENTERED, "") | {"kind": ""} | entered,
    }
    answer = page(request, "public/rights.html", context, status)
    answer.headers.update(receipts.NO_REFERRER)
    return answer


def _view(row: RightsRequest) -> RequestView:
    return RequestView(row.number, row.kind, row.state, row.received_at, row.due_on, row.decided_at, row.answer)


def look_up(request: Request, receipt_number: str) -> Response:
    number = read_number(receipt_number[:LONGEST_NUMBER])
    return RedirectResponse(address(request, "receipts", number=number), status_code=303, headers=receipts.NO_REFERRER)


def _own_page(request: Request, found: Submission) -> Response:
    where = address(request, "rights", receipt_number=found.receipt_number)
    return RedirectResponse(where, status_code=303, headers=receipts.NO_REFERRER)
