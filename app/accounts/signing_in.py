"""Who is it? The questions that come before any permission: a password, what is asked besides, and an API key.

Whoever shows the right password and owes nothing more is signed in. Whoever owes more gets no session yet: what was
shown is remembered as a Halfway, which an edge keeps sealed, and each further step is held against the account anew.
"""

import hashlib
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import audit
from app.accounts import factors, keys, sessions
from app.accounts.access_tokens import Claims
from app.accounts.models import ApiClient, ApiKey, ProviderIdentity, StaffUser
from app.accounts.sessions import Place
from app.kit.errors import Unauthenticated
from app.permissions import Actor, ActorKind, Permission, of_scopes

KEY_TOUCH_EVERY = timedelta(minutes=1)
NOBODY = "unknown"
"""Stands in the audit log for a user name that isn't known: what was typed may be a password."""


class Due(StrEnum):
    """What somebody still owes before a session begins, in the order in which it is asked."""

    FACTOR = "factor"
    NEW_PASSWORD = "new_password"  # noqa: S105 a step, no secret
    ENROLMENT = "enrolment"


class Way(StrEnum):
    """By what somebody signed in."""

    PASSWORD = "password"  # noqa: S105 a way, no secret
    PASSKEY = "passkey"
    PROVIDER = "provider"


@dataclass(frozen=True)
class Visit:
    """The request that signs in, and where it is from."""

    request_id: str | None = None
    source: str | None = None
    place: Place = field(default_factory=Place)


@dataclass(frozen=True)
class Account:
    """An account as it was when the password was checked."""

    user: StaffUser | None
    password_hash: str | None


@dataclass(frozen=True)
class Halfway:
    """Somebody who has shown who they are in one way. `account` tells whether the password changed meanwhile."""

    user_id: uuid.UUID
    account: str
    way: Way
    factor_shown: bool = False

    def with_factor(self) -> Self:
        return replace(self, factor_shown=True)


def find_account(session: Session, username: str) -> Account:
    user = session.scalar(select(StaffUser).where(StaffUser.username == username, StaffUser.disabled_at.is_(None)))
    return Account(user, user.password_hash if user else None)


def sign_in(
    session: Session,
    at: datetime,
    account: Account,
    password_fits: bool,
    visit: Visit,
    second_factor_required: bool = False,
) -> str | Halfway | None:
    """The token of a new session, or who owes what more; None when account or password is wrong, which is audited.

    The password is checked before, outside the transaction: it takes long, and must hold no lock. An account that was
    disabled, frozen or given another password meanwhile is not opened, nor one whose given password has run out.
    """
    if account.user is None:
        _failed(session, at, NOBODY, visit)
        return None
    user = session.get_one(StaffUser, account.user.id, with_for_update=True)
    is_same = password_fits and user.password_hash == account.password_hash
    has_run_out = user.password_until is not None and user.password_until <= at
    if not is_same or has_run_out or not factors.is_open(user):
        _failed(session, at, user.id, visit)
        return None
    return go_on(session, at, user, Halfway(user.id, _mark(user), Way.PASSWORD), visit, second_factor_required)


def by_passkey(session: Session, at: datetime, user_id: uuid.UUID | None, visit: Visit) -> str | None:
    """The token of a new session; a passkey stands for both factors, and for no password."""
    user = session.get(StaffUser, user_id, with_for_update=True) if user_id else None
    if user is None or not factors.is_open(user):
        _failed(session, at, user.id if user else NOBODY, visit)
        return None
    return _enter(session, at, user, Way.PASSKEY, visit)


def by_provider(
    session: Session, at: datetime, issuer: str, subject: str, strong: bool, visit: Visit, second_factor_required: bool
) -> str | Halfway | None:
    """As `sign_in`, for whom the provider says it is; None where no account is linked to that. `strong`: the provider
    asked for a second factor itself.
    """
    linked = select(StaffUser).join(ProviderIdentity, ProviderIdentity.user_id == StaffUser.id)
    found = linked.where(ProviderIdentity.issuer == issuer, ProviderIdentity.subject == subject)
    user = session.scalar(found.with_for_update(of=StaffUser))
    if user is None or not factors.is_open(user):
        _failed(session, at, user.id if user else NOBODY, visit)
        return None
    halfway = Halfway(user.id, _mark(user), Way.PROVIDER, factor_shown=strong)
    return go_on(session, at, user, halfway, visit, second_factor_required)


def resume(session: Session, halfway: Halfway) -> StaffUser | None:
    """The account of somebody who is halfway; None when it was closed or its password changed meanwhile."""
    user = session.get(StaffUser, halfway.user_id, with_for_update=True)
    if user is None or not factors.is_open(user) or _mark(user) != halfway.account:
        return None
    return user


