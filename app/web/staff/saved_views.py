"""Saved views: lists of the desk under names, each with an address of its own."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.teamwork import saved_views
from app.teamwork.models import SavedView
from app.web.i18n import gettext as _
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.desk import views
from app.web.staff.desk.place import Place, carried, place_of
from app.web.templating import address, page

PATH = "/staff/views"
KeepsOwn = Annotated[Actor, allowed(Permission.KEEP_VIEWS)]
"""Views are one's own; that they are of the desk the action asks."""
Shares = Annotated[Actor, allowed(Permission.ALLOCATE_WORK)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class SavedLink:
    """`by` is who shares it, empty for one's own."""

    id: uuid.UUID
    name: str
    view: str
    url: str
    is_shared: bool
    is_own: bool
    by: str


def links(request: Request, session: Session, actor: Actor) -> Sequence[SavedLink]:
    """The reader's own and the shared ones, by name; for the list itself and wherever else they are to be found."""
    found = saved_views.seen_by(session, actor.id)
    names = accounts.names_of(session, [one.owner for one in found])
    return [_link(request, actor, one, names.get(one.owner, one.owner)) for one in found]


@router.get(PATH, name="staff_saved_views")
def show(request: Request, actor: ViewsDesk, session: ReadSession) -> Response:
    """All of them; with a list in the address, the form that saves that list too."""
    place = place_of(request.query_params) if request.query_params.get("view") else None
    context = {
        "saved": links(request, session, actor),
        "place": place,
        "view_words": _(views.WORDS[place.view]) if place else "",
        "may_share": actor.may(Permission.ALLOCATE_WORK),
        "name_limit": saved_views.NAME_LIMIT,
    }
    return page(request, "staff/saved_views.html", context)


@router.get(PATH + "/{id}", name="staff_saved_view")
def open_view(request: Request, id: uuid.UUID, actor: ViewsDesk, session: ReadSession) -> Response:
    saved = saved_views.find(session, actor.id, id)
    return RedirectResponse(address(request, "queue", **_place(saved).values()), status_code=303)


@router.post(PATH + "/save", name="staff_save_view")
def save(request: Request, sent: OwnForm, actor: KeepsOwn, session: WriteSession, now: Now) -> Response:
    place = carried(sent.form) or Place()
    saved_views.save_view(session, actor, now, sent.form.get("name", ""), place.view.value, place.narrowed)
    return _back(request)


@router.post(PATH + "/{id}/rename", name="staff_rename_view")
def rename(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: KeepsOwn, session: WriteSession, now: Now
) -> Response:
    saved_views.rename_view(session, actor, now, id, sent.form.get("name", ""))
    return _back(request)


@router.post(PATH + "/{id}/share", name="staff_share_view")
def share(request: Request, id: uuid.UUID, sent: OwnForm, actor: Shares, session: WriteSession, now: Now) -> Response:
    saved_views.share_view(session, actor, now, id, sent.form.get("shared", "") == "yes")
    return _back(request)


@router.post(PATH + "/{id}/delete", name="staff_delete_view")
def delete(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: KeepsOwn, session: WriteSession, now: Now
) -> Response:
    saved_views.delete_view(session, actor, now, id)
    return _back(request)


def _back(request: Request) -> Response:
    return RedirectResponse(address(request, "staff_saved_views"), status_code=303)


def _link(request: Request, actor: Actor, saved: SavedView, owner: str) -> SavedLink:
    own = saved.owner == actor.id
    return SavedLink(
        id=saved.id,
        name=saved.name,
        view=_(views.WORDS[_place(saved).view]),
        url=address(request, "staff_saved_view", id=saved.id),
        is_shared=saved.is_shared,
        is_own=own,
        by="" if own else owner,
    )


def _place(saved: SavedView) -> Place:
    return place_of({**saved.narrowed, "view": saved.view})
