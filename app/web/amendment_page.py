"""What the desk's and the offices' page of a text's changes shows, and what its buttons do."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.amendments import actions, listing, queries
from app.amendments.changes import Change
from app.amendments.lifecycle import LinkState
from app.amendments.listing import Candidate, Listed
from app.amendments.queries import Basis
from app.consultations.models import Consultation
from app.dispositions.actions import Letter
from app.kit.errors import BadRequest
from app.kit.forms import Form
from app.permissions import Actor
from app.web.comparison_view import CHANGED_ONLY, RowView, changes_view
from app.web.staff.fields import number_of, optional_id, revision_of
from app.web.staff.outcomes import day

CHANGES_AT_ONCE = 10
LINKS_AT_A_CHANGE = 5
LINKS_OF_ONE = 50
CANDIDATES = 20


class Verb(StrEnum):
    """What a link's buttons ask for."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    UNDO = "undo"


@dataclass(frozen=True)
class ChangeView:
    """A change with its links; `more` says that not all of them are shown."""

    id: str
    place: int
    view: RowView
    links: Sequence[Listed]
    more: bool


@dataclass(frozen=True)
class Asked:
    """What the address asks for: one `change` with what can be added of a clause, or changes from a place on."""

    change: str = ""
    clause: str | None = None
    start: str = ""


def context(session: Session, consultation: Consultation, asked: Asked, *, office: bool = False) -> dict[str, Any]:
    """For the desk or for an office; also where there is nothing to compare yet."""
    basis = queries.basis_of(session, consultation.id)
    counts = queries.progress(session, consultation.id)
    shown: dict[str, Any] = {
        "consultation": consultation,
        "basis": basis,
        "counts": counts,
        "states": LinkState,
        "letter": queries.last_letter(session, consultation.id),
        "office": office,
    }
    if basis is None:
        return shown | {"changes": [], "one": None, "next_place": None, "candidates": None}
    views = _views(basis)
    one = next((change for change in basis.changes if change.id == asked.change), None)
    start = max(1, number_of(asked.start, 1))
    chosen = [one] if one else basis.changes[start - 1 : start - 1 + CHANGES_AT_ONCE]
    limit = LINKS_OF_ONE if one else LINKS_AT_A_CHANGE
    following = None if one or start + CHANGES_AT_ONCE > len(basis.changes) else start + CHANGES_AT_ONCE
    return shown | {
        "changes": [_change(session, consultation, basis, change, views[change.id], limit) for change in chosen],
        "one": one,
        "next_place": following,
        "clause": asked.clause or "",
        "candidates": _candidates(session, consultation, basis, one, asked.clause),
    }


def decide(session: Session, actor: Actor, at: datetime, verb: Verb, link_id: uuid.UUID, form: Form) -> None:
    """Raises what the action of that verb raises, and BadRequest for a form that isn't the page's."""
    revision = revision_of(form)
    if verb is Verb.CONFIRM:
        remark = form.get(f"remark-{link_id}", "")
        actions.confirm(session, actor, at, link_id, revision, remark, _letter(actor, form))
    elif verb is Verb.REFUSE:
        actions.refuse(session, actor, at, link_id, revision)
    else:
        actions.undo(session, actor, at, link_id, revision, form.get("reason", ""))


def add(session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, form: Form) -> None:
    """As `decide`, for a link that wasn't proposed."""
    suggestion_id = optional_id(form.get("suggestion", ""))
    if suggestion_id is None:
        raise BadRequest("bad_form")
    change, remark = form.get("change", ""), form.get(f"remark-{suggestion_id}", "")
    actions.add(session, actor, at, consultation_id, suggestion_id, change, remark, _letter(actor, form))


def _views(basis: Basis) -> dict[str, RowView]:
    views = changes_view([change.row for change in basis.changes], CHANGED_ONLY).rows
    return {change.id: view for change, view in zip(basis.changes, views, strict=True)}


def _change(
    session: Session, consultation: Consultation, basis: Basis, change: Change, view: RowView, limit: int
) -> ChangeView:
    found = listing.of_change(session, consultation.id, basis, change.id, limit + 1)
    return ChangeView(change.id, change.place, view, found[:limit], len(found) > limit)


def _candidates(
    session: Session, consultation: Consultation, basis: Basis, one: Change | None, clause: str | None
) -> Sequence[Candidate] | None:
    if one is None or clause is None:
        return None
    return listing.candidates(session, consultation.id, basis, one.id, clause, CANDIDATES)


def _letter(actor: Actor, form: Form) -> Letter | None:
    """The drafting department's own staff need none."""
    if actor.department_id is not None:
        return None
    return Letter(form.get("letter_number", ""), day(form.get("letter_day", "")), form.get("letter_by", ""))
