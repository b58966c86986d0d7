"""Comments of the same content: the list by size, one of them, and one decision for all."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.campaigns import actions, queries
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.kit.errors import BadRequest, NotFound, Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.screening import campaign_portions
from app.screening import campaigns as screening
from app.screening.editing import Wording
from app.screening.lifecycle import Pointer, UnsuitableClass
from app.submissions import queries as submissions
from app.web.staff import campaign_view
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.decision_form import EVENTS, LetterWaits, Way, decision_of
from app.web.staff.desk import ways
from app.web.staff.fields import number_of, optional_id
from app.web.templating import address, page

LIST = "/staff/consultations/{slug}/campaigns"
PATH = "/staff/campaigns/{id}"
WAYS = tuple(way for way, event in EVENTS.items() if event in screening.FOR_ALL)
NO_NUMBER = -1
Screens = Annotated[Actor, allowed(Permission.SCREEN)]
Edits = Annotated[Actor, allowed(Permission.EDIT_SUGGESTIONS)]
TakesDown = Annotated[Actor, allowed(Permission.TAKE_DOWN)]

router = APIRouter(include_in_schema=False)


@router.get(LIST, name="staff_campaigns")
def index(request: Request, slug: str, actor: ViewsDesk, session: ReadSession, after: str = "") -> Response:
    consultation = consultations.find(session, slug)
    if consultation is None:
        raise NotFound("no_such_consultation")
    size, _, id = after.partition("-")
    last = optional_id(id)
    rows = queries.largest(session, consultation.id, (number_of(size, 0), last) if last else None, queries.SHOWN + 1)
    shown = rows[: queries.SHOWN]
    context = {
        "consultation": consultation,
        "campaigns": shown,
        "next": f"{shown[-1].members}-{shown[-1].id}" if len(rows) > queries.SHOWN else None,
    }
    return page(request, "staff/campaigns/index.html", context)


@router.get(PATH, name="staff_campaign")
def show(
    request: Request, id: uuid.UUID, actor: ViewsDesk, session: ReadSession, after: str = "", added: bool = False
) -> Response:
    campaign = queries.get(session, id)
    standing = queries.standing(session, id)
    accepted = len(queries.accepted(session, id, None, 1))
    displayed = queries.number_displayed(session, id)
    context = {
        "campaign": campaign,
        "consultation": session.get_one(Consultation, campaign.consultation_id),
        "standing": standing,
        "displayed": displayed,
        "ways": [ways.WayView(way.value, ways.words(way)) for way in WAYS],
        "decisions": campaign_view.decisions(queries.decisions(session, id)),
        "may": campaign_view.may(actor, standing, accepted, displayed),
        **campaign_view.members(session, campaign, optional_id(after), added=added),
    }
    return page(request, "staff/campaigns/page.html", context)


@router.get(PATH + "/decide", name="staff_confirm_campaign")
def confirm(request: Request, id: uuid.UUID, actor: Screens, session: ReadSession, way: Way) -> Response:
    """Changes nothing: what will happen to how many, and who is left to be read one by one."""
    campaign = queries.get(session, id)
    if way not in WAYS:
        raise BadRequest("bad_form")
    context = {
        "campaign": campaign,
        "consultation": session.get_one(Consultation, campaign.consultation_id),
        "standing": queries.standing(session, id),
        "until": queries.last_member(session, id),
        "way": way,
        "decision_words": ways.words(way),
        "portion": campaign_portions.PORTION,
        "unsuitable_classes": list(UnsuitableClass),
        "pointers": list(Pointer),
    }
    return page(request, "staff/campaigns/confirm.html", context)


@router.post(PATH + "/decide", name="staff_decide_campaign")
def decide(
    request: Request, id: uuid.UUID, waits: LetterWaits, sent: OwnForm, actor: Screens, session: WriteSession, now: Now
) -> Response:
    form = sent.form
    until = optional_id(form.get("until", ""))
    if until is None or form.get("way", "") not in [way.value for way in WAYS]:
        raise BadRequest("bad_form")
    decision = decision_of(Way(form["way"]), form, waits)
    with_additions = form.get("with_additions", "") == "yes"
    screening.decide_campaign(session, actor, now, id, until, decision, with_additions=with_additions)
    return _back(request, id)


@router.post(PATH + "/gather", name="staff_gather_campaign")
def gather(request: Request, id: uuid.UUID, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    wording = Wording(sent.form.get("text", ""), "", None)
    made = screening.gather_campaign(session, actor, now, id, wording)
    return RedirectResponse(address(request, "staff_suggestion", id=made.id), status_code=303)


@router.post(PATH + "/display", name="staff_end_copies")
def end_display(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: TakesDown, session: WriteSession, now: Now
) -> Response:
    keep = number_of(sent.form.get("keep", ""), NO_NUMBER)
    actions.take_down_copies(session, actor, now, id, keep, sent.form.get("reason", ""))
    return _back(request, id)


@router.post(PATH + "/put-in", name="staff_put_into_campaign")
def put_in(request: Request, id: uuid.UUID, sent: OwnForm, actor: Screens, session: WriteSession, now: Now) -> Response:
    submission = submissions.by_number(session, sent.form.get("receipt_number", ""))
    if submission is None:
        raise Unprocessable("no_such_original")
    actions.put_in(session, actor, now, submission.id, id, sent.form.get("reason", ""))
    return _back(request, id)


@router.post("/staff/submissions/{id}/stands-alone", name="staff_take_out_of_campaign")
def take_out(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Screens, session: WriteSession, now: Now
) -> Response:
    actions.take_out(session, actor, now, id, sent.form.get("reason", ""))
    return RedirectResponse(address(request, "staff_submission", id=id), status_code=303)


def _back(request: Request, id: uuid.UUID) -> Response:
    return RedirectResponse(address(request, "staff_campaign", id=id), status_code=303)
