"""The queue: views with counts, and the rows of one view."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.desk import queries as desk
from app.desk.queries import Row
from app.desk.views import OF_SUBMISSIONS, View
from app.kit.errors import Forbidden, NotFound
from app.kit.http import ReadSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.web.i18n import N_, ngettext
from app.web.i18n import gettext as _
from app.web.staff.access import ViewsDesk, allowed
from app.web.templating import address, page

VIEWS = {
    View.RECEIVED: N_("To be screened"),
    View.QUARANTINED: N_("To be verified"),
    View.ACCEPTED: N_("Accepted"),
    View.EDITING: N_("Being edited"),
    View.AWAITING_APPROVAL: N_("Awaiting approval"),
    View.TO_ASSIGN: N_("To be assigned"),
    View.SENT_BACK: N_("Sent back"),
    View.HANDED_OVER: N_("With departments"),
    View.OUT_OF_SCOPE: N_("Out of scope"),
    View.DUPLICATE: N_("Duplicates"),
    View.UNSUITABLE: N_("Unsuitable"),
    View.DISCARDED: N_("Discarded as machine-made"),
    View.WITHDRAWN: N_("Withdrawn by its sender"),
}

OFFICES = {Permission.MANAGE_STAFF: "staff_accounts", Permission.VIEW_AUDIT: "staff_audit"}
OwnSession = Annotated[Actor, allowed(Permission.USE_OWN_SESSION)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ViewLink:
    key: str
    group: str
    label: str
    count: int
    current: bool
    url: str


@dataclass(frozen=True)
class RowView:
    url: str
    title: str
    excerpt: str
    at: object
    clauses: tuple[str, ...]
    chips: list[str]
    state: object


@router.get("/staff", name="desk")
def desk_page(request: Request, actor: OwnSession, session: ReadSession) -> Response:
    """The first page of whoever signed in: the queue or, for those who have none, the page of their office."""
    if actor.may(Permission.VIEW_DESK):
        return _queue(request, session, None, View.RECEIVED, "")
    office = next((name for permission, name in OFFICES.items() if actor.may(permission)), None)
    if office is None:
        raise Forbidden
    return RedirectResponse(address(request, office), status_code=303)


@router.get("/staff/queue", name="queue")
def queue(
    request: Request,
    actor: ViewsDesk,
    session: ReadSession,
    consultation: str = "",
    view: View = View.RECEIVED,
    after: str = "",
) -> Response:
    chosen = consultations.find(session, consultation) if consultation else None
    if consultation and chosen is None:
        raise NotFound("no_such_consultation")
    return _queue(request, session, chosen, view, after)


def _queue(request: Request, session: Session, chosen: Consultation | None, view: View, after: str) -> Response:
    consultation_id = chosen.id if chosen else None
    slug = chosen.slug if chosen else None
    found = desk.rows(session, view, consultation_id, read_cursor(after))
    following = found.next_cursor
    context = {
        "consultations": consultations.all_consultations(session),
        "consultation": chosen,
        "views": _links(request, desk.counts(session, consultation_id), view, slug),
        "view": view.value,
        "rows": [_row(request, row) for row in found.items],
        "next_url": address(request, "queue", consultation=slug, view=view, after=following) if following else None,
        "empty_text": _("Nothing is waiting here."),
    }
    return page(request, "staff/queue.html", context)


def _links(request: Request, counts: dict[View, int], current: View, slug: str | None) -> list[ViewLink]:
    return [
        ViewLink(
            key=view.value,
            group="submissions" if view in OF_SUBMISSIONS else "suggestions",
            label=_(words),
            count=counts[view],
            current=view is current,
            url=address(request, "queue", consultation=slug, view=view),
        )
        for view, words in VIEWS.items()
    ]


def _row(request: Request, row: Row) -> RowView:
    name = "staff_submission" if row.is_submission else "staff_suggestion"
    persons = ngettext("%(number)d person", "%(number)d persons", row.persons) % {"number": row.persons}
    return RowView(
        url=address(request, name, id=row.id),
        title=row.title,
        excerpt=row.excerpt,
        at=row.at,
        clauses=row.clauses,
        chips=[] if row.is_submission else [persons],
        state=row.state,
    )
