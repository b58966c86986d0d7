"""OAuth 2.0 client credentials (RFC 6749 §4.4): a key is exchanged for a token that holds for minutes."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from app.accounts import keys
from app.accounts.access_tokens import LIFE, AccessTokens, Claims
from app.accounts.signing_in import Opened
from app.api import limiting
from app.api.authentication import opened_by_key
from app.api.client_credentials import (
    FORM_TYPE,
    LARGEST_FORM,
    Credentials,
    TokenRefused,
    check_grant,
    credentials_of,
    form_of,
    scopes_asked,
)
from app.api.limiting import TooManyRequests
from app.api.token_problems import OAUTH_ERRORS
from app.api.v1.responses import ISSUE_TOKEN
from app.kit.errors import Unauthenticated
from app.kit.http import source_of
from app.kit.throttle import Sharing, Throttle, of_address

MOST_FAILURES = 20
FAILURES_WITHIN = timedelta(minutes=10)
LONGEST_CLIENT_ID = 40
"""Of what is remembered of a failure."""
BODY = "yanlu.token_form"
"""Where in a request's scope the body stands."""
ASKED = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "scope": {"type": "string", "description": "Scopes separated by spaces. Left out, all that the key holds."},
        "client_id": {"type": "string", "description": "`yl_<key id>`, where HTTP Basic isn't used."},
        "client_secret": {"type": "string", "description": "The key's secret, where HTTP Basic isn't used."},
    },
}
CLIENT_BASIC = {
    "type": "http",
    "scheme": "basic",
    "description": "For the token endpoint alone: `yl_<key id>` as the user name, the key's secret as the password.",
}


class Failures(Throttle):
    """How often a program failed to say who it is."""

    def __init__(self, sharing: Sharing | None = None) -> None:
        super().__init__(MOST_FAILURES, FAILURES_WITHIN, "api-tokens", sharing)


class AccessToken(BaseModel):
    """A token and how long it holds (RFC 6749 §5.1)."""

    access_token: str = Field(description="Send it as you would the key: `Authorization: Bearer …`.")
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds.")
    scope: str = Field(description="The token's scopes, separated by spaces.")


class TokenErrorCode(StrEnum):
    """The codes of RFC 6749 §5.2 that are answered here."""

    INVALID_CLIENT = "invalid_client"
    INVALID_REQUEST = "invalid_request"
    INVALID_SCOPE = "invalid_scope"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"


class TokenError(BaseModel):
    """Why there is no token (RFC 6749 §5.2)."""

    error: TokenErrorCode
    error_description: str = Field(description="For people, in English; `x-problems` has it in both languages.")


class TokenRoute(APIRoute):
    """A route whose body is a small form, of which no more than LARGEST_FORM bytes and the next piece are read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def receive(request: Request) -> Response:
            received = bytearray()
            async for piece in request.stream():
                received += piece
                if len(received) > LARGEST_FORM:
                    return _refused("invalid_request", {"Connection": "close"})
            request.scope[BODY] = bytes(received)
            return await handle(request)

        return receive


router = APIRouter(route_class=TokenRoute, tags=["program"])


@router.post(
    "/oauth/token",
    responses=ISSUE_TOKEN | {status: {**ISSUE_TOKEN[status], "model": TokenError} for status in (400, 401)},
    response_model=AccessToken,
    response_description="The token",
    operation_id="issue_token",
    openapi_extra={
        "security": [{"clientBasic": []}, {}],
        "requestBody": {"required": True, "content": {FORM_TYPE: {"schema": ASKED}}},
    },
)
def issue_token(request: Request) -> Response:
    """Exchanges the key for an access token that holds for ten minutes (OAuth 2.0 client credentials, RFC 6749 §4.4).

    The token opens what the key opens, or less where `scope` says so, and ends at once with the key. There is no
    refresh token: ask again. The key itself goes on being accepted everywhere.
    """
    try:
        token, scopes = _issued(request)
    except TokenRefused as refused:
        return _refused(refused.error)
    life = int(LIFE.total_seconds())
    answer = AccessToken(access_token=token, token_type="Bearer", expires_in=life, scope=" ".join(scopes))  # noqa: S106
    return JSONResponse(answer.model_dump(), headers={"Pragma": "no-cache"})


def _issued(request: Request) -> tuple[str, tuple[str, ...]]:
    form = form_of(request.headers.get("content-type", ""), request.scope[BODY])
    credentials = credentials_of(request.headers.get("authorization", "").strip(), form)
    opened, test = _authenticated(request, credentials)
    limiting.take(request, opened.actor.id)
    check_grant(form)
    scopes = scopes_asked(form, opened.scopes)
    tokens: AccessTokens = request.app.state.tokens
    return tokens.issue(Claims(opened.key_id, scopes, test), request.app.state.accounts_clock.now()), scopes


def _authenticated(request: Request, credentials: Credentials) -> tuple[Opened, bool]:
    """Programs behind one gateway have one address: failures are counted for what each calls itself, too.

    Raises TokenRefused (`invalid_client`), TooManyRequests after MOST_FAILURES, Forbidden (`keys_frozen`).
    """
    failures: Failures = request.app.state.token_failures
    now = request.app.state.accounts_clock.now()
    who = f"{of_address(source_of(request))}|{credentials.client_id[:LONGEST_CLIENT_ID]}"
    free_at = failures.free_at(who, now)
    if free_at is not None:
        raise TooManyRequests(seconds=max(1, int((free_at - now).total_seconds())))
    try:
        key = credentials.key
        return opened_by_key(request, key), keys.is_test(key)
    except (TokenRefused, Unauthenticated) as error:
        failures.note(who, now)
        raise TokenRefused("invalid_client") from error


def _refused(error: str, headers: dict[str, str] | None = None) -> JSONResponse:
    kind = OAUTH_ERRORS[error]
    sent = {"Pragma": "no-cache", **(headers or {})}
    if kind.status == 401:
        sent["WWW-Authenticate"] = 'Basic realm="yanlu"'
    return JSONResponse({"error": error, "error_description": kind.detail.en}, kind.status, sent)
