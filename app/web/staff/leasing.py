"""The one mark that a page leaves by being read: that its reader has the item open (docs/decisions/0016).

Nothing else in app/web may write while answering a GET; tests/architecture/routes.py names the pages that do.
"""

import uuid
from contextlib import suppress
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.desk.views import OF_SUBMISSIONS, View
from app.kit.errors import Unavailable
from app.kit.http import now_of
from app.permissions import Actor, Permission
from app.screening.models import Suggestion
from app.submissions.models import Submission
from app.teamwork import leases
from app.teamwork.records import RecordKind
from app.web.services import services_of
from app.web.staff.access import ViewsDesk

MODELS: dict[RecordKind, type[Submission | Suggestion]] = {
    RecordKind.SUBMISSION: Submission,
    RecordKind.SUGGESTION: Suggestion,
}
DECIDES = {
    RecordKind.SUBMISSION: (Permission.SCREEN, Permission.EDIT_SUGGESTIONS),
    RecordKind.SUGGESTION: (Permission.EDIT_SUGGESTIONS, Permission.APPROVE_SUGGESTIONS),
}
"""Whoever only reads stands in nobody's way, and leaves no mark."""


def opens_submission(request: Request, actor: ViewsDesk, id: uuid.UUID) -> None:
    """For the page of one submission. Asked for before its session: a request holds one connection at a time."""
    _mark(request, actor, RecordKind.SUBMISSION, id)


def opens_suggestion(request: Request, actor: ViewsDesk, id: uuid.UUID) -> None:
    """The same for the page of one suggestion."""
    _mark(request, actor, RecordKind.SUGGESTION, id)


def opens_item(request: Request, actor: ViewsDesk, item: uuid.UUID | None = None) -> None:
    """The same for the item that is open beside a list."""
    if item is None:
        return
    view = request.query_params.get("view") or View.RECEIVED.value
    kind = RecordKind.SUBMISSION if view in OF_SUBMISSIONS else RecordKind.SUGGESTION
    _mark(request, actor, kind, item)


def decides(actor: Actor, kind: RecordKind) -> bool:
    """Whether it matters to colleagues that this person has a record of that kind open."""
    return any(actor.may(permission) for permission in DECIDES[kind])


OpensSubmission = Annotated[None, Depends(opens_submission)]
OpensSuggestion = Annotated[None, Depends(opens_suggestion)]
OpensItem = Annotated[None, Depends(opens_item)]


def _mark(request: Request, actor: Actor, kind: RecordKind, id: uuid.UUID) -> None:
    """Where the store is busy or can't be written, the page is shown without a mark."""
    if _is_fetched_ahead(request) or not decides(actor, kind):
        return
    database, now = services_of(request).database, now_of(request)
    with database.reading() as session:
        due = _exists(session, kind, id) and leases.is_due(leases.find(session, kind, id, now), actor.id, now)
    if not due:
        return
    with suppress(Unavailable), database.marking() as session:
        leases.mark(session, actor.id, kind, id, now)


def _exists(session: Session, kind: RecordKind, id: uuid.UUID) -> bool:
    return session.get(MODELS[kind], id) is not None


def _is_fetched_ahead(request: Request) -> bool:
    """A browser fetches what may be opened next; nobody has opened it yet."""
    return "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
