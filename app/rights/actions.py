"""Answering what people asked about their own data. Each is granted or refused once, by a person, with an answer."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Conflict
from app.kit.reasons import due, optional
from app.permissions import Actor, Permission, require
from app.rights import effects, queries
from app.rights.effects import Keepers
from app.rights.lifecycle import LIFECYCLE, RequestEvent, RequestKind
from app.rights.models import RightsRequest
from app.rights.sealing import Contact


def grant(
    session: Session,
    actor: Actor,
    at: datetime,
    keepers: Keepers,
    request_id: uuid.UUID,
    revision: int,
    answer: str = "",
) -> None:
    """Does what was asked, in the same transaction.

    Raises NotFound, InvalidTransition, Conflict("changed_meanwhile"), Conflict("preserved_as_evidence") for what would
    alter evidence in a case that isn't over, Unreadable where the sealed contact is damaged.
    """
    require(actor, Permission.ANSWER_RIGHTS_REQUESTS)
    request = _at_revision(session, request_id, revision)
    state = LIFECYCLE.after(request.state, RequestEvent.GRANT)
    effects.refuse_evidence(session, request)
    request.state = state
    effects.GRANTED[request.kind](session, at, keepers, request)
    _decide(request, actor, at, optional(answer))
    audit.record(
        session, actor, at, "rights_request.granted", ("rights_request", request.id), request_kind=request.kind.value
    )


def refuse(session: Session, actor: Actor, at: datetime, request_id: uuid.UUID, revision: int, reason: str) -> None:
    """Declines, and says why (个人信息保护法 §50). What was frozen for a report is displayed again.

    Raises NotFound, InvalidTransition, Conflict("changed_meanwhile"), Unprocessable without a reason.
    """
    require(actor, Permission.ANSWER_RIGHTS_REQUESTS)
    request = _at_revision(session, request_id, revision)
    request.state = LIFECYCLE.after(request.state, RequestEvent.REFUSE)
    words = due(reason)
    if request.kind is RequestKind.MISUSE:
        effects.thaw(session, at, request)
    _decide(request, actor, at, words)
    audit.record(
        session,
        actor,
        at,
        "rights_request.refused",
        ("rights_request", request.id),
        request_kind=request.kind.value,
        reason=words,
    )


def view_contact(session: Session, actor: Actor, at: datetime, keepers: Keepers, request_id: uuid.UUID) -> Contact:
    """How to reach the person who asked; that it was looked at is on record. Raises NotFound, Unreadable."""
    require(actor, Permission.ANSWER_RIGHTS_REQUESTS)
    request = queries.get(session, request_id)
    contact = keepers.letters.contact(request)
    audit.record(session, actor, at, "rights_request.contact_viewed", ("rights_request", request.id))
    return contact


def _at_revision(session: Session, request_id: uuid.UUID, revision: int) -> RightsRequest:
    request = queries.get(session, request_id)
    if request.revision != revision:
        raise Conflict("changed_meanwhile")
    return request


def _decide(request: RightsRequest, actor: Actor, at: datetime, answer: str | None) -> None:
    """The sealed contact has served its purpose (个人信息保护法 §47)."""
    request.decided_at, request.decided_by, request.answer = at, actor.id, answer
    request.name = request.phone = request.email = None
