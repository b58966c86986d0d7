"""What changed from the draft to a later text, once the drafting department had it released."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.consultations import queries as consultations
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession
from app.publication import queries as publication
from app.submissions import queries as submissions
from app.web.comparison_view import changes_view
from app.web.public import amendments, views
from app.web.templating import page

router = APIRouter(include_in_schema=False)


@router.get("/consultations/{slug}/changes", name="changes")
def changes(request: Request, slug: str, session: ReadSession, now: Now, show: str = "") -> HTMLResponse:
    row = consultations.public_consultation(session, slug)
    released = publication.released_changes(session, row.id)
    if released is None:
        raise NotFound("not_released")
    shown = changes_view(released.rows, show)
    context = {
        "c": views.card(row, now, submissions.counts(session, [row.id]).get(row.id, 0)),
        "draft": released.draft,
        "final": released.final,
        "released_at": released.released_at,
        "changes": shown,
        "led": amendments.by_anchor(session, row.id, shown.rows),
    }
    return page(request, "public/changes.html", context)
