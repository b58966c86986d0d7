"""Reading what was entered for a change, and making it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from app.consultations import changing
from app.consultations.lifecycle import ConsultationEvent
from app.consultations.models import ConsultationNote
from app.kit.clock import BEIJING, end_of_beijing_day
from app.kit.errors import Unprocessable
from app.kit.forms import Form
from app.permissions import Actor
from app.web.staff.fields import optional_id, revision_of

Make = Callable[[Session, Actor, datetime, str, Form], ConsultationNote | None]
KEPT = ("reason", "day", "clock", "version", "substantive")
"""What a page of the form carries on to the next."""


def made(
    session: Session, actor: Actor, at: datetime, slug: str, change: ConsultationEvent, form: Form
) -> ConsultationNote | None:
    """The change as it was entered; None where the public is told nothing of it. Raises what its action raises."""
    return _MAKING[change](session, actor, at, slug, form)


def _plain(act: Callable[..., ConsultationNote | None]) -> Make:
    return lambda session, actor, at, slug, form: act(session, actor, at, slug, revision_of(form), _reason(form))


def _reschedule(session: Session, actor: Actor, at: datetime, slug: str, form: Form) -> ConsultationNote:
    opens_at = _instant(form, of_day=lambda day: datetime.combine(day, time(), BEIJING))
    return changing.reschedule(session, actor, at, slug, revision_of(form), opens_at, _reason(form))


def _extend(session: Session, actor: Actor, at: datetime, slug: str, form: Form) -> ConsultationNote:
    closes_at = _instant(form, of_day=end_of_beijing_day)
    return changing.extend(session, actor, at, slug, revision_of(form), closes_at, _reason(form))


def _correct(session: Session, actor: Actor, at: datetime, slug: str, form: Form) -> ConsultationNote:
    version_id, substantive = optional_id(form.get("version", "")), form.get("substantive") == "yes"
    if version_id is None:
        raise Unprocessable("no_later_version")
    return changing.correct(
        session, actor, at, slug, revision_of(form), version_id, _reason(form), substantive=substantive
    )


def _replace(session: Session, actor: Actor, at: datetime, slug: str, form: Form) -> ConsultationNote:
    version_id = optional_id(form.get("version", ""))
    if version_id is None:
        raise Unprocessable("no_later_version")
    return changing.replace(session, actor, at, slug, revision_of(form), version_id, _reason(form))


_MAKING: Mapping[ConsultationEvent, Make] = {
    ConsultationEvent.RESCHEDULE: _reschedule,
    ConsultationEvent.EXTEND: _extend,
    ConsultationEvent.SUSPEND: _plain(changing.suspend),
    ConsultationEvent.RESUME: _plain(changing.resume),
    ConsultationEvent.CORRECT: _correct,
    ConsultationEvent.REPLACE: _replace,
    ConsultationEvent.WITHDRAW: _plain(changing.withdraw),
    ConsultationEvent.CLOSE: _plain(changing.close_consultation),
}


def _reason(form: Form) -> str:
    return form.get("reason", "")


def _instant(form: Form, of_day: Callable[[date], datetime]) -> datetime:
    """A day and, where one was entered, a time in Beijing. Raises Unprocessable("no_such_instant")."""
    try:
        day = date.fromisoformat(form.text("day"))
        clock = form.text("clock")
        return datetime.combine(day, time.fromisoformat(clock), BEIJING) if clock else of_day(day)
    except (ValueError, OverflowError) as error:
        raise Unprocessable("no_such_instant") from error
