"""The small forms by which a screener decides, and the decision that each is."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.kit.errors import BadRequest
from app.kit.forms import Form
from app.permissions import Actor
from app.screening import actions as screening
from app.screening.lifecycle import UnsuitableClass
from app.web.staff.fields import revision_of


class Way(StrEnum):
    """The last part of the address that a decision's form is sent to."""

    ACCEPT = "accept"
    OUT_OF_SCOPE = "out-of-scope"
    DUPLICATE = "duplicate"
    UNSUITABLE = "unsuitable"


def decide_as(session: Session, actor: Actor, at: datetime, id: uuid.UUID, way: Way, form: Form) -> None:
    """Raises BadRequest for a form that our page can't have sent, and whatever the decision raises."""
    revision, reason = revision_of(form), form.get("reason", "")
    if way is Way.ACCEPT:
        screening.accept(session, actor, at, id, revision)
    elif way is Way.OUT_OF_SCOPE:
        screening.close_as_out_of_scope(session, actor, at, id, revision, reason)
    elif way is Way.DUPLICATE:
        screening.close_as_duplicate(session, actor, at, id, revision, form.get("duplicate_of", ""), reason)
    else:
        screening.close_as_unsuitable(session, actor, at, id, revision, _class(form), reason)


def _class(form: Form) -> UnsuitableClass:
    try:
        return UnsuitableClass(form.get("unsuitable_class", ""))
    except ValueError as error:
        raise BadRequest("bad_form") from error
