"""Preparing a further round of comments on the same draft."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.consultations import queries as consultations
from app.consultations import rounds
from app.consultations.lifecycle import Phase
from app.consultations.rounds import NextRound
from app.documents.models import DocumentVersion
from app.kit.clock import beijing_day, end_of_beijing_day
from app.kit.errors import Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web.staff.access import OwnForm, allowed
from app.web.staff.fields import optional_id
from app.web.templating import address, page

PATH = "/staff/consultations/{slug}/second-round"
USUAL_DAYS = 30
Manages = Annotated[Actor, allowed(Permission.MANAGE_CONSULTATIONS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class VersionOption:
    id: UUID
    number: int
    source_name: str
    is_present: bool


@router.get(PATH, name="staff_second_round")
def form(request: Request, slug: str, actor: Manages, session: ReadSession, now: Now) -> Response:
    before = consultations.public_consultation(session, slug)
    following = rounds.rounds_of(session, before.id).following
    tomorrow = beijing_day(now) + timedelta(days=1)
    context = {
        "title": before.title,
        "slug": slug,
        "number": rounds.round_number(session, before.id) + 1,
        "following": following.slug if following else None,
        "may_prepare": consultations.phase(before, now) is Phase.CLOSED and following is None,
        "notice_title": before.notice_title,
        "notice": before.notice,
        "versions": [_option(row, before.version_id) for row in rounds.versions_for_next(session, before)],
        "first_day": tomorrow.isoformat(),
        "last_day": (tomorrow + timedelta(days=USUAL_DAYS)).isoformat(),
    }
    return page(request, "staff/second_round.html", context)


@router.post(PATH, name="staff_prepare_second_round")
def prepare(request: Request, slug: str, sent: OwnForm, actor: Manages, session: WriteSession, now: Now) -> Response:
    values = sent.form
    version_id = optional_id(values.text("version"))
    if version_id is None:
        raise Unprocessable("no_later_version")
    planned = NextRound(
        version_id=version_id,
        notice_title=values.get("notice_title", ""),
        notice=values.get("notice", ""),
        opens_at=_end_of_day(values.text("opens_on")) - timedelta(days=1),
        closes_at=_end_of_day(values.text("closes_on")),
    )
    rounds.second_round(session, actor, now, slug, planned)
    return RedirectResponse(address(request, "staff_consultations"), status_code=303)


def _option(row: DocumentVersion, present: UUID) -> VersionOption:
    return VersionOption(row.id, row.number, row.source_name, row.id == present)


def _end_of_day(text: str) -> datetime:
    """24:00 of a day that a date field holds. Raises Unprocessable for what is no day."""
    try:
        return end_of_beijing_day(date.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise Unprocessable("day_required") from error
