"""Alerts on the desk: where far more comes in than usual, and that somebody has looked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.alerts import actions, queries
from app.alerts.models import Alert
from app.alerts.spikes import AlertKind
from app.consultations import queries as consultations
from app.documents import queries as documents
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.submissions.lifecycle import HoldReason
from app.web import labels
from app.web.public.views import clause_name
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.templating import address, page

PAGE_SIZE = 30
Settles = Annotated[Actor, allowed(Permission.SWITCH_DISPLAY)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class AlertView:
    """`subject` is the clause or the reason, in words; empty where the kind says all."""

    id: uuid.UUID
    kind: AlertKind
    title: str
    slug: str
    subject: str
    hour: datetime
    number: int
    usual: int
    settled_at: datetime | None
    settled_by: str
    remark: str


@router.get("/staff/alerts", name="staff_alerts")
def alerts(request: Request, actor: ViewsDesk, session: ReadSession, before: str = "") -> Response:
    found = queries.latest(session, read_cursor(before), PAGE_SIZE)
    context = {
        "items": _views(session, found.items),
        "may_settle": actor.may(Permission.SWITCH_DISPLAY),
        "next_url": address(request, "staff_alerts", before=found.next_cursor) if found.next_cursor else None,
    }
    return page(request, "staff/alerts.html", context)


@router.post("/staff/alerts/{id}/settle", name="staff_settle_alert")
def settle(request: Request, id: uuid.UUID, sent: OwnForm, actor: Settles, session: WriteSession, now: Now) -> Response:
    actions.settle(session, actor, now, id, sent.form.get("reason", ""))
    return RedirectResponse(address(request, "staff_alerts"), status_code=303)


def _views(session: Session, rows: Sequence[Alert]) -> list[AlertView]:
    about = {row.id: row for row in consultations.all_consultations(session)} if rows else {}
    clauses = documents.clauses_by_id(session, [uuid.UUID(row.subject) for row in rows if row.kind is AlertKind.CLAUSE])
    known = {str(clause.id): clause_name(clause.number, clause.heading) for clause in clauses}
    names = accounts.names_of(session, [row.settled_by for row in rows if row.settled_by])
    return [
        AlertView(
            id=row.id,
            kind=row.kind,
            title=about[row.consultation_id].title,
            slug=about[row.consultation_id].slug,
            subject=known.get(row.subject, "") if row.kind is AlertKind.CLAUSE else _reason(row),
            hour=row.hour,
            number=row.number,
            usual=row.usual,
            settled_at=row.settled_at,
            settled_by=names.get(row.settled_by or "", row.settled_by or ""),
            remark=row.remark or "",
        )
        for row in rows
    ]


def _reason(row: Alert) -> str:
    known = row.kind is AlertKind.HELD and row.subject in list(HoldReason)
    return labels.label(HoldReason(row.subject)) if known else ""
