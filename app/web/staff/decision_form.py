"""The small forms by which a screener decides, and the decision that each is."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy.orm import Session

from app.kit.errors import BadRequest
from app.kit.forms import Form
from app.permissions import Actor
from app.referrals.lifecycle import ReferralClass
from app.screening.deciding import decide
from app.screening.decisions import Decision
from app.screening.lifecycle import Pointer, UnsuitableClass
from app.submissions.lifecycle import ScreeningEvent
from app.web.staff.fields import revision_of

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


def decide_as(session: Session, actor: Actor, at: datetime, id: uuid.UUID, way: Way, form: Form) -> None:
    """Raises BadRequest for a form that our page can't have sent, and whatever the decision raises."""
    decide(session, actor, at, id, revision_of(form), decision_of(way, form))


def decision_of(way: Way, form: Form) -> Decision:
    """What the form asks for, of one submission or of many. Raises BadRequest as `decide_as`."""
    return Decision(
        EVENTS[way],
        reason=form.get("reason", ""),
        duplicate_of=form.get("duplicate_of", "") if way is Way.DUPLICATE else "",
        unsuitable_class=_member(UnsuitableClass, form, "unsuitable_class") if way is Way.UNSUITABLE else None,
        referral_class=_member(ReferralClass, form, "referral_class") if way is Way.REFER else None,
        pointer=_member(Pointer, form, "pointer") if way is Way.OUT_OF_SCOPE and form.get("pointer", "") else None,
    )


def _member(kind: type[Member], form: Form, name: str) -> Member:
    try:
        return kind(form.get(name, ""))
    except ValueError as error:
        raise BadRequest("bad_form") from error
