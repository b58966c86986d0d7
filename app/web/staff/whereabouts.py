"""Where clauses of an earlier version are now, and a person's word on it."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.documents import versions
from app.documents.actions import decide_anchor
from app.documents.versions import ClauseName, Whereabouts
from app.kit.http import Now, WriteSession
from app.permissions import Actor, Permission
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import optional_id, revision_of
from app.web.templating import address

Edits = Annotated[Actor, allowed(Permission.EDIT_SUGGESTIONS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class PlaceView:
    """A clause's place in one later version; `options` are the clauses that it might be instead."""

    at: Whereabouts
    decided_by: str | None
    options: Sequence[ClauseName]


def views(session: Session, clause_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[PlaceView]]:
    """For each clause its place in every later version; nothing for those of the newest."""
    found = versions.whereabouts(session, clause_ids)
    every = [place for places in found.values() for place in places]
    names = accounts.names_of(session, [place.decided_by or "" for place in every])
    options = {later: versions.clause_names(session, later) for later in {place.later.id for place in every}}
    return defaultdict(
        tuple,
        {
            clause_id: tuple(_view(place, names, options[place.later.id]) for place in places)
            for clause_id, places in found.items()
        },
    )


def _view(place: Whereabouts, names: Mapping[str, str], options: Sequence[ClauseName]) -> PlaceView:
    by = names.get(place.decided_by, place.decided_by) if place.decided_by else None
    return PlaceView(place, by, options)


@router.post("/staff/clauses/{id}/versions/{version_id}/decide", name="staff_decide_anchor")
def decide(
    request: Request,
    id: uuid.UUID,
    version_id: uuid.UUID,
    sent: OwnForm,
    actor: Edits,
    session: WriteSession,
    now: Now,
) -> Response:
    """Confirms or corrects, and goes back to the suggestion or submission on whose page it was decided."""
    form = sent.form
    decide_anchor(session, actor, now, id, version_id, revision_of(form), optional_id(form.get("now_at", "")))
    suggestion, submission = (optional_id(form.get(name, "")) for name in ("suggestion", "submission"))
    if suggestion is not None:
        return RedirectResponse(address(request, "staff_suggestion", id=suggestion), status_code=303)
    if submission is not None:
        return RedirectResponse(address(request, "staff_submission", id=submission), status_code=303)
    return RedirectResponse(address(request, "desk"), status_code=303)
