"""Same key and same request, same answer; the key with another request, 422.

The rule of draft-ietf-httpapi-idempotency-key-header-07, but that here the key may be left out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.idempotency.models import AnsweredRequest
from app.kit.errors import Unprocessable

KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class EarlierAnswer:
    status: int
    body: dict[str, Any]


def earlier_answer(session: Session, client_id: str, key: str, fingerprint: str) -> EarlierAnswer | None:
    """What the same request got before; None when the key is new. Raises Unprocessable for another request's key."""
    known = session.get(AnsweredRequest, (client_id, key))
    if known is None:
        return None
    if known.fingerprint != fingerprint:
        raise Unprocessable("idempotency_key_reused")
    return EarlierAnswer(known.status, known.body)


def keep_answer(
    session: Session, client_id: str, key: str, fingerprint: str, answer: EarlierAnswer, at: datetime
) -> None:
    """Remembers the answer in the transaction that carried out the write."""
    session.add(
        AnsweredRequest(
            client_id=client_id,
            key=key,
            fingerprint=fingerprint,
            status=answer.status,
            body=answer.body,
            answered_at=at,
        )
    )


def forget_old(session: Session, now: datetime) -> None:
    """Drops answers older than KEPT_FOR."""
    session.execute(delete(AnsweredRequest).where(AnsweredRequest.answered_at < now - KEPT_FOR))
