"""Ordering files of data, watching them being written, and saving them: each is for whoever asked for it alone."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from app.accounts import queries as accounts
from app.assignments.lifecycle import AssignmentState
from app.consultations import queries as consultations
from app.consultations.lifecycle import ConsultationState
from app.exports import ordering, queries
from app.exports.keeping import Lost
from app.exports.lifecycle import HAS_FILE, UNFINISHED, ExportFormat, ExportKind, IdentityColumn
from app.exports.models import ExportOrder
from app.exports.ordering import Wanted
from app.kit.clock import beijing_day, end_of_beijing_day
from app.kit.errors import BadRequest, InvalidTransition, NotFound, Unavailable, Unprocessable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.submissions.extracting import EXTRACTED
from app.web import labels
from app.web.audit_words import TAKEN_OUT
from app.web.downloads import SANDBOX
from app.web.export_words import EXPORT_HISTORY
from app.web.services import Svc
from app.web.staff import history
from app.web.staff.access import OwnForm, allowed
from app.web.staff.proving import proven
from app.web.templating import address, page

PATH = "/staff/exports"
PAGE_SIZE = 30
HISTORY = {**EXPORT_HISTORY, **TAKEN_OUT}
STATES_OF = {
    ExportKind.SUBMISSIONS: EXTRACTED,
    ExportKind.IDENTITIES: EXTRACTED,
    ExportKind.ASSIGNMENTS: tuple(AssignmentState),
    ExportKind.RESULTS: (),
    ExportKind.ARCHIVE: (),
}
ORDERED_HERE = tuple(kind for kind in ExportKind if kind is not ExportKind.ARCHIVE)
Exports = Annotated[Actor, allowed(Permission.EXPORT_DATA)]
TakesOut = Annotated[Actor, proven(Permission.EXPORT_DATA)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_exports")
def own(request: Request, actor: Exports, session: ReadSession, before: str = "") -> Response:
    found = queries.orders(session, read_cursor(before), PAGE_SIZE, asked_by=actor.id)
    context = {
        "items": found.items,
        "titles": {row.id: row.title for row in consultations.all_consultations(session)},
        "next_url": address(request, "staff_exports", before=found.next_cursor) if found.next_cursor else None,
    }
    return page(request, "staff/exports/list.html", context)


@router.get(PATH + "/new", name="staff_new_export")
def form(request: Request, actor: Exports, session: ReadSession, now: Now, consultation: str = "") -> Response:
    opened = [row for row in consultations.all_consultations(session) if row.state is not ConsultationState.DRAFT]
    context = {
        "consultations": opened,
        "chosen": consultation,
        "kinds": [kind for kind in ORDERED_HERE if _may_ask(actor, kind)],
        "formats": [ExportFormat.CSV, ExportFormat.XLSX],
        "columns": list(IdentityColumn),
        "may_name": _may_ask(actor, ExportKind.IDENTITIES),
        "states": [("comments", list(EXTRACTED)), ("assignments", list(AssignmentState))],
        "today": beijing_day(now).isoformat(),
    }
    return page(request, "staff/exports/new.html", context)


@router.post(PATH + "/new", name="staff_ask_export")
def ask(request: Request, sent: OwnForm, actor: Exports, session: WriteSession, now: Now) -> Response:
    chosen = consultations.find(session, sent.form.get("consultation", ""))
    if chosen is None:
        raise NotFound
    order = ordering.ask(session, actor, now, _wanted(sent.form, chosen.id))
    return RedirectResponse(address(request, "staff_export", id=order.id), status_code=303)


@router.get(PATH + "/{id}", name="staff_export")
def one(request: Request, id: uuid.UUID, actor: Exports, session: ReadSession) -> Response:
    """How far it is; the page is loaded again for later news."""
    order = queries.order(session, id)
    if order.asked_by != actor.id:
        raise NotFound("no_such_export")
    title = next((row.title for row in consultations.all_consultations(session) if row.id == order.consultation_id), "")
    context: dict[str, Any] = {
        "order": order,
        "title": title,
        "columns": [labels.label(IdentityColumn(name)) for name in order.columns],
        "only_state": state_words(order),
        "names": accounts.names_of(session, [order.asked_by, order.decided_by or ""]),
        "is_unfinished": order.state in UNFINISHED,
        "has_file": order.state in HAS_FILE,
        "history": history.of_record(session, "export_order", order.id, HISTORY),
    }
    return page(request, "staff/exports/order.html", context)


@router.post(PATH + "/{id}/cancel", name="staff_cancel_export")
def cancel(request: Request, id: uuid.UUID, sent: OwnForm, actor: Exports, session: WriteSession, now: Now) -> Response:
    ordering.cancel(session, actor, now, id)
    return RedirectResponse(address(request, "staff_export", id=id), status_code=303)


@router.post(PATH + "/{id}/file", name="staff_take_export")
def take(id: uuid.UUID, sent: OwnForm, actor: TakesOut, services: Svc, now: Now) -> Response:
    """That it leaves is on record before its first byte does; the pieces follow one by one.

    Raises NotFound, Conflict("exports_frozen"), Gone("export_expired"), NotFound("file_lost"), Unavailable.
    """
    with services.database.reading() as session:
        order, pieces = queries.order(session, id), queries.pieces(session, id)
        name = accounts.names_of(session, [order.asked_by]).get(order.asked_by, "")
    if order.asked_by != actor.id:
        raise NotFound("no_such_export")
    if order.state not in HAS_FILE:
        raise InvalidTransition(state=order.state.value, event="take")
    content = services.export_keeper.content(pieces)
    first = _first(content)
    with services.database.writing() as session:
        ordering.take(session, actor, now, id)
    saved = quote(f"{labels.label(order.kind)}-{order.number}-{name}.{order.format}", safe="")
    headers = {
        "Content-Disposition": f"attachment; filename=\"{order.number}.{order.format}\"; filename*=UTF-8''{saved}",
        "Content-Length": str(order.size),
        "Content-Security-Policy": SANDBOX,
        "Cache-Control": "no-store",
    }
    return StreamingResponse(chain([first], content), media_type="application/octet-stream", headers=headers)


def state_words(order: ExportOrder) -> str:
    """The state that the file is narrowed to; empty for all."""
    fitting = [state for state in STATES_OF[order.kind] if state.value == order.only_state]
    return labels.label(fitting[0]) if fitting else ""


def _first(content: Iterator[bytes]) -> bytes:
    try:
        return next(content, b"")
    except Lost as error:
        raise NotFound("file_lost") from error
    except OSError as error:
        raise Unavailable("files_unreachable") from error


def _may_ask(actor: Actor, kind: ExportKind) -> bool:
    return kind is not ExportKind.IDENTITIES or actor.may(Permission.UNLOCK_IDENTITY)


def _wanted(sent: Form, consultation_id: uuid.UUID) -> Wanted:
    """Raises BadRequest, Unprocessable("export_filter_unfit")."""
    try:
        kind, file_format = ExportKind(sent.get("kind", "")), ExportFormat(sent.get("format", ""))
        columns = [IdentityColumn(name) for name in sent.all("chosen")]
    except ValueError as error:
        raise BadRequest("bad_form") from error
    if kind is ExportKind.ARCHIVE or file_format is ExportFormat.ZIP:
        raise BadRequest("bad_form")
    state = sent.get("state", "")
    since, until = _day(sent.get("since", "")), _day(sent.get("until", ""))
    unfit = state and state not in STATES_OF[kind]
    if unfit or (kind is ExportKind.RESULTS and (since or until)):
        raise Unprocessable("export_filter_unfit")
    return Wanted(
        kind=kind,
        format=file_format,
        consultation_id=consultation_id,
        purpose=sent.get("purpose", ""),
        columns=columns,
        since=end_of_beijing_day(since - timedelta(days=1)) if since else None,
        until=end_of_beijing_day(until) if until else None,
        only_state=state or None,
    )


def _day(text: str) -> date | None:
    """Raises BadRequest for what is no day, or one that no instant stands for."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest("bad_form") from error
    if not 2000 <= day.year <= 2999:
        raise BadRequest("bad_form")
    return day
