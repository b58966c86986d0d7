"""The end of a consultation: what is missing for it, the two reports on its results, and how it ended."""

import uuid
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations import queries as consultations
from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation
from app.desk.views import View
from app.dispositions.lifecycle import DispositionState
from app.kit.errors import Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.records import actions, gate, numbers, queries
from app.records.gate import Missing
from app.records.stages import ConclusionKind, ResultStage
from app.reporting import actions as reporting
from app.web.i18n import gettext as _
from app.web.outcome_words import MISSING
from app.web.services import Svc
from app.web.staff import outcomes
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.templating import address, page

PATH = "/staff/consultations/{slug}/conclusion"
UNANSWERED_SHOWN = 20
Concludes = Annotated[Actor, allowed(Permission.CONCLUDE)]
Publishes = Annotated[Actor, allowed(Permission.PUBLISH)]
VIEWS = {
    Missing.UNSCREENED: View.RECEIVED,
    Missing.TO_APPROVE: View.AWAITING_APPROVAL,
    Missing.TO_ASSIGN: View.TO_ASSIGN,
    Missing.SENT_BACK: View.SENT_BACK,
    Missing.QUARANTINED: View.QUARANTINED,
    Missing.TO_GATHER: View.TO_GATHER,
    Missing.SECOND_LOOK: View.SECOND_LOOK,
}
"""What stands in a view of the desk, by that view's name."""
STATES = {
    Missing.TO_CONFIRM: DispositionState.ANSWERED,
    Missing.TO_RELEASE: DispositionState.CONFIRMED,
    Missing.IN_RELEASE: DispositionState.SUBMITTED,
}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class GapView:
    """Something that is missing, and where it is worked on."""

    kind: Missing
    words: str
    number: int
    url: str | None


@router.get(PATH, name="staff_conclusion")
def shown(request: Request, slug: str, actor: ViewsDesk, session: ReadSession, now: Now, after: str = "") -> Response:
    row = outcomes.found(session, slug)
    ended, known = queries.conclusion(session, row.id), queries.reports(session, row.id)
    waiting = gate.unanswered(session, row.id, read_cursor(after), UNANSWERED_SHOWN)
    people = [one for one in (ended.concluded_by if ended else None, *(r.published_by for r in known.values())) if one]
    following = (
        address(request, "staff_conclusion", slug=slug, after=waiting.next_cursor) if waiting.next_cursor else None
    )
    context = {
        "c": row,
        "is_over": consultations.phase(row, now) in (Phase.CLOSED, Phase.WITHDRAWN),
        "gaps": [gap_view(request, row, gap) for gap in gate.gaps(session, row, now)],
        "unanswered": waiting.items,
        "next_url": following,
        "intake": known.get(ResultStage.INTAKE),
        "present": numbers.of_intake(session, row.id),
        "conclusion": ended,
        "people": accounts.names_of(session, people),
        "ends": [ConclusionKind.TERMINATED, ConclusionKind.SHELVED],
    }
    return page(request, "staff/outcomes/conclusion.html", context)


@router.post(PATH + "/intake", name="staff_publish_intake")
def publish_intake(
    request: Request, slug: str, sent: OwnForm, actor: Publishes, session: WriteSession, now: Now
) -> Response:
    actions.publish_intake(session, actor, now, _id(session, slug), sent.form.get("note", ""))
    return _back(request, slug)


@router.post(PATH + "/conclude", name="staff_conclude")
def conclude(
    request: Request, slug: str, sent: OwnForm, actor: Concludes, session: WriteSession, services: Svc, now: Now
) -> Response:
    reporting.conclude(session, actor, now, _id(session, slug), sent.form.get("note", ""), services.vault)
    return _back(request, slug)


@router.post(PATH + "/end", name="staff_end_consultation")
def end(request: Request, slug: str, sent: OwnForm, actor: Concludes, session: WriteSession, now: Now) -> Response:
    chosen = sent.form.get("kind", "")
    if chosen not in set(ConclusionKind):
        raise Unprocessable("no_such_end")
    actions.end_without_outcome(
        session, actor, now, _id(session, slug), ConclusionKind(chosen), sent.form.get("note", "")
    )
    return _back(request, slug)


def gap_view(request: Request, row: Consultation, gap: gate.Gap) -> GapView:
    url = None
    if gap.kind in VIEWS:
        url = address(request, "queue", view=VIEWS[gap.kind].value, consultation=row.slug)
    elif gap.kind in STATES:
        url = address(request, "staff_outcomes", slug=row.slug, state=STATES[gap.kind].value)
    elif gap.kind is Missing.LATE_CODES:
        url = address(request, "staff_late_codes", slug=row.slug)
    return GapView(gap.kind, _(MISSING[gap.kind]), gap.number, url)


def _id(session: Session, slug: str) -> uuid.UUID:
    return outcomes.found(session, slug).id


def _back(request: Request, slug: str) -> Response:
    return RedirectResponse(address(request, "staff_conclusion", slug=slug), status_code=303)
