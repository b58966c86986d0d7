"""The small forms by which a screener decides, and the decision that each is."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.kit.errors import BadRequest
from app.kit.forms import Form
from app.permissions import Actor
from app.referrals.lifecycle import ReferralClass
from app.screening.deciding import decide
from app.screening.decisions import Decision
from app.screening.lifecycle import Pointer, UnsuitableClass
from app.submissions.lifecycle import ScreeningEvent
from app.web.services import services_of
from app.web.staff.fields import optional_id, revision_of

Member = TypeVar("Member", bound=StrEnum)


class Way(StrEnum):
    """The last part of the address that a decision's form is sent to."""

    ACCEPT = "accept"
    OUT_OF_SCOPE = "out-of-scope"
    DUPLICATE = "duplicate"
    UNSUITABLE = "unsuitable"
    REFER = "refer"


EVENTS = {
    Way.ACCEPT: ScreeningEvent.ACCEPT,
    Way.OUT_OF_SCOPE: ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE,
    Way.DUPLICATE: ScreeningEvent.CLOSE_AS_DUPLICATE,
    Way.UNSUITABLE: ScreeningEvent.CLOSE_AS_UNSUITABLE,
    Way.REFER: ScreeningEvent.REFER,
}


def _letter_waits(request: Request) -> timedelta:
    return timedelta(minutes=services_of(request).settings.closing_letter_minutes)


LetterWaits = Annotated[timedelta, Depends(_letter_waits)]
"""For how long a closing can be undone before anybody is told of it."""


def decide_as(
    session: Session, actor: Actor, at: datetime, id: uuid.UUID, way: Way, form: Form, waits: timedelta
) -> None:
    """Raises BadRequest for a form that our page can't have sent, and whatever the decision raises."""
    decide(session, actor, at, id, revision_of(form), decision_of(way, form, waits))


def decision_of(way: Way, form: Form, waits: timedelta) -> Decision:
    """What the form asks for, of one submission or of many. Raises BadRequest as `decide_as`."""
    return Decision(
        EVENTS[way],
        reason=form.get("reason", ""),
        duplicate_of=form.get("duplicate_of", "") if way is Way.DUPLICATE else "",
        unsuitable_class=_member(UnsuitableClass, form, "unsuitable_class") if way is Way.UNSUITABLE else None,
        referral_class=_member(ReferralClass, form, "referral_class") if way is Way.REFER else None,
        prepared=optional_id(form.get("prepared", "")),
        letter_waits=waits,
        pointer=_member(Pointer, form, "pointer") if way is Way.OUT_OF_SCOPE and form.get("pointer", "") else None,
    )


def _member(kind: type[Member], form: Form, name: str) -> Member:
    try:
        return kind(form.get(name, ""))
    except ValueError as error:
        raise BadRequest("bad_form") from error
