"""Which program is calling, and whether its key's scopes allow the route."""

from dataclasses import replace
from typing import Annotated

from fastapi import Request, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2

from app.accounts import access_tokens, keys
from app.accounts.access_tokens import AccessTokens, Claims
from app.accounts.signing_in import Opened, opened_by, opened_by_token
from app.exports import ledger as exports
from app.exports.models import Frozen
from app.kit.crypto import Unreadable
from app.kit.database import Database
from app.kit.errors import Forbidden, Unauthenticated
from app.kit.http import request_id_of, source_of
from app.permissions import CLIENT_SCOPES, Actor, Permission

OPENED = "yanlu.opened"
"""Where in a request's scope it stands what its key opened."""
SCOPE_WORDS = {
    "assignments:read": "Read the department's assignments and events.",
    "assignments:write": "Read assignments and events, and answer.",
    "events:read": "Read the department's events.",
    "webhooks:write": "Manage the department's webhooks and read events.",
    "submissions:write": "Send in comments of a trusted channel.",
}
BEARER = HTTPBearer(
    scheme_name="bearerKey",
    bearerFormat="yl_<key id>_<secret>",
    description="The program's key as a bearer token (RFC 6750). `yl_test_…` opens the program's sandbox instead.",
    auto_error=False,
)
KEY_HEADER = APIKeyHeader(
    name="X-API-Key",
    scheme_name="headerKey",
    description="The same key, for where a gateway removes `Authorization`. Read only when there is no bearer token.",
    auto_error=False,
)
ACCESS_TOKEN = OAuth2(
    scheme_name="oauth2",
    flows=OAuthFlows(
        clientCredentials=OAuthFlowClientCredentials(
            tokenUrl="oauth/token", scopes={scope: SCOPE_WORDS[scope] for scope in CLIENT_SCOPES}
        )
    ),
    description="A token that the key is exchanged for (RFC 6749 §4.4), sent as the key is as a bearer token.",
    auto_error=False,
)


def authenticate(request: Request) -> Opened:
    """What the request's key or token opens, read in a transaction of its own that ends here.

    Keys are always looked up where accounts are, and a key of the sandbox opens only the sandbox's application.

    Raises Unauthenticated: `missing_key` without a key, `wrong_key` for an unknown, expired or revoked one,
    `wrong_token` for a token that isn't one or is no more; Forbidden (`keys_frozen`) while keys are stopped for an
    incident.
    """
    key = key_of(request)
    if key is None:
        raise Unauthenticated("missing_key")
    if keys.is_test(key) != request.app.state.is_sandbox:
        raise Unauthenticated("wrong_key")
    return opened_by_key(request, _claims_of(request, key) if access_tokens.is_token(key) else key)


def opened_by_key(request: Request, key: str | Claims) -> Opened:
    """What a key opens, or the token that claims it.

    Raises Unauthenticated (`wrong_key`), Forbidden (`keys_frozen`).
    """
    accounts: Database = request.app.state.accounts
    now, request_id = request.app.state.accounts_clock.now(), request_id_of(request)
    with accounts.reading() as session:
        if exports.is_frozen(session, Frozen.KEYS):
            raise Forbidden("keys_frozen")
        if isinstance(key, Claims):
            found = opened_by_token(session, key, now, request_id)
        else:
            found = opened_by(session, key, now, request_id)
    return replace(found, actor=replace(found.actor, source=source_of(request)))


def _claims_of(request: Request, token: str) -> Claims:
    tokens: AccessTokens = request.app.state.tokens
    try:
        return tokens.read(token, request.app.state.accounts_clock.now())
    except Unreadable as error:
        raise Unauthenticated("wrong_token") from error


def key_of(request: Request) -> str | None:
    """The key as it was sent; None where there is none."""
    scheme, _, token = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return request.headers.get("x-api-key", "").strip() or None


class Permitted:
    """A dependency that lets only clients with one permission pass, and that tells which one it is.

    It answers the caller, whom the route has authenticated before anything of the body was read.
    """

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(
        self,
        request: Request,
        bearer: Annotated[object, Security(BEARER)],
        header: Annotated[object, Security(KEY_HEADER)],
        token: Annotated[object, Security(ACCESS_TOKEN)],
    ) -> Actor:
        actor = opened_of(request).actor
        if not actor.may(self.permission):
            raise Forbidden(scope=scope_of(self.permission))
        return actor


def opened_of(request: Request) -> Opened:
    """What the key of this request opened."""
    found: Opened = request.scope[OPENED]
    return found


def scope_of(permission: Permission) -> str:
    """The smallest scope that grants it."""
    granting = [scope for scope, granted in CLIENT_SCOPES.items() if permission in granted]
    return min(granting, key=lambda scope: len(CLIENT_SCOPES[scope]))


def department_of(actor: Actor) -> str:
    """The department whose program this is. Raises Forbidden for an actor without one."""
    if actor.department_id is None:
        raise Forbidden(scope="assignments:read")
    return actor.department_id


READING = Permitted(Permission.READ_OWN_ASSIGNMENTS)
ANSWERING = Permitted(Permission.ANSWER_OWN_ASSIGNMENTS)
ENTERING = Permitted(Permission.ENTER_BY_CLIENT)
USING = Permitted(Permission.USE_OWN_KEY)
Reader = Annotated[Actor, Security(READING, scopes=[scope_of(READING.permission)])]
Answerer = Annotated[Actor, Security(ANSWERING, scopes=[scope_of(ANSWERING.permission)])]
Enterer = Annotated[Actor, Security(ENTERING, scopes=[scope_of(ENTERING.permission)])]
Anybody = Annotated[Actor, Security(USING, scopes=[scope_of(USING.permission)])]
"""Whoever has a key with any scope: for what is public anyhow, and for what is about the program itself."""
