"""Answering every error as a problem document (RFC 9457), in the client's language and without any internals."""

import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import field_refusals
from app.api.field_problems import FIELD_CODES, FIELD_PROBLEMS
from app.api.field_refusals import FieldsRefused
from app.api.languages import Language, preferred
from app.api.limiting import LEFT
from app.api.noting import Noted
from app.api.problems import kind_of
from app.api.retiring import retirement_headers
from app.kit.errors import DomainError, NotFound, Unavailable
from app.kit.http import request_id_of

RETRY_AFTER_SECONDS = "2"
CODE_OF_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
CHALLENGES = {
    # RFC 6750 §3: a request without any credentials is told no error code.
    "missing_key": 'Bearer realm="yanlu"',
    "wrong_key": 'Bearer realm="yanlu", error="invalid_token"',
    "wrong_token": 'Bearer realm="yanlu", error="invalid_token"',
    "forbidden": 'Bearer realm="yanlu", error="insufficient_scope", scope="{scope}"',
}


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem(
    request: Request,
    code: str,
    status: int,
    details: Mapping[str, str | int] | None = None,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """The answer for one problem.

    `type` is an address under this API: a pointer (RFC 6901) into the description of the API, where the problem is
    explained in both languages.
    """
    language = preferred(request.headers.get("accept-language"))
    kind = kind_of(code, status)
    known = dict(details or {})
    detail = _filled(kind.detail.in_(language), known)
    listed = list(errors)
    if kind.field is not None and not listed:
        listed = [{"field": kind.field, "code": code, "message": detail}]
    root = str(request.scope.get("root_path", "")).rstrip("/")
    content: dict[str, Any] = {
        "type": f"{root}/openapi.json#/x-problems/{code}",
        "title": kind.title.in_(language),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id_of(request),
    }
    content |= {"errors": listed} if listed else {}
    content |= {"parameters": known} if known else {}
    sent = {"Content-Language": language, "Vary": "Accept-Language", **(headers or {})}
    if code in CHALLENGES:
        sent["WWW-Authenticate"] = CHALLENGES[code].format_map(known)
    if status == 503:
        sent["Retry-After"] = RETRY_AFTER_SECONDS
    if code in ("too_many_requests", "request_in_flight"):
        sent["Retry-After"] = str(known["seconds"])
    return ProblemResponse(content, status, sent)


def answer_errors(api: FastAPI) -> None:
    """Makes the application answer all its errors as problems."""
    api.add_exception_handler(DomainError, _domain_error)
    api.add_exception_handler(RequestValidationError, _invalid_fields)
    api.add_exception_handler(HTTPException, _http_error)
    api.add_exception_handler(OperationalError, _store_error)
    api.add_exception_handler(PoolTimeout, _store_error)
    api.add_middleware(Noted)
    api.add_middleware(LastResort)


class LastResort:
    """Answers what nothing else answered with a bare 500, logs where it happened, and lets nothing be cached.

    The log has the kind of the exception and the lines, never its words: those may hold what somebody sent.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.log = structlog.get_logger("yanlu.api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_uncached(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["Cache-Control"] = "no-store"
                headers.update(scope[LEFT].headers() if LEFT in scope else {})
                headers.update(retirement_headers(scope))
            await send(message)

        try:
            await self.app(scope, receive, send_uncached)
        except ClientDisconnect:
            return
        except Exception as error:
            self._note(error)
            if started:
                raise
            await problem(Request(scope), "internal_error", 500)(scope, receive, send_uncached)

    def _note(self, error: Exception) -> None:
        frames = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        self.log.error("unexpected error", error=type(error).__qualname__, frames=frames[-12:])


async def _domain_error(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, DomainError)
    headers = {"Connection": "close"} if error.status == 413 else None
    listed: Sequence[Mapping[str, str]] = ()
    if isinstance(error, FieldsRefused):
        listed = field_refusals.entries(error, preferred(request.headers.get("accept-language")))
    return problem(request, error.code, error.status, error.details, listed, headers)


async def _invalid_fields(request: Request, error: Exception) -> ProblemResponse:
    """422 with every field at once; an id in the address that is no id at all is simply unknown: 404."""
    assert isinstance(error, RequestValidationError)
    found: Sequence[Any] = error.errors()
    if any(one["loc"][0] == "path" for one in found):
        return await _domain_error(request, NotFound(_unknown_in(request)))
    language = preferred(request.headers.get("accept-language"))
    return problem(request, "invalid_fields", 422, errors=[_field_problem(one, language) for one in found])


def _unknown_in(request: Request) -> str:
    """What the address names that is no id at all."""
    path = str(getattr(request.scope.get("route"), "path", ""))
    return "no_such_assignment" if path.startswith("/assignments/") else "not_found"


def _field_problem(found: Mapping[str, Any], language: Language) -> dict[str, str]:
    code = FIELD_CODES.get(found["type"], "invalid")
    values = dict(found.get("ctx", {}))
    if "expected" in values:
        values["expected"] = values["expected"].replace(" or ", ", ")
    message = _filled(FIELD_PROBLEMS[code].in_(language), values)
    return {"field": ".".join(str(step) for step in found["loc"][1:]), "code": code, "message": message}


async def _http_error(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    code = CODE_OF_STATUS.get(error.status_code, "bad_request")
    return problem(request, code, error.status_code, headers=error.headers)


async def _store_error(request: Request, error: Exception) -> ProblemResponse:
    """A lock that was not got in time, a statement that took too long, a store that is away: nothing was changed."""
    structlog.get_logger("yanlu.api").error("store unavailable", error=type(error).__qualname__)
    return problem(request, Unavailable.code, Unavailable.status)


class _Left(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "…"


def _filled(template: str, values: Mapping[str, Any]) -> str:
    return template.format_map(_Left(values))
