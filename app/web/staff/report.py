"""The disposition report on the desk: how it would read now, what doesn't balance, and its published editions."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import queries as accounts
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.records import queries as records
from app.records.stages import ConclusionKind
from app.reporting import actions, compiling, queries
from app.reporting.report import PointLine, imbalances_of, is_open
from app.web.i18n import gettext as _
from app.web.reports.view import report_view, row_views
from app.web.reports.words import SUMS
from app.web.services import Svc
from app.web.staff import outcomes
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.templating import address, page

PATH = "/staff/consultations/{slug}/report"
ROWS_SHOWN = 20
Publishes = Annotated[Actor, allowed(Permission.PUBLISH)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_report")
def shown(request: Request, slug: str, actor: ViewsDesk, session: ReadSession, services: Svc) -> Response:
    """As it would be published now; of the list only its beginning."""
    row = outcomes.found(session, slug)
    figures = compiling.figures_of(session, row)
    known, ended = queries.editions(session, row.id), records.conclusion(session, row.id)
    context = {
        "c": row,
        "view": report_view(figures),
        "rows": row_views(compiling.first_rows(session, row, services.vault, ROWS_SHOWN)),
        "told": figures.suggestions - figures.points.get(PointLine.OPEN, 0),
        "is_open": is_open(figures),
        "wrong": [(_(SUMS[each.sum]), each.expected, each.found) for each in imbalances_of(figures)],
        "editions": known,
        "people": accounts.names_of(session, [one.published_by for one in known]),
        "may_publish": ended is not None and ended.kind is ConclusionKind.COMPLETED,
    }
    return page(request, "staff/outcomes/report.html", context)


@router.post(PATH, name="staff_publish_report")
def publish(
    request: Request, slug: str, sent: OwnForm, actor: Publishes, session: WriteSession, services: Svc, now: Now
) -> Response:
    """Raises as `actions.publish_edition` does."""
    row = outcomes.found(session, slug)
    actions.publish_edition(session, actor, now, row.id, sent.form.get("reason", ""), services.vault)
    return RedirectResponse(address(request, "staff_report", slug=slug), status_code=303)
