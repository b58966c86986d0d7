"""The themes of a consultation: proposed groups, and what people made of them."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.kit.errors import BadRequest, NotFound
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.screening import themes, theming
from app.screening.lifecycle import ThemeGroupState
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.fields import optional_id
from app.web.templating import address, page

PATH = "/staff/consultations/{slug}/themes"
MOST_GROUPS = 30
Edits = Annotated[Actor, allowed(Permission.EDIT_SUGGESTIONS)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_themes")
def show(request: Request, slug: str, actor: ViewsDesk, session: ReadSession) -> Response:
    consultation = _consultation(session, slug)
    groups = themes.groups(session, consultation.id, ThemeGroupState.PROPOSED, MOST_GROUPS)
    context = {
        "consultation": consultation,
        "slug": slug,
        "themes": themes.counted(session, consultation.id),
        "groups": groups,
        "theme_names": themes.names(session, consultation.id),
        "may_name": actor.may(Permission.EDIT_SUGGESTIONS),
    }
    return page(request, "staff/themes.html", context)


@router.post(PATH + "/name", name="staff_name_theme")
def name(request: Request, slug: str, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    """A theme of its own, or the theme of a proposed group."""
    group_id, words = optional_id(sent.form.get("group", "")), sent.form.get("name", "")
    if group_id is None:
        theming.name_theme(session, actor, now, _consultation(session, slug).id, words)
    else:
        theming.name_group(session, actor, now, group_id, words)
    return _back(request, slug)


@router.post(PATH + "/dismiss", name="staff_dismiss_group")
def dismiss(request: Request, slug: str, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    theming.dismiss_group(session, actor, now, _id(sent.form, "group"))
    return _back(request, slug)


@router.post(PATH + "/rename", name="staff_rename_theme")
def rename(request: Request, slug: str, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    theming.rename_theme(session, actor, now, _id(sent.form, "theme"), sent.form.get("name", ""))
    return _back(request, slug)


@router.post(PATH + "/merge", name="staff_merge_themes")
def merge(request: Request, slug: str, sent: OwnForm, actor: Edits, session: WriteSession, now: Now) -> Response:
    theming.merge_themes(session, actor, now, _id(sent.form, "theme"), _id(sent.form, "into"))
    return _back(request, slug)


def _consultation(session: Session, slug: str) -> Consultation:
    found = consultations.find(session, slug)
    if found is None:
        raise NotFound("no_such_consultation")
    return found


def _id(form: Form, name: str) -> uuid.UUID:
    found = optional_id(form.get(name, ""))
    if found is None:
        raise BadRequest("bad_form")
    return found


def _back(request: Request, slug: str) -> Response:
    return RedirectResponse(address(request, "staff_themes", slug=slug), status_code=303)
