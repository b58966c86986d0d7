"""The drafting department's word on each link between a change of the text and a suggestion: none is public before."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.amendments import links, queries
from app.amendments.changes import Change
from app.amendments.lifecycle import LIFECYCLE, LinkEvent, LinkState
from app.amendments.models import REMARK_LENGTH, AmendmentLink
from app.consultations.models import Consultation
from app.dispositions.actions import Letter, whole_letter
from app.kit.clock import beijing_day
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.reasons import due
from app.masking.anonymise import anonymise
from app.permissions import Actor, Permission, require
from app.publication import queries as publication
from app.screening.models import Suggestion


def confirm(
    session: Session,
    actor: Actor,
    at: datetime,
    link_id: uuid.UUID,
    revision: int,
    remark: str = "",
    letter: Letter | None = None,
) -> AmendmentLink:
    """The drafting department agrees that the text changed because of the suggestion.

    Its own staff do so themselves; whoever else does so records the letter in which it did. `remark` may be public.
    The suggestion's words are written down, masked, as the public may read them. Raises NotFound, also for any other
    department, Conflict("changed_meanwhile"), Conflict("not_adopted") where the suggestion isn't adopted any more,
    InvalidTransition, Unprocessable for a long remark or a letter that is missing or lacks something.
    """
    require(actor, Permission.CONFIRM_DISPOSITIONS)
    link = _in_hand(session, actor, link_id, revision)
    state = LIFECYCLE.after(link.state, LinkEvent.CONFIRM)
    if not queries.is_adopted(session, link.suggestion_id):
        raise Conflict("not_adopted")
    _agree(session, actor, at, link, remark, letter)
    links.move(session, link, state)
    audit.record(
        session,
        actor,
        at,
        "amendment.confirmed",
        ("suggestion", link.suggestion_id),
        within=link.consultation_id,
        change=_called(link),
        letter=link.letter_number,
    )
    return link


def refuse(session: Session, actor: Actor, at: datetime, link_id: uuid.UUID, revision: int) -> AmendmentLink:
    """The drafting department says that the change has nothing to do with the suggestion; it is never proposed again.

    Raises NotFound, Conflict("changed_meanwhile"), InvalidTransition.
    """
    require(actor, Permission.CONFIRM_DISPOSITIONS)
    link = _in_hand(session, actor, link_id, revision)
    state = LIFECYCLE.after(link.state, LinkEvent.REFUSE)
    link.decided_by, link.decided_at = actor.id, at
    links.move(session, link, state)
    audit.record(
        session,
        actor,
        at,
        "amendment.refused",
        ("suggestion", link.suggestion_id),
        within=link.consultation_id,
        change=_called(link),
    )
    return link


def undo(session: Session, actor: Actor, at: datetime, link_id: uuid.UUID, revision: int, reason: str) -> AmendmentLink:
    """The link waits for a decision again, for a reason that is kept in the audit trail.

    Raises NotFound, Conflict("changed_meanwhile"), Conflict("amendment_public") for a confirmed one that the public may
    see: the release of the comparison is to be withdrawn before. InvalidTransition, Unprocessable without a reason.
    """
    require(actor, Permission.CONFIRM_DISPOSITIONS)
    link = _in_hand(session, actor, link_id, revision)
    state = LIFECYCLE.after(link.state, LinkEvent.UNDO)
    words = due(reason)
    if link.state is LinkState.CONFIRMED and publication.are_changes_released(session, link.consultation_id):
        raise Conflict("amendment_public")
    links.forget_decision(link)
    links.move(session, link, state)
    audit.record(
        session,
        actor,
        at,
        "amendment.undone",
        ("suggestion", link.suggestion_id),
        within=link.consultation_id,
        change=_called(link),
        reason=words,
    )
    return link


def add(
    session: Session,
    actor: Actor,
    at: datetime,
    consultation_id: uuid.UUID,
    suggestion_id: uuid.UUID,
    change_id: str,
    remark: str = "",
    letter: Letter | None = None,
) -> AmendmentLink:
    """Links, by hand and confirmed at once, a suggestion that wasn't proposed for the change.

    Raises NotFound for a change or suggestion that isn't there, Conflict("not_adopted"), Conflict("linked_already")
    where such a link stands in any state, and as `confirm` does.
    """
    require(actor, Permission.CONFIRM_DISPOSITIONS)
    _speaks_for(session, actor, consultation_id)
    suggestion = session.get(Suggestion, suggestion_id)
    if suggestion is None or suggestion.consultation_id != consultation_id:
        raise NotFound("no_such_suggestion")
    comparison_id, change = _change(session, consultation_id, change_id)
    if not queries.is_adopted(session, suggestion_id):
        raise Conflict("not_adopted")
    if _is_linked(session, comparison_id, suggestion_id, change_id):
        raise Conflict("linked_already")
    link = links.by_hand(consultation_id, comparison_id, suggestion_id, change, at)
    _agree(session, actor, at, link, remark, letter)
    link.state = LinkState.CONFIRMED
    session.add(link)
    session.flush()
    links.count(session, link, 1)
    audit.record(
        session,
        actor,
        at,
        "amendment.added",
        ("suggestion", link.suggestion_id),
        within=link.consultation_id,
        change=_called(link),
        letter=link.letter_number,
    )
    return link


def _in_hand(session: Session, actor: Actor, link_id: uuid.UUID, revision: int) -> AmendmentLink:
    """The link, held until the transaction ends, where the actor speaks for its drafting department."""
    link = session.get(AmendmentLink, link_id, with_for_update=True, populate_existing=True)
    if link is None:
        raise NotFound("no_such_amendment")
    _speaks_for(session, actor, link.consultation_id)
    if link.revision != revision:
        raise Conflict("changed_meanwhile")
    return link


def _speaks_for(session: Session, actor: Actor, consultation_id: uuid.UUID) -> None:
    require(actor, Permission.CONFIRM_DISPOSITIONS, within=consultation_id)
    consultation = session.get(Consultation, consultation_id)
    if consultation is None or actor.department_id not in (None, consultation.drafting_department_id):
        raise NotFound("no_such_amendment")


def _change(session: Session, consultation_id: uuid.UUID, change_id: str) -> tuple[uuid.UUID, Change]:
    basis = queries.basis_of(session, consultation_id)
    for change in basis.changes if basis else ():
        if basis and change.id == change_id:
            return basis.comparison_id, change
    raise NotFound("no_such_change")


def _is_linked(session: Session, comparison_id: uuid.UUID, suggestion_id: uuid.UUID, change_id: str) -> bool:
    standing = select(AmendmentLink.id).where(
        AmendmentLink.comparison_id == comparison_id,
        AmendmentLink.suggestion_id == suggestion_id,
        AmendmentLink.change == change_id,
    )
    return session.scalar(standing) is not None


def _agree(
    session: Session, actor: Actor, at: datetime, link: AmendmentLink, remark: str, letter: Letter | None
) -> None:
    words = remark.strip()
    if len(words) > REMARK_LENGTH:
        raise Unprocessable("amendment_remark_too_long", limit=REMARK_LENGTH)
    said = None if actor.department_id is not None else whole_letter(letter, beijing_day(at))
    published = publication.published(session, link.suggestion_id)
    suggestion = session.get_one(Suggestion, link.suggestion_id)
    link.shown = published.text if published is not None else anonymise(suggestion.text).text
    link.remark, link.decided_by, link.decided_at = words, actor.id, at
    link.letter_number = said.number if said else None
    link.letter_dated_on = said.dated_on if said else None
    link.letter_signed_by = said.signed_by if said else None


def _called(link: AmendmentLink) -> str:
    return f"{link.draft_label or '-'} → {link.final_label or '-'}"
