"""What is told to whoever decided on something that somebody else had decided meanwhile (409)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.kit.errors import Conflict
from app.kit.forms import Form
from app.screening import queries as screening
from app.screening.lifecycle import UnsuitableClass
from app.submissions import queries as submissions
from app.submissions.lifecycle import LIFECYCLE, ScreeningEvent, SubmissionState
from app.submissions.restricted import title_for_lists
from app.web.errors import error_page
from app.web.services import services_of
from app.web.staff.decision_form import EVENTS, Way
from app.web.staff.desk.place import carried
from app.web.templating import address, page

CODES = ("changed_meanwhile", "invalid_transition")
SENT_AGAIN = ("unsuitable_class", "duplicate_of", "referral_class", "pointer", "prepared")
"""Fields besides the reason that make up a decision."""


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else did: decided or took a decision back."""

    event: ScreeningEvent
    reason: str | None
    unsuitable_class: UnsuitableClass | None
    by: str
    at: datetime
    undone_by: str
    undone_at: datetime | None


@dataclass(frozen=True)
class Wanted:
    """What the person sent, with their own words."""

    way: Way
    event: ScreeningEvent
    reason: str
    unsuitable_class: UnsuitableClass | None
    duplicate_of: str
    again: dict[str, str]


@dataclass(frozen=True)
class Present:
    """The submission as it stands. `may_decide`: what the person wanted can be sent again as it is."""

    id: uuid.UUID
    title: str
    state: SubmissionState
    revision: int
    may_decide: bool


def tell(request: Request, error: Exception) -> Response:
    """The page with both sides where a decision came too late; the ordinary error page for every other conflict.

    A plain function, so that it runs in a thread: it reads the store.
    """
    assert isinstance(error, Conflict)
    route, form = request.scope.get("route"), getattr(request.state, "form", None)
    if error.code not in CODES or form is None or getattr(route, "name", "") != "staff_decide":
        return error_page(request, error.status, error.code)
    with services_of(request).database.reading() as session:
        context = _context(request, session, uuid.UUID(request.path_params["id"]), form)
    return page(request, "staff/changed.html", context, error.status)


def _context(request: Request, session: Session, id: uuid.UUID, form: Form) -> dict[str, object]:
    submission = submissions.get(session, id)
    wanted = _wanted(Way(request.path_params["way"]), form)
    return {
        "present": Present(
            id,
            title_for_lists(submission),
            submission.state,
            submission.revision,
            LIFECYCLE.allows(submission.state, wanted.event),
        ),
        "wanted": wanted,
        "meanwhile": _meanwhile(session, id),
        **_ways_on(request, id, form),
    }


def _ways_on(request: Request, id: uuid.UUID, form: Form) -> dict[str, str]:
    """Where the item stands now and, for whoever came from a list, where that goes on."""
    place = carried(form)
    if place is None:
        return {
            "item_url": address(request, "staff_submission", id=id),
            "next_url": "",
            "place_words": "",
            "following": "",
        }
    following = form.get("following", "")
    return {
        "item_url": address(request, "queue", **place.values(item=id)),
        "next_url": address(request, "queue", **place.values(item=following)) if following else "",
        "place_words": place.words(),
        "following": following,
    }


def _wanted(way: Way, form: Form) -> Wanted:
    chosen = form.get("unsuitable_class", "") if way is Way.UNSUITABLE else ""
    unsuitable = UnsuitableClass(chosen) if chosen in list(UnsuitableClass) else None
    again = {name: form[name] for name in SENT_AGAIN if form.get(name)}
    return Wanted(way, EVENTS[way], form.get("reason", ""), unsuitable, form.get("duplicate_of", ""), again)


def _meanwhile(session: Session, id: uuid.UUID) -> Meanwhile | None:
    found = screening.decisions_of(session, id)
    if not found:
        return None
    last = found[-1]
    names = accounts.names_of(session, [last.decided_by, last.undone_by or ""])
    return Meanwhile(
        last.decision,
        last.reason,
        last.unsuitable_class,
        names.get(last.decided_by, last.decided_by),
        last.decided_at,
        names.get(last.undone_by or "", last.undone_by or ""),
        last.undone_at,
    )
