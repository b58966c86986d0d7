"""Deciding what the public sees: one comment or several, the switch to 先审后发, and the guard's words."""

import uuid
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.kit.errors import BadRequest, NotFound, Unprocessable
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.permissions import Actor, Permission
from app.submissions import actions, switching
from app.submissions.lifecycle import (
    DisplayEvent,
    EndedClass,
    HoldReason,
    ObjectionVerdict,
    QuarantineVerdict,
)
from app.web.services import Svc
from app.web.staff import display_page, guard_page
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.desk.place import stay
from app.web.staff.display_page import View
from app.web.staff.fields import optional_id
from app.web.templating import address, page

OF_ONE = "/staff/submissions/{id}"
OWN_PAGE = "staff_submission"
OF_ALL = "/staff/consultations/{slug}/display"
TOGETHER = (DisplayEvent.SHOW, DisplayEvent.WITHHOLD, DisplayEvent.TAKE_DOWN)
Decides = Annotated[Actor, allowed(Permission.TAKE_DOWN)]
Screens = Annotated[Actor, allowed(Permission.SCREEN)]
Switches = Annotated[Actor, allowed(Permission.SWITCH_DISPLAY)]
EditsRules = Annotated[Actor, allowed(Permission.EDIT_COLUMN_RULES)]

router = APIRouter(include_in_schema=False)


@router.get(OF_ALL, name="staff_display")
def display(
    request: Request,
    slug: str,
    actor: ViewsDesk,
    session: ReadSession,
    view: View = View.WAITING,
    after: str = "",
) -> Response:
    row = _found(session, slug)
    context = display_page.context(request, session, actor, row, view, read_cursor(after))
    return page(request, "staff/display.html", context)


@router.post(OF_ALL + "/decide", name="staff_decide_display")
def decide(request: Request, slug: str, sent: OwnForm, actor: Decides, session: WriteSession, now: Now) -> Response:
    _found(session, slug)
    event = sent.form.get("event", "")
    if event not in TOGETHER:
        raise BadRequest("bad_form")
    ids, why = _chosen(sent.form), _why(sent.form) if event != DisplayEvent.SHOW else EndedClass.OTHER
    actions.decide_together(session, actor, now, ids, DisplayEvent(event), why, sent.form.get("reason", ""))
    return _back_to_all(request, slug, sent.form)


@router.post(OF_ALL + "/judge", name="staff_judge_quarantine")
def judge(
    request: Request, slug: str, sent: OwnForm, actor: Screens, services: Svc, session: WriteSession, now: Now
) -> Response:
    _found(session, slug)
    verdict = sent.form.get("verdict", "")
    if verdict not in list(QuarantineVerdict):
        raise BadRequest("bad_form")
    ids, reason = _chosen(sent.form), sent.form.get("reason", "")
    actions.judge_together(session, actor, now, services.guard, ids, QuarantineVerdict(verdict), reason)
    return _back_to_all(request, slug, sent.form)


@router.post(OF_ALL + "/switch", name="staff_switch_display")
def switch(request: Request, slug: str, sent: OwnForm, actor: Switches, session: WriteSession, now: Now) -> Response:
    row, on = _found(session, slug), sent.form.get("reviews_first") == "yes"
    switching.switch_consultation(session, actor, now, row.id, on, sent.form.get("reason", ""))
    return RedirectResponse(address(request, "staff_display", slug=slug), status_code=303)


@router.get("/staff/display", name="staff_column_display")
def column(request: Request, actor: ViewsDesk, session: ReadSession) -> Response:
    return page(request, "staff/column_display.html", guard_page.column(session, actor))


@router.post("/staff/display/switch", name="staff_switch_column")
def switch_column(request: Request, sent: OwnForm, actor: Switches, session: WriteSession, now: Now) -> Response:
    on = sent.form.get("reviews_first") == "yes"
    switching.switch_column(session, actor, now, on, sent.form.get("reason", ""))
    return RedirectResponse(address(request, "staff_column_display"), status_code=303)


