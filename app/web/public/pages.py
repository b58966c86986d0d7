"""Reading: the list of consultations, one consultation."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.disclosure import Disclosed
from app.consultations.lifecycle import Phase
from app.documents import queries as documents
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession
from app.publication import queries as publication
from app.web.public import notes, rounds, views
from app.web.shared_pages import share
from app.web.templating import address, page

PAGE_SIZE = 20

router = APIRouter(include_in_schema=False)


@router.get("/", name="home")
def home(request: Request, session: ReadSession, now: Now) -> HTMLResponse:
    share(request)
    return page(request, "public/home.html", _by_phase(session, now))


@router.get("/consultations", name="consultations")
def listing(request: Request, session: ReadSession, now: Now) -> HTMLResponse:
    share(request)
    return page(request, "public/consultations.html", _by_phase(session, now))


@router.get("/consultations/{slug}", name="consultation")
def consultation(request: Request, slug: str, session: ReadSession, now: Now) -> HTMLResponse:
    row = consultations.public_consultation(session, slug)
    shown = views.whole(session, row, now)
    share(request)
    return page(
        request,
        "public/consultation.html",
        {
            "c": shown,
            "time_left": views.time_left(shown, now),
            "clauses": views.clause_views(session, row, totals=Disclosed.TOTALS in shown.disclosed),
            "version_number": documents.version_numbers(session, [row.version_id])[row.version_id],
            "implied_units": documents.implied_units(session, row.version_id),
            "rules": consultations.rules(session, row.id),
            "rounds": rounds.view(session, row, now),
            "changes_released": publication.are_changes_released(session, row.id),
            "notes": notes.of_consultation(session, row),
        },
    )


@router.get("/consultations/{slug}/versions/{number}", name="earlier_text")
def earlier_text(request: Request, slug: str, number: int, session: ReadSession, now: Now) -> Response:
    """A text that was under comment before; the present one is on the consultation's own page."""
    row = consultations.public_consultation(session, slug)
    put_out = documents.version_numbers(session, consultations.versions_put_out(session, row))
    version_id = next((version for version, known in put_out.items() if known == number), None)
    if version_id is None:
        raise NotFound("no_such_version")
    if version_id == row.version_id:
        return RedirectResponse(address(request, "consultation", slug=slug), status_code=303)
    every = notes.of_consultation(session, row)
    share(request)
    return page(
        request,
        "public/earlier_text.html",
        {
            "c": views.whole(session, row, now),
            "number": number,
            "note": next((note for note in every if note.former == number), None),
            "clauses": views.clause_views(session, row, version_id),
            "implied_units": documents.implied_units(session, version_id),
        },
    )


@router.get("/accessibility", name="accessibility")
def accessibility(request: Request) -> HTMLResponse:
    share(request)
    return page(request, "public/accessibility.html", {})


@router.get("/care", name="care")
def care(request: Request) -> Response:
    """关怀模式 by an address of its own, as it is printed on notices: from here on every page is in it."""
    return RedirectResponse(address(request, "home", care="on"), status_code=303)


def _by_phase(session: Session, now: Now) -> dict[str, list[views.Card]]:
    by_phase = views.cards(session, now)
    over = by_phase[Phase.CLOSED] + by_phase[Phase.WITHDRAWN]
    return {
        "open": by_phase[Phase.OPEN],
        "suspended": by_phase[Phase.SUSPENDED],
        "coming": by_phase[Phase.COMING],
        "closed": sorted(over, key=lambda card: card.closes_at, reverse=True),
    }
