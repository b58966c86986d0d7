"""Letting exports with identities be written, by a second person; and what everybody exported."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations.models import Consultation
from app.exports import ordering, queries
from app.exports.lifecycle import IdentityColumn, OrderState
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.records import numbers
from app.web import labels
from app.web.staff import history
from app.web.staff.access import OwnForm, allowed
from app.web.staff.exporting import HISTORY, state_words
from app.web.staff.proving import proven
from app.web.templating import address, page

PATH = "/staff/export-approvals"
PAGE_SIZE = 30
MOST_WAITING = 100
Approves = Annotated[Actor, allowed(Permission.APPROVE_EXPORTS)]
Decides = Annotated[Actor, proven(Permission.APPROVE_EXPORTS)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_export_approvals")
def overview(request: Request, actor: Approves, session: ReadSession, before: str = "") -> Response:
    """What waits, and then every order of everybody, the newest first."""
    waiting, found = queries.waiting(session, MOST_WAITING), queries.orders(session, read_cursor(before), PAGE_SIZE)
    context = {
        "waiting": waiting,
        "items": found.items,
        "names": accounts.names_of(session, [row.asked_by for row in (*waiting, *found.items)]),
        "next_url": address(request, "staff_export_approvals", before=found.next_cursor) if found.next_cursor else None,
    }
    return page(request, "staff/exports/approvals.html", context)


@router.get(PATH + "/{id}", name="staff_export_approval")
def one(request: Request, id: uuid.UUID, actor: Approves, session: ReadSession) -> Response:
    order = queries.order(session, id)
    context: dict[str, Any] = {
        "order": order,
        "title": _title(session, order.consultation_id),
        "columns": [labels.label(IdentityColumn(name)) for name in order.columns],
        "only_state": state_words(order),
        "received": numbers.of_intake(session, order.consultation_id)["received"],
        "names": accounts.names_of(session, [order.asked_by, order.decided_by or ""]),
        "may_decide": order.state is OrderState.ASKED and order.asked_by != actor.id,
        "is_own": order.asked_by == actor.id,
        "history": history.of_record(session, "export_order", order.id, HISTORY),
    }
    return page(request, "staff/exports/approval.html", context)


@router.post(PATH + "/{id}/approve", name="staff_approve_export")
def approve(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Decides, session: WriteSession, now: Now
) -> Response:
    ordering.approve(session, actor, now, id, sent.form.get("remark", ""))
    return RedirectResponse(address(request, "staff_export_approvals"), status_code=303)


@router.post(PATH + "/{id}/refuse", name="staff_refuse_export")
def refuse(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Approves, session: WriteSession, now: Now
) -> Response:
    ordering.refuse(session, actor, now, id, sent.form.get("reason", ""))
    return RedirectResponse(address(request, "staff_export_approvals"), status_code=303)


def _title(session: Session, consultation_id: uuid.UUID) -> str:
    return session.get_one(Consultation, consultation_id).title
