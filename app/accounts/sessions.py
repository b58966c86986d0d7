"""Signed-in browsers: a random 256-bit token in a cookie, its SHA-256 in the store, an idle and an absolute end."""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.models import ScopedRole, StaffRole, StaffSession, StaffUser
from app.permissions import OFFICE_ROLES, Actor, ActorKind, Role, ScopeKind, of_scoped

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
TOUCH_EVERY = timedelta(minutes=1)
PROVEN_FOR = timedelta(minutes=5)
"""How long a proof of who it is opens what asks for a recent one (OWASP ASVS 5.0, 7.5.1 and 7.5.3)."""


@dataclass(frozen=True)
class Lasting:
    """After how long a session that is not used ends, and any session at all (OWASP ASVS 5.0, 7.3.1 and 7.3.2)."""

    idle: timedelta = IDLE
    absolute: timedelta = ABSOLUTE


@dataclass(frozen=True)
class Place:
    """Where a session is from, so coarse that only its owner knows it again."""

    network: str = ""
    browser: str = ""


Drafted = Mapping[str, frozenset[uuid.UUID]]
NOTHING: Drafted = {}


@dataclass(frozen=True)
class Held:
    """A role that holds in one scope only."""

    role: Role
    scope: ScopeKind
    scope_id: str


@dataclass(frozen=True)
class SignedIn:
    """A member of staff in this request. `proven_at`: when a password, code or passkey was shown last."""

    user_id: str
    username: str
    display_name: str
    roles: frozenset[Role]
    last_seen_at: datetime
    proven_at: datetime | None = None
    scoped: frozenset[Held] = frozenset()
    department_id: str | None = None

    def actor(self, request_id: str | None, drafted: Drafted = NOTHING) -> Actor:
        """With what its roles hold, everywhere or in their scopes. `drafted`: department → consultations it drafts.

        A department's own staff have its roles alone, whatever else was granted, and nobody else has those.
        """
        kept = self.roles & OFFICE_ROLES if self.department_id else self.roles - OFFICE_ROLES
        scoped = [] if self.department_id else [(held.role, _consultations(held, drafted)) for held in self.scoped]
        permissions, limits = of_scoped(kept, scoped)
        return Actor(ActorKind.STAFF, self.user_id, permissions, self.department_id, request_id, limits=limits)

    def is_proven(self, now: datetime) -> bool:
        return self.proven_at is not None and now - self.proven_at < PROVEN_FOR


def _consultations(held: Held, drafted: Drafted) -> frozenset[uuid.UUID]:
    if held.scope is ScopeKind.CONSULTATION:
        return frozenset({uuid.UUID(held.scope_id)})
    return drafted.get(held.scope_id, frozenset())


def begin(session: Session, user: StaffUser, at: datetime, place: Place = Place()) -> str:
    """Starts a session; answers the token, which is not kept."""
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            token_hash=_hash(token),
            user_id=user.id,
            created_at=at,
            last_seen_at=at,
            proven_at=at,
            network=place.network or None,
            browser=place.browser or None,
        )
    )
    return token


def renew(session: Session, token: str, at: datetime) -> str:
    """The same session under a new token, proven now; the old token is worthless from here on (ASVS 5.0, 7.2.4)."""
    renewed = secrets.token_urlsafe(32)
    session.execute(
        update(StaffSession)
        .where(StaffSession.token_hash == _hash(token))
        .values(token_hash=_hash(renewed), proven_at=at, last_seen_at=at)
    )
    return renewed


def find(session: Session, token: str, now: datetime, lasting: Lasting = Lasting()) -> SignedIn | None:
    """Who the token belongs to; None when it is unknown, has ended, or its account is disabled or frozen."""
    row = session.execute(
        select(StaffUser, StaffSession.last_seen_at, StaffSession.proven_at)
        .join(StaffSession, StaffSession.user_id == StaffUser.id)
        .where(
            StaffSession.token_hash == _hash(token),
            StaffSession.last_seen_at > now - lasting.idle,
            StaffSession.created_at > now - lasting.absolute,
            StaffUser.disabled_at.is_(None),
            StaffUser.frozen_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    user, last_seen_at, proven_at = row
    roles = frozenset(session.scalars(select(StaffRole.role).where(StaffRole.user_id == user.id)))
    scoped = session.execute(
        select(ScopedRole.role, ScopedRole.scope, ScopedRole.scope_id).where(ScopedRole.user_id == user.id)
    )
    held = frozenset(Held(role, scope, scope_id) for role, scope, scope_id in scoped)
    return SignedIn(
        str(user.id), user.username, user.display_name, roles, last_seen_at, proven_at, held, user.department_id
    )


def touch(session: Session, token: str, now: datetime) -> None:
    """Moves the idle end."""
    session.execute(update(StaffSession).where(StaffSession.token_hash == _hash(token)).values(last_seen_at=now))


def end(session: Session, token: str) -> None:
    session.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(token)))


def end_all(session: Session, user: StaffUser, but_token: str = "") -> None:
    """Ends all sessions of the account, but the one with that token."""
    session.execute(
        delete(StaffSession).where(StaffSession.user_id == user.id, StaffSession.token_hash != _hash(but_token))
    )


def name_of(token: str) -> str:
    """By what a list of sessions names one: nobody can sign in with it."""
    return _hash(token).hex()


def forget_ended(session: Session, now: datetime, lasting: Lasting = Lasting()) -> None:
    session.execute(
        delete(StaffSession).where(
            or_(StaffSession.last_seen_at <= now - lasting.idle, StaffSession.created_at <= now - lasting.absolute)
        )
    )


def hash_named(name: str) -> bytes:
    """The key of the session that a list names so; of no session where the name has not that form."""
    try:
        return bytes.fromhex(name)
    except ValueError:
        return b""


def csrf_token(key: bytes, session_token: str) -> str:
    """The word that every form of this session carries, and that no other site can know."""
    return hmac.new(key, session_token.encode(), "sha256").hexdigest()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
