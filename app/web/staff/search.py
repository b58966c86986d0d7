"""Finding submissions by words of their title or comment."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.kit.errors import NotFound, Unprocessable
from app.kit.http import ReadSession
from app.submissions import searching
from app.submissions.lifecycle import SubmissionState
from app.submissions.searching import Hit, Within, excerpt
from app.web.errors import MESSAGES
from app.web.i18n import gettext as _
from app.web.staff.access import ViewsDesk
from app.web.templating import address, page

PAGE_SIZE = 25
EXCERPT = 90
HIDDEN = (SubmissionState.REFERRED,)
"""What went to another body is looked at only by those who handle it, in a list of its own."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class HitView:
    """The pieces are (text, whether it is a hit)."""

    url: str
    title: list[tuple[str, bool]]
    excerpt: list[tuple[str, bool]]
    at: object
    state: SubmissionState
    channel: object


@router.get("/staff/search", name="staff_search")
def search(
    request: Request,
    actor: ViewsDesk,
    session: ReadSession,
    words: str = "",
    consultation: str = "",
    state: str = "",
    before: str = "",
) -> Response:
    chosen_state = next((one for one in SubmissionState if one == state), None)
    chosen = consultations.find(session, consultation) if consultation else None
    if consultation and chosen is None:
        raise NotFound("no_such_consultation")
    context: dict[str, Any] = {
        "consultations": consultations.all_consultations(session),
        "consultation": chosen,
        "words": words,
        "state": chosen_state,
        "states": [one for one in SubmissionState if one not in HIDDEN],
        "hits": None,
        "next_url": None,
        "error": None,
    }
    if words.strip():
        within = Within(chosen.id if chosen else None, (chosen_state,) if chosen_state else (), hidden=HIDDEN)
        context |= _found(request, session, words, within, before, chosen, chosen_state)
    return page(request, "staff/search.html", context, 422 if context["error"] else 200)


def _found(
    request: Request,
    session: Session,
    words: str,
    within: Within,
    before: str,
    chosen: Consultation | None,
    state: SubmissionState | None,
) -> dict[str, Any]:
    try:
        found = searching.find(session, words, within, _place(before), PAGE_SIZE)
    except Unprocessable as error:
        return {"error": _(MESSAGES[error.code])}
    slug = chosen.slug if chosen else None
    following = found.next_before
    return {
        "hits": [_hit(request, hit) for hit in found.hits],
        "is_unfinished": found.is_unfinished,
        "next_url": address(request, "staff_search", words=words, consultation=slug, state=state, before=following)
        if following is not None
        else None,
    }


def _place(before: str) -> int | None:
    return int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None


def _hit(request: Request, hit: Hit) -> HitView:
    row = hit.submission
    return HitView(
        url=address(request, "staff_submission", id=row.id),
        title=excerpt(row.title, hit.in_title, len(row.title)) or [(row.title, False)],
        excerpt=excerpt(row.comment, hit.in_comment, EXCERPT),
        at=row.received_at,
        state=row.state,
        channel=row.channel,
    )