@router.get("/staff/guard-words", name="staff_guard_words")
def guard_words(request: Request, actor: EditsRules, session: ReadSession) -> Response:
    return page(request, "staff/guard_words.html", guard_page.words(session))


@router.post("/staff/guard-words", name="staff_add_guard_word")
def add_guard_word(request: Request, sent: OwnForm, actor: EditsRules, session: WriteSession, now: Now) -> Response:
    reason = sent.form.get("reason", "")
    if reason not in list(HoldReason):
        raise BadRequest("bad_form")
    word, remark = sent.form.get("word", ""), sent.form.get("remark", "")
    switching.add_guard_word(session, actor, now, word, HoldReason(reason), remark)
    return RedirectResponse(address(request, "staff_guard_words"), status_code=303)


@router.post("/staff/guard-words/remove", name="staff_remove_guard_word")
def remove_guard_word(request: Request, sent: OwnForm, actor: EditsRules, session: WriteSession, now: Now) -> Response:
    switching.remove_guard_word(session, actor, now, sent.form.get("word", ""))
    return RedirectResponse(address(request, "staff_guard_words"), status_code=303)


@router.post(OF_ONE + "/show", name="staff_show")
def show(request: Request, id: uuid.UUID, sent: OwnForm, actor: Decides, session: WriteSession, now: Now) -> Response:
    actions.show(session, actor, now, id)
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(OF_ONE + "/withhold", name="staff_withhold")
def withhold(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Decides, session: WriteSession, now: Now
) -> Response:
    actions.withhold(session, actor, now, id, _why(sent.form), sent.form.get("reason", ""))
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(OF_ONE + "/take-down", name="staff_take_down")
def take_down(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Decides, session: WriteSession, now: Now
) -> Response:
    take = actions.take_down_copies if sent.form.get("copies") == "yes" else actions.take_down
    take(session, actor, now, id, _why(sent.form), sent.form.get("reason", ""))
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(OF_ONE + "/restore", name="staff_restore")
def restore(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Decides, session: WriteSession, now: Now
) -> Response:
    actions.restore(session, actor, now, id, sent.form.get("reason", ""))
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(OF_ONE + "/objection", name="staff_answer_objection")
def answer_objection(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Decides, services: Svc, session: WriteSession, now: Now
) -> Response:
    verdict = sent.form.get("verdict", "")
    if verdict not in list(ObjectionVerdict):
        raise BadRequest("bad_form")
    answer = sent.form.get("reason", "")
    actions.answer_objection(session, actor, now, services.guard, id, ObjectionVerdict(verdict), answer)
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(OF_ONE + "/release", name="staff_release_from_quarantine")
def release(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Screens, services: Svc, session: WriteSession, now: Now
) -> Response:
    actions.release(session, actor, now, services.guard, id)
    return stay(request, sent.form, OWN_PAGE, id)


@router.post(OF_ONE + "/discard", name="staff_discard_submission")
def discard(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Screens, session: WriteSession, now: Now
) -> Response:
    actions.discard(session, actor, now, id, sent.form.get("reason", ""))
    return stay(request, sent.form, OWN_PAGE, id)


def _found(session: Session, slug: str) -> Consultation:
    row = consultations.find(session, slug)
    if row is None:
        raise NotFound("no_such_consultation")
    return row


def _why(form: Form) -> EndedClass:
    why = form.get("why", "")
    if why not in list(EndedClass):
        raise BadRequest("bad_form")
    return EndedClass(why)


def _chosen(form: Form) -> Sequence[uuid.UUID]:
    ids = [known for known in map(optional_id, form.all("submission")) if known is not None]
    if not ids:
        raise Unprocessable("nothing_chosen")
    return ids


def _back_to_all(request: Request, slug: str, form: Form) -> Response:
    view = form.get("view", "")
    known = view if view in list(View) else None
    return RedirectResponse(address(request, "staff_display", slug=slug, view=known), status_code=303)
