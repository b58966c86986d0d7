"""The coding rules (归类口径): the version in force, earlier ones with what was changed, and the form for the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.documents.text_difference import Piece
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.teamwork import actions
from app.teamwork import queries as teamwork
from app.teamwork.models import CodingRules
from app.web.said import changes_of
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.fields import number_of
from app.web.templating import address, page

PATH = "/staff/coding-rules"
Writes = Annotated[Actor, allowed(Permission.WRITE_CODING_RULES)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class VersionView:
    number: int
    change: str
    by: str
    at: datetime
    url: str
    current: bool


@router.get(PATH, name="staff_coding_rules")
def show(
    request: Request, actor: ViewsDesk, session: ReadSession, consultation: str = "", version: int = 0
) -> Response:
    """Of one consultation or, without one, of the whole column."""
    chosen = _consultation(session, consultation)
    of = chosen.id if chosen else None
    versions = teamwork.versions_of_rules(session, of)
    shown = teamwork.rules_of_version(session, of, version) if version else next(iter(versions), None)
    context = {
        "consultations": consultations.all_consultations(session),
        "c": chosen,
        "shown": shown,
        "changes": _changes(session, shown),
        "versions": _views(request, session, chosen, versions, shown),
        "inherited": teamwork.own_rules(session, None) if chosen and not versions else None,
        "latest": versions[0] if versions else None,
        "may_write": actor.may(Permission.WRITE_CODING_RULES),
    }
    return page(request, "staff/coding_rules.html", context)


@router.post(PATH + "/versions", name="staff_write_coding_rules")
def write(request: Request, sent: OwnForm, actor: Writes, session: WriteSession, now: Now) -> Response:
    form = sent.form
    chosen = _consultation(session, form.get("consultation", ""))
    text, seen = form.get("text", ""), number_of(form.get("seen", ""), 0)
    actions.write_coding_rules(session, actor, now, chosen.id if chosen else None, seen, text, form.get("change", ""))
    where = address(request, "staff_coding_rules", consultation=chosen.slug if chosen else None)
    return RedirectResponse(where, status_code=303)


def _consultation(session: Session, slug: str) -> Consultation | None:
    """None for the whole column. Raises NotFound."""
    found = consultations.find(session, slug) if slug else None
    if slug and found is None:
        raise NotFound("no_such_consultation")
    return found


def _changes(session: Session, shown: CodingRules | None) -> Sequence[Piece]:
    """What is new in that version against the one before; nothing for the first."""
    if shown is None or shown.version == 1:
        return ()
    before = teamwork.rules_of_version(session, shown.consultation_id, shown.version - 1)
    return changes_of(before.text, shown.text)


def _views(
    request: Request,
    session: Session,
    chosen: Consultation | None,
    versions: Sequence[CodingRules],
    shown: CodingRules | None,
) -> list[VersionView]:
    names = accounts.names_of(session, [one.written_by for one in versions])
    slug = chosen.slug if chosen else None
    return [
        VersionView(
            one.version,
            one.change,
            names.get(one.written_by, one.written_by),
            one.written_at,
            address(request, "staff_coding_rules", consultation=slug, version=one.version),
            shown is not None and one.version == shown.version,
        )
        for one in versions
    ]
