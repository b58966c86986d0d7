"""The incident page: what was reached and by whom, whom it concerns, and stopping exports and keys meanwhile."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import queries as accounts
from app.exports import actions, ledger
from app.exports import queries as exports
from app.exports.models import Frozen
from app.exports.tabular import csv_bytes
from app.kit.clock import beijing_day
from app.kit.errors import BadRequest
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web.staff import audit_view, incident_view
from app.web.staff.access import OwnForm, allowed
from app.web.staff.proving import proven
from app.web.templating import address, page

MOST_SHOWN = 200
COLUMNS = ("receipt_number", "times", "first_at", "ways")
Investigates = Annotated[Actor, allowed(Permission.INVESTIGATE_INCIDENTS)]
TakesListOut = Annotated[Actor, proven(Permission.INVESTIGATE_INCIDENTS)]
Freezes = Annotated[Actor, proven(Permission.FREEZE_EXPORTS)]

router = APIRouter(include_in_schema=False)


@router.get("/staff/incidents", name="staff_incidents")
def incidents(request: Request, actor: Investigates, session: ReadSession, now: Now) -> Response:
    form = audit_view.asked(request.query_params)
    asked = incident_view.period(session, form, now)
    found = incident_view.reached(session, asked)
    stops = exports.holding(session)
    context = {
        "form": form,
        "since": asked.since,
        "until": asked.until,
        "found": found,
        "shown": found.affected[:MOST_SHOWN],
        "stops": {stop.what.value: stop for stop in stops},
        "names": accounts.names_of(session, [stop.by for stop in stops]),
        "whats": list(Frozen),
        "may_freeze": actor.may(Permission.FREEZE_EXPORTS),
    }
    return page(request, "staff/incidents.html", context)


@router.post("/staff/incidents/list", name="staff_incident_list")
def affected_list(request: Request, sent: OwnForm, actor: TakesListOut, session: WriteSession, now: Now) -> Response:
    """The submissions whose senders are to be told, by receipt number; taking the list out is on record.

    It leaves even while exports are stopped: the law gives no time to wait (个人信息保护法 第五十七条).
    """
    form = audit_view.asked({name: sent.form.get(name, "") for name in sent.form})
    found = incident_view.reached(session, incident_view.period(session, form, now))
    ledger.note_incident_list(session, actor, now, len(found.affected))
    rows = ((row.receipt_number, row.times, row.first_at, " | ".join(row.ways)) for row in found.affected)
    name = f"incident-{beijing_day(now):%Y%m%d}.csv"
    return Response(
        b"".join(csv_bytes(COLUMNS, rows)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/staff/incidents/freeze", name="staff_freeze")
def freeze(request: Request, sent: OwnForm, actor: Freezes, session: WriteSession, now: Now) -> Response:
    actions.freeze(session, actor, now, _what(sent.form.get("what", "")), sent.form.get("reason", ""))
    return RedirectResponse(address(request, "staff_incidents"), status_code=303)


@router.post("/staff/incidents/lift", name="staff_lift")
def lift(request: Request, sent: OwnForm, actor: Freezes, session: WriteSession, now: Now) -> Response:
    actions.lift(session, actor, now, _what(sent.form.get("what", "")), sent.form.get("reason", ""))
    return RedirectResponse(address(request, "staff_incidents"), status_code=303)


def _what(word: str) -> Frozen:
    if word not in list(Frozen):
        raise BadRequest("bad_form")
    return Frozen(word)
