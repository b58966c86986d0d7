import uuid
from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model, enum_of
from app.kit.identifiers import new_id
from app.permissions import Role, ScopeKind


class StaffUser(Model):
    """A member of staff. `password_hash` is an argon2id PHC string; a disabled or frozen account can't sign in.

    `password_until` is set for a password that somebody else gave: it opens until then, and only to choose another.
    `factors_reset_at`: an administrator took the second factor away; told to the person at the next sign-in.
    `department_id`: of that department's own staff, for good: they answer what it was handed and see no desk.
    """

    __tablename__ = "staff_users"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    frozen_at: Mapped[datetime | None] = mapped_column(Instant)
    password_until: Mapped[datetime | None] = mapped_column(Instant)
    factors_reset_at: Mapped[datetime | None] = mapped_column(Instant)
    department_id: Mapped[str | None] = mapped_column(String(64), index=True)


class StaffRole(Model):
    """A role that holds everywhere."""

    __tablename__ = "staff_roles"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_users.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(enum_of(Role), primary_key=True)


class ScopedRole(Model):
    """A role that holds in one consultation, or in all that one department drafts; `scope_id` is the id of either."""

    __tablename__ = "scoped_roles"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_users.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(enum_of(Role), primary_key=True)
    scope: Mapped[ScopeKind] = mapped_column(enum_of(ScopeKind), primary_key=True)
    scope_id: Mapped[str] = mapped_column(String(80), primary_key=True)


class StaffSession(Model):
    """A signed-in browser. Only the SHA-256 of its random token is kept; `proven_at`: when who it is was proven last.

    `network` is the coarse one (/24 or /48), `browser` its family: enough to know one's own sessions by.
    """

    __tablename__ = "staff_sessions"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    proven_at: Mapped[datetime | None] = mapped_column(Instant)
    network: Mapped[str | None] = mapped_column(String(60))
    browser: Mapped[str | None] = mapped_column(String(40))


class Authenticator(Model):
    """The secret of a person's authenticator app (RFC 6238), sealed; it counts once a code of it was shown.

    `last_step` is the newest time step whose code was used: that one and all before it are refused.
    """

    __tablename__ = "staff_authenticators"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_users.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


class RecoveryCode(Model):
    """One of the codes that stand in for a lost second factor, each once; only its SHA-256 is kept (80 random bits)."""

    __tablename__ = "staff_recovery_codes"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_users.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Passkey(Model):
    """A discoverable credential that verifies its user (WebAuthn Level 3). It proves both factors at once."""

    __tablename__ = "staff_passkeys"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_users.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)


class ProviderIdentity(Model):
    """Who a person is at the organisation's OpenID Connect provider."""

    __tablename__ = "staff_provider_identities"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_users.id"), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    __table_args__ = (Index("ux_staff_provider_identities_subject", "issuer", "subject", unique=True),)


class SignInFailures(Model):
    """How often somebody failed lately. `key` is a keyed hash: of a name and a network, a name, a network, a device."""

    __tablename__ = "sign_in_failures"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant, index=True)


class ApiClient(Model):
    """A department's program, which sees that department's assignments and nothing else; or that of a trusted channel.

    `channel` is how comments come that it sends (热线, 小程序); such a one may have no department.
    """

    __tablename__ = "api_clients"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    name: Mapped[str] = mapped_column(String(100), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    channel: Mapped[str | None] = mapped_column(String(40))


class ApiKey(Model):
    """One key of a client, `yl_<key id>_<secret>`; only the SHA-256 of the 256-bit secret is kept.

    A `test` key, `yl_test_…`, opens nothing but the client's sandbox. `last_used_at` is moved at most once a minute.
    """

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("api_clients.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    test: Mapped[bool] = mapped_column(server_default=false(), default=False)


class ApiRequest(Model):
    """One request of a client: which route and how it ended, never what was in it."""

    __tablename__ = "api_requests"
    __table_args__ = (
        Index("ix_api_requests_of_client", "client_id", "at", "id"),
        Index("ix_api_requests_at", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    client_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    method: Mapped[str] = mapped_column(String(10))
    route: Mapped[str] = mapped_column(String(120))
    status: Mapped[int]
    request_id: Mapped[str | None] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(20))
