"""Signed-in browsers: a random 256-bit token in a cookie, its SHA-256 in the store, an idle and an absolute end."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.models import StaffRole, StaffSession, StaffUser
from app.permissions import Actor, ActorKind, Role, of_roles

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """A member of staff in this request."""

    user_id: str
    username: str
    display_name: str
    roles: frozenset[Role]
    last_seen_at: datetime

    def actor(self, request_id: str | None) -> Actor:
        return Actor(ActorKind.STAFF, self.user_id, of_roles(self.roles), request_id=request_id)


def begin(session: Session, user: StaffUser, at: datetime) -> str:
    """Starts a session; answers the token, which is not kept."""
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(token_hash=_hash(token), user_id=user.id, created_at=at, last_seen_at=at))
    return token


def find(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Who the token belongs to; None when it is unknown, has ended, or its account is disabled."""
    row = session.execute(
        select(StaffUser, StaffSession.last_seen_at)
        .join(StaffSession, StaffSession.user_id == StaffUser.id)
        .where(
            StaffSession.token_hash == _hash(token),
            StaffSession.last_seen_at > now - IDLE,
            StaffSession.created_at > now - ABSOLUTE,
            StaffUser.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    user, last_seen_at = row
    roles = frozenset(session.scalars(select(StaffRole.role).where(StaffRole.user_id == user.id)))
    return SignedIn(str(user.id), user.username, user.display_name, roles, last_seen_at)


def touch(session: Session, token: str, now: datetime) -> None:
    """Moves the idle end."""
    session.execute(update(StaffSession).where(StaffSession.token_hash == _hash(token)).values(last_seen_at=now))


def end(session: Session, token: str) -> None:
    session.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(token)))


def end_all(session: Session, user: StaffUser) -> None:
    session.execute(delete(StaffSession).where(StaffSession.user_id == user.id))


def forget_ended(session: Session, now: datetime) -> None:
    session.execute(
        delete(StaffSession).where(
            or_(StaffSession.last_seen_at <= now - IDLE, StaffSession.created_at <= now - ABSOLUTE)
        )
    )


def csrf_token(key: bytes, session_token: str) -> str:
    """The word that every form of this session carries, and that no other site can know."""
    return hmac.new(key, session_token.encode(), "sha256").hexdigest()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
