"""The workbook of an office: taken out, filled in offline, looked through row by row, carried out after a last look."""

import uuid
from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.assignments import working_time
from app.calendars import queries as calendars
from app.departments import queries as departments
from app.exports import ledger as exports
from app.kit.clock import beijing_day
from app.kit.errors import Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.offices import actions, checking, inbox, queries
from app.offices.actions import own_department
from app.offices.checking import CheckedRow, Fault, Reader, checked_row
from app.offices.columns import MOST_ROWS
from app.offices.filled import read_filled
from app.offices.inbox import Sought, View
from app.offices.workbook import For, made
from app.permissions import Actor, Permission
from app.web.department import due_words
from app.web.department.answering import FINAL
from app.web.department.case import Answers
from app.web.department.inbox import Asked, Reads, sought_of
from app.web.department.together import DoneView, answered, done_context
from app.web.downloads import SANDBOX
from app.web.errors import MESSAGES
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.services import Services, Svc
from app.web.staff.access import OwnForm
from app.web.templating import address, page
from app.web.uploads import ANY_SIZE, OwnUpload, in_turn

FILE = "file"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FAULTS = {
    Fault.UNKNOWN: N_("This row was not in the workbook that was downloaded."),
    Fault.FOREIGN: N_("This row is not your department's, or its check was altered."),
    Fault.TWICE: N_("This assignment stands in the workbook twice."),
    Fault.GONE: N_("This assignment can't be answered any more."),
    Fault.STALE: N_("This assignment has changed since the download. Please download the workbook again."),
    Fault.ALTERED: N_("The text of the suggestion was altered. Please download the workbook again."),
    Fault.NO_DISPOSITION: N_("The disposition is missing."),
    Fault.WHICH_DISPOSITION: N_("The disposition is none of the six. Please choose it from the list."),
    Fault.NO_REASON: N_("This disposition needs a reason."),
    Fault.TOO_LONG: N_("A text is too long: a reason has at most 5,000 characters, words for people 2,000."),
    Fault.NO_DAY: N_("The date can't be read. Please write it as 2026-05-11."),
    Fault.IN_FUTURE: N_("The date of the answer lies in the future."),
}

router = APIRouter(include_in_schema=False)


@router.get("/office/workbook", name="office_workbook")
def show(request: Request, actor: Reads, session: ReadSession, now: Now) -> Response:
    return _page(request, session, actor, now)


@router.post("/office/workbook/file", name="office_workbook_file")
def take(sent: OwnForm, actor: Answers, services: Svc, session: WriteSession, now: Now) -> Response:
    """At most MOST_ROWS open assignments, the most urgent first. That they were taken out is on record before they
    leave. Raises Conflict("exports_frozen")."""
    department_id, calendar = own_department(actor), calendars.calendar(session)
    asked = Asked(View.OPEN, sent.form.get("consultation", ""), role="", theme="", clause="")
    sought = sought_of(asked, inbox.consultations(session, department_id), calendar, now)
    found = inbox.for_workbook(session, department_id, sought, MOST_ROWS)
    rows = [
        inbox.as_row(held, draft, working_time.due_day(held.assignment.due_at) if held.assignment.due_at else None)
        for held, draft in found
    ]
    exports.note(session, actor, now, "assignments", len(rows))
    name = departments.names(session)[department_id]
    content = made(For(department_id, name, now, services.workbook_key), rows)
    saved = f"attachment; filename=\"assignments.xlsx\"; filename*=UTF-8''{_file_name(name, now)}"
    return Response(
        content, media_type=TYPE, headers={"Content-Disposition": saved, "Content-Security-Policy": SANDBOX}
    )


@router.post("/office/workbook", name="office_send_workbook", max_body_size=ANY_SIZE)
def send(request: Request, actor: Answers, sent: OwnUpload, services: Svc) -> Response:
    """The file itself is not kept; what its rows say waits a day for whoever sent it."""
    file = sent.files.get(FILE)
    try:
        if file is None or not file.content:
            raise Unprocessable("workbook_required")
        rows = in_turn(lambda: read_filled(file.content))
    except Unprocessable as refused:
        with services.database.reading() as session:
            return _page(request, session, actor, sent.at, _(MESSAGES[refused.code]))
    department_id, key = own_department(actor), services.workbook_key
    with services.database.writing() as session:
        known = queries.standing(session, department_id, checking.ids_in(key, department_id, rows))
        checked = checking.looked_through(Reader(key, department_id, beijing_day(sent.at)), rows, known)
        workbook_id = actions.keep_workbook(session, actor, sent.at, checked)
    return RedirectResponse(address(request, "office_look_through", id=workbook_id), status_code=303)


@router.get("/office/workbook/{id}", name="office_look_through")
def look_through(request: Request, id: uuid.UUID, actor: Answers, session: ReadSession, now: Now) -> Response:
    rows = [checked_row(row) for row in actions.own_workbook(session, actor, now, id).rows]
    context = {
        "id": id,
        "right": [row for row in rows if not row.faults],
        "wrong": [(row, [_(FAULTS[fault]) for fault in row.faults]) for row in rows if row.faults],
        "may_finalise": actor.may(Permission.FINALISE_OWN_ANSWERS),
    }
    return page(request, "department/workbook_rows.html", context)


@router.post("/office/workbook/{id}", name="office_carry_out")
def carry_out(request: Request, id: uuid.UUID, sent: OwnForm, actor: Answers, services: Svc, now: Now) -> Response:
    """What was looked through and nothing else, each row in a transaction of its own.

    A row that changed meanwhile is refused by its edition, so that pressing again answers nothing twice.
    """
    draft = sent.form.get("step", "") != FINAL
    with services.database.reading() as session:
        rows = [checked_row(row) for row in actions.own_workbook(session, actor, now, id).rows]
    done = [_carried_out(services, actor, now, row, draft) for row in rows if not row.faults]
    with services.database.writing() as session:
        actions.finish_workbook(session, actor, now, id, sum(1 for one in done if not one.why_not))
    return page(request, "department/together_done.html", done_context(done, draft))


def _carried_out(services: Services, actor: Actor, now: datetime, row: CheckedRow, draft: bool) -> DoneView:
    assert row.assignment_id is not None and row.said is not None  # noqa: PT018
    why_not = answered(services, actor, now, (row.assignment_id, row.edition), row.said, draft)
    return DoneView(row.assignment_id, row.excerpt, why_not)


def _page(request: Request, session: Session, actor: Actor, now: datetime, problem: str = "") -> Response:
    department_id, calendar = own_department(actor), calendars.calendar(session)
    sought = Sought(View.OPEN, now, due_words.soon(calendar, now))
    context = {
        "open": inbox.count(session, department_id, sought),
        "most": MOST_ROWS,
        "consultations": [(slug, title) for _id, slug, title in inbox.consultations(session, department_id)],
        "problem_words": problem,
    }
    return page(request, "department/workbook.html", context, 422 if problem else 200)


def _file_name(department: str, now: datetime) -> str:
    return quote(f"{department}办理清单{now:%Y%m%d}.xlsx", safe="")
