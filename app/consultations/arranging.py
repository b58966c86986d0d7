"""Deciding what a consultation's form asks and takes, and what the public sees of its comments."""

import uuid
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.consultations import queries
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation, ConsultationTerms
from app.consultations.terms import FIXED_ONCE_BEGUN, LONGEST_KEEPING, DisplayTerms, FormTerms, ReplyTerms
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import Actor, Permission, require


def set_terms(
    session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, form: FormTerms, display: DisplayTerms
) -> None:
    """Replaces what was decided before; the form's pages and the privacy notice go by it from then on.

    Once comments have been taken, everybody is asked the same and is kept no longer than was promised; what is
    displayed can be decided anew at any time. `display.reviews_first` stays as it stands: it is switched by itself,
    with a reason.

    Raises NotFound; Conflict("terms_fixed") for a change that comes too late; Unprocessable("keeping_out_of_bounds").
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = session.scalar(select(Consultation).where(Consultation.id == consultation_id).with_for_update())
    if consultation is None:
        raise NotFound("no_such_consultation")
    if not 1 <= form.keeps_days <= LONGEST_KEEPING:
        raise Unprocessable("keeping_out_of_bounds", longest=LONGEST_KEEPING)
    row = session.get(ConsultationTerms, consultation_id)
    before = asdict(queries.form_terms(session, consultation_id)) | asdict(
        queries.display_terms(session, consultation_id)
    )
    after = asdict(form) | asdict(display) | {"reviews_first": before["reviews_first"]}
    changed = [name for name, value in after.items() if value != before[name]]
    if has_begun(consultation, at):
        _refuse_late(changed, before, form)
    if row is None:
        session.add(ConsultationTerms(consultation_id=consultation_id, **after))
    else:
        for name in changed:
            setattr(row, name, after[name])
    audit.record(
        session,
        actor,
        at,
        "consultation.terms_set",
        ("consultation", consultation_id),
        changed=[f"{name}: {before[name]} → {after[name]}" for name in changed],
    )


def set_second_look_share(
    session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, percent: int
) -> None:
    """So many of 100 rejections from now on are looked at again by a second reviewer; 0 for none.

    Raises NotFound, Unprocessable("percent_out_of_bounds").
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    if session.get(Consultation, consultation_id) is None:
        raise NotFound("no_such_consultation")
    if not 0 <= percent <= 100:
        raise Unprocessable("percent_out_of_bounds")
    before = queries.second_look_percent(session, consultation_id)
    row = session.get(ConsultationTerms, consultation_id)
    if row is None:
        row = ConsultationTerms(consultation_id=consultation_id, **asdict(FormTerms()), **asdict(DisplayTerms()))
        session.add(row)
    row.second_look_percent = percent
    audit.record(
        session,
        actor,
        at,
        "consultation.second_look_set",
        ("consultation", consultation_id),
        changed=[f"second_look_percent: {before} → {percent}"],
    )


def set_replies(session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, replies: ReplyTerms) -> None:
    """From now on senders hear of outcomes in this way; what was promised to them already is sent all the same.

    Raises NotFound.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    if session.get(Consultation, consultation_id) is None:
        raise NotFound("no_such_consultation")
    before, after = asdict(queries.reply_terms(session, consultation_id)), asdict(replies)
    row = session.get(ConsultationTerms, consultation_id)
    if row is None:
        row = ConsultationTerms(consultation_id=consultation_id, **asdict(FormTerms()), **asdict(DisplayTerms()))
        session.add(row)
    row.replies_together, row.texts_outcomes = replies.replies_together, replies.texts_outcomes
    audit.record(
        session,
        actor,
        at,
        "consultation.replies_set",
        ("consultation", consultation_id),
        changed=[f"{name}: {before[name]} → {value}" for name, value in after.items() if value != before[name]],
    )


def has_begun(consultation: Consultation, at: datetime) -> bool:
    """Whether somebody may have been asked already."""
    return consultation.state is not ConsultationState.DRAFT and at >= consultation.opens_at


def _refuse_late(changed: list[str], before: dict[str, bool | int], form: FormTerms) -> None:
    late = [name for name in changed if name in FIXED_ONCE_BEGUN]
    if form.keeps_days > before["keeps_days"]:
        late.append("keeps_days")
    if late:
        raise Conflict("terms_fixed", fields=", ".join(late))
