"""Same key and same request, same answer; the key with another request, 422; while the first is at work, 409.

The rule of draft-ietf-httpapi-idempotency-key-header-07, but that here the key may be left out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.idempotency.models import IN_FLIGHT, AnsweredRequest
from app.kit.errors import Conflict, Unprocessable

KEPT_FOR = timedelta(days=7)
AT_WORK_FOR = timedelta(minutes=1)
"""No request is at work for longer; a claim that is older was left behind by a process that was killed."""


@dataclass(frozen=True)
class EarlierAnswer:
    status: int
    body: dict[str, Any]


class InFlight(Conflict):
    """An equal request is at work; ask again in `seconds`."""

    code = "request_in_flight"


def earlier_answer(session: Session, client_id: str, key: str, fingerprint: str, at: datetime) -> EarlierAnswer | None:
    """What the same request got before; None when the key is free.

    Raises Unprocessable for another request's key, InFlight while an equal request is at work.
    """
    return _told(session.get(AnsweredRequest, (client_id, key)), fingerprint, at)


def claim(session: Session, client_id: str, key: str, fingerprint: str, at: datetime) -> EarlierAnswer | None:
    """Takes the key for a request that begins; to be committed before it does anything. Answers as `earlier_answer`."""
    known = session.get(AnsweredRequest, (client_id, key), with_for_update=True)
    answered = _told(known, fingerprint, at)
    if answered is not None:
        return answered
    row = known or AnsweredRequest(client_id=client_id, key=key)
    row.fingerprint, row.status, row.body, row.answered_at = fingerprint, IN_FLIGHT, {}, at
    session.add(row)
    return None


def keep_answer(session: Session, client_id: str, key: str, answer: EarlierAnswer, claimed_at: datetime) -> None:
    """Remembers the answer in the transaction that carried out the write.

    Raises Conflict("changed_meanwhile") where the claim was given up meanwhile, so that the write is carried out once.
    """
    row = session.get(AnsweredRequest, (client_id, key), with_for_update=True)
    if row is None or row.status != IN_FLIGHT or row.answered_at != claimed_at:
        raise Conflict("changed_meanwhile")
    row.status, row.body = answer.status, answer.body


def let_go(session: Session, client_id: str, key: str, claimed_at: datetime) -> None:
    """Frees the key of a request that came to nothing: it can be mended and sent again under it."""
    own = (AnsweredRequest.client_id == client_id, AnsweredRequest.key == key)
    mine = (AnsweredRequest.status == IN_FLIGHT, AnsweredRequest.answered_at == claimed_at)
    session.execute(delete(AnsweredRequest).where(*own, *mine))


def forget_old(session: Session, now: datetime) -> None:
    """Drops answers older than KEPT_FOR."""
    session.execute(delete(AnsweredRequest).where(AnsweredRequest.answered_at < now - KEPT_FOR))


def _told(known: AnsweredRequest | None, fingerprint: str, at: datetime) -> EarlierAnswer | None:
    is_at_work = known is not None and known.status == IN_FLIGHT
    if known is None or (is_at_work and known.answered_at <= at - AT_WORK_FOR):
        return None
    if known.fingerprint != fingerprint:
        raise Unprocessable("idempotency_key_reused")
    if is_at_work:
        raise InFlight(seconds=1)
    return EarlierAnswer(known.status, known.body)