def go_on(
    session: Session, at: datetime, user: StaffUser, halfway: Halfway, visit: Visit, second_factor_required: bool
) -> str | Halfway:
    """The token of a new session as soon as nothing is owed any more."""
    if due(session, user, halfway, second_factor_required) is not None:
        return replace(halfway, account=_mark(user))
    return _enter(session, at, user, halfway.way, visit)


def due(session: Session, user: StaffUser, halfway: Halfway, second_factor_required: bool) -> Due | None:
    """What is asked next. A provider's word makes a given password needless, and may stand for a second factor."""
    has_factor = factors.held_by(session, user.id).any
    if has_factor and not halfway.factor_shown:
        return Due.FACTOR
    if user.password_until is not None and halfway.way is Way.PASSWORD:
        return Due.NEW_PASSWORD
    if second_factor_required and not has_factor and not halfway.factor_shown:
        return Due.ENROLMENT
    return None


def factor_failed(session: Session, at: datetime, user: StaffUser, visit: Visit) -> None:
    """Tells the audit log of a wrong code after the right password: somebody may know it who shouldn't."""
    audit.record(
        session, _as(user.id, visit), at, "staff.factor_failed", ("staff", user.id), result=audit.Result.REFUSED
    )


def halfway_actor(user: StaffUser, visit: Visit) -> Actor:
    """Who may do no more than what is owed: choose a password, set up a second factor."""
    return Actor(
        ActorKind.STAFF,
        str(user.id),
        frozenset({Permission.USE_OWN_SESSION}),
        request_id=visit.request_id,
        source=visit.source,
    )


def _enter(session: Session, at: datetime, user: StaffUser, way: Way, visit: Visit) -> str:
    audit.record(session, _as(user.id, visit), at, "staff.signed_in", ("staff", user.id), way=way.value)
    return sessions.begin(session, user, at, visit.place)


def _failed(session: Session, at: datetime, who: uuid.UUID | str, visit: Visit) -> None:
    refused = audit.Result.REFUSED
    audit.record(session, _as(who, visit), at, "staff.sign_in_failed", ("staff", who), result=refused)


def _as(who: uuid.UUID | str, visit: Visit) -> Actor:
    return Actor(ActorKind.STAFF, str(who), frozenset(), request_id=visit.request_id, source=visit.source)


def _mark(user: StaffUser) -> str:
    """Changes with the password, and tells nothing of it."""
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Opened:
    """What a key opens: the client, and by which channel comments come that it sends, where it sends any."""

    actor: Actor
    key_id: str
    channel: str | None
    touch: bool
    scopes: tuple[str, ...] = ()


def opened_by(session: Session, text: str, now: datetime, request_id: str | None) -> Opened:
    """The client that the key belongs to. Raises Unauthenticated for an unknown, expired or revoked key.

    `touch` tells that its last use should be noted, which happens once in TOUCH_EVERY.
    """
    parts = keys.split(text)
    if parts is None:
        raise Unauthenticated("wrong_key")
    key, client = _standing(session, parts[0], keys.is_test(text), now)
    if not keys.secret_fits(key.secret_hash, parts[1]):
        raise Unauthenticated("wrong_key")
    return _opened(key, client, tuple(key.scopes), now, request_id)


def opened_by_token(session: Session, claims: Claims, now: datetime, request_id: str | None) -> Opened:
    """As `opened_by` with the key that the token was made from, of which no more is opened than the token states."""
    key, client = _standing(session, claims.key_id, claims.test, now)
    return _opened(key, client, claims.scopes, now, request_id)


def _standing(session: Session, key_id: str, test: bool, now: datetime) -> tuple[ApiKey, ApiClient]:
    """A key that holds, and its client. Raises Unauthenticated."""
    query = select(ApiKey, ApiClient).join(ApiClient, ApiClient.id == ApiKey.client_id).where(ApiKey.id == key_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise Unauthenticated("wrong_key")
    key, client = row
    ended = key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now)
    if ended or key.test != test or client.revoked_at is not None:
        raise Unauthenticated("wrong_key")
    return key, client


def _opened(key: ApiKey, client: ApiClient, scopes: tuple[str, ...], now: datetime, request_id: str | None) -> Opened:
    granted = of_scopes(scopes) & of_scopes(key.scopes)
    actor = Actor(ActorKind.CLIENT, str(client.id), granted, client.department_id, request_id)
    touch = key.last_used_at is None or now - key.last_used_at >= KEY_TOUCH_EVERY
    return Opened(actor, key.id, client.channel, touch, scopes)


def client_of_key(session: Session, text: str, now: datetime, request_id: str | None) -> Actor:
    """Who `opened_by` says it is."""
    return opened_by(session, text, now, request_id).actor


def touch_key(session: Session, key_id: str, now: datetime) -> None:
    """Notes that the key was used now."""
    session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=now))
