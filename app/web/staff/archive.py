"""What of a consultation goes to the archive, whether it arrived, and whether something must be kept in any case."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import queries as accounts
from app.archives import actions, queries
from app.archives.actions import Package
from app.archives.retention import Retention
from app.departments import queries as departments
from app.exports import queries as exports
from app.kit.errors import BadRequest
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.records import queries as records
from app.web.staff import outcomes
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.templating import address, page

PATH = "/staff/consultations/{slug}/archive"
Orders = Annotated[Actor, allowed(Permission.EXPORT_DATA)]
Confirms = Annotated[Actor, allowed(Permission.APPROVE_EXPORTS)]
Holds = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_archive")
def shown(request: Request, slug: str, actor: ViewsDesk, session: ReadSession) -> Response:
    row = outcomes.found(session, slug)
    known, holds = queries.archives(session, row.id), queries.holds(session, row.id)
    orders = [exports.order(session, one.order_id) for one in known]
    people = [name for order in orders for name in (order.asked_by, order.decided_by or "")]
    people += [one.confirmed_by or "" for one in known]
    people += [name for hold in holds for name in (hold.by, hold.lifted_by or "")]
    context = {
        "c": row,
        "me": actor.id,
        "archives": list(zip(known, orders, strict=True)),
        "holds": holds,
        "is_held": any(hold.lifted_at is None for hold in holds),
        "is_archived": queries.is_archived(session, row.id),
        "is_concluded": records.conclusion(session, row.id) is not None,
        "retentions": list(Retention),
        "people": accounts.names_of(session, people),
        "may_name": actor.may(Permission.UNLOCK_IDENTITY),
    }
    return page(request, "staff/outcomes/archive.html", context)


@router.post(PATH, name="staff_order_archive")
def order(request: Request, slug: str, sent: OwnForm, actor: Orders, session: WriteSession, now: Now) -> Response:
    """Raises as `actions.order` does, BadRequest."""
    row = outcomes.found(session, slug)
    try:
        retention = Retention(sent.form.get("retention", ""))
    except ValueError as error:
        raise BadRequest("bad_form") from error
    package = Package(
        consultation_id=row.id,
        file_number=sent.form.get("file_number", "").strip(),
        retention=retention,
        unit=departments.names(session)[row.drafting_department_id],
        is_concluded=records.conclusion(session, row.id) is not None,
        with_contacts=sent.form.get("contacts", "") == "yes",
    )
    actions.order(session, actor, now, package)
    return _back(request, slug)


@router.post(PATH + "/{id}/confirm", name="staff_confirm_archive")
def confirm(
    request: Request, slug: str, id: uuid.UUID, sent: OwnForm, actor: Confirms, session: WriteSession, now: Now
) -> Response:
    """Raises as `actions.confirm` does."""
    actions.confirm(session, actor, now, id, sent.form.get("sha256", ""))
    return _back(request, slug)


@router.post(PATH + "/hold", name="staff_place_hold")
def hold(request: Request, slug: str, sent: OwnForm, actor: Holds, session: WriteSession, now: Now) -> Response:
    """Raises as `actions.hold` does."""
    actions.hold(session, actor, now, outcomes.found(session, slug).id, sent.form.get("reason", ""))
    return _back(request, slug)


@router.post(PATH + "/lift", name="staff_lift_hold")
def lift(request: Request, slug: str, sent: OwnForm, actor: Holds, session: WriteSession, now: Now) -> Response:
    """Raises as `actions.lift` does."""
    actions.lift(session, actor, now, outcomes.found(session, slug).id, sent.form.get("reason", ""))
    return _back(request, slug)


def _back(request: Request, slug: str) -> Response:
    return RedirectResponse(address(request, "staff_archive", slug=slug), status_code=303)
