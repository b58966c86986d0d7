"""Which department's program is calling, and whether its key's scopes allow the route."""

from dataclasses import replace
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer

from app.accounts.signing_in import client_of_key
from app.exports import ledger as exports
from app.exports.models import Frozen
from app.kit.errors import Forbidden, Unauthenticated
from app.kit.http import database_of, now_of, request_id_of, source_of
from app.permissions import CLIENT_SCOPES, Actor, Permission

ACTOR = "yanlu.actor"
BEARER = HTTPBearer(
    scheme_name="bearerKey",
    bearerFormat="yl_<key id>_<secret>",
    description="The department's key as a bearer token (RFC 6750).",
    auto_error=False,
)
KEY_HEADER = APIKeyHeader(
    name="X-API-Key",
    scheme_name="headerKey",
    description="The same key, for where a gateway removes `Authorization`. Read only when there is no bearer token.",
    auto_error=False,
)


def authenticate(request: Request) -> Actor:
    """The client whose key the request carries, read in a transaction of its own that ends here.

    Raises Unauthenticated: `missing_key` without a key, `wrong_key` for an unknown, expired or revoked one; Forbidden
    (`keys_frozen`) while keys are stopped for an incident.
    """
    key = _key_of(request)
    if key is None:
        raise Unauthenticated("missing_key")
    with database_of(request).reading() as session:
        if exports.is_frozen(session, Frozen.KEYS):
            raise Forbidden("keys_frozen")
        found = client_of_key(session, key, now_of(request), request_id_of(request))
    return replace(found, source=source_of(request))


def _key_of(request: Request) -> str | None:
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
    ) -> Actor:
        actor: Actor = request.scope[ACTOR]
        if not actor.may(self.permission):
            raise Forbidden(scope=scope_of(self.permission))
        return actor


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
Reader = Annotated[Actor, Security(READING, scopes=[scope_of(READING.permission)])]
Answerer = Annotated[Actor, Security(ANSWERING, scopes=[scope_of(ANSWERING.permission)])]
