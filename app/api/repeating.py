"""Writes that can be repeated safely: carried out once, and answered alike however often the same request is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from app.api.authentication import Answerer
from app.idempotency.ledger import EarlierAnswer, InFlight, claim, earlier_answer, keep_answer, let_go
from app.kit.crypto import content_hash
from app.kit.database import Database
from app.kit.errors import Conflict, DomainError, Unprocessable
from app.kit.http import Now, database_of
from app.permissions import Actor

REPLAYED = "Idempotent-Replayed"
IdempotencyKey = Annotated[
    str,
    Field(
        min_length=1,
        max_length=255,
        pattern=r"^[ -~]*$",
        description="Any word of your own for this one request, such as a UUID. The same key with the same request is "
        "carried out once and answered alike; it is remembered for 7 days.",
        examples=["0f0c3a52-5d0e-4c3a-9b57-2f6f1c1d9a10"],
    ),
]


IfMatch = Annotated[
    str,
    Field(
        max_length=255,
        description="The `ETag` that you have before you; the write is refused with 412 when there is a newer one.",
        examples=['"2"'],
    ),
]


class WriteBody(BaseModel):
    """What every write may carry. A field that a body doesn't name is refused: no typing error is overlooked."""

    model_config = ConfigDict(extra="forbid")

    idempotency_key: IdempotencyKey | None = None
    expected_version: int | None = Field(
        default=None,
        ge=0,
        le=2**31 - 1,
        description="The `revision` that you have before you; refused when it has grown. `If-Match` says the same.",
        examples=[2],
    )


@dataclass(frozen=True)
class Caller:
    """Who writes, when, and under which idempotency key of the header."""

    database: Database
    actor: Actor
    at: datetime
    header_key: str | None
    if_match: str | None = None


def _caller(
    request: Request,
    actor: Answerer,
    at: Now,
    key: Annotated[IdempotencyKey | None, Header(alias="Idempotency-Key")] = None,
    if_match: Annotated[IfMatch | None, Header(alias="If-Match")] = None,
) -> Caller:
    return Caller(database_of(request), actor, at, key, if_match)


Writing = Annotated[Caller, Depends(_caller)]
Act = Callable[[Session], BaseModel]


def written_once(caller: Caller, what: str, body: WriteBody, act: Act) -> JSONResponse:
    """Carries `act` out in one unit of work and answers what it returns; that is durable before it is sent.

    `what` names the route with the ids in its address. Only what was carried out is remembered: a refused request can
    be mended and sent again under the same key. An equal request that comes meanwhile is refused (InFlight).
    """
    key, request = _key_of(caller, body), fingerprint(what, body)
    earlier = _claimed(caller, key, request) if key is not None else None
    if earlier is not None:
        return _answer(earlier, is_replayed=True)
    try:
        with caller.database.writing() as session:
            answer = EarlierAnswer(200, act(session).model_dump(mode="json"))
            if key is not None:
                keep_answer(session, caller.actor.id, key, answer, caller.at)
    except Exception as error:
        if key is not None:
            with caller.database.writing() as session:
                let_go(session, caller.actor.id, key, caller.at)
        if isinstance(error, Conflict):
            raise _in_terms_of_the_api(error) from error
        raise
    return _answer(answer, is_replayed=False)


def _claimed(caller: Caller, key: str, request: str) -> EarlierAnswer | None:
    """What the request was answered before; None where it has the key for itself from now on.

    It is looked at before it is claimed: a reading waits for no writer, the one of the equal request least of all.
    """
    with caller.database.reading() as session:
        earlier = earlier_answer(session, caller.actor.id, key, request, caller.at)
    if earlier is not None:
        return earlier
    try:
        with caller.database.writing() as session:
            return claim(session, caller.actor.id, key, request, caller.at)
    except Conflict as conflict:
        raise InFlight(seconds=1) from conflict


def _answer(answer: EarlierAnswer, *, is_replayed: bool) -> JSONResponse:
    headers = {"ETag": etag(answer.body["revision"])} if "revision" in answer.body else {}
    return JSONResponse(answer.body, answer.status, headers | ({REPLAYED: "true"} if is_replayed else {}))


class PreconditionFailed(DomainError):
    """There is a newer version than the one that `If-Match` names (RFC 9110 §13.1.1)."""

    status = 412
    code = "precondition_failed"


def etag(revision: int) -> str:
    """The entity tag of a record at that revision."""
    return f'"{revision}"'


def check_version(caller: Caller, body: WriteBody, current: int) -> None:
    """Refuses a write that was made with an older version before one's eyes.

    Raises PreconditionFailed where `If-Match` names another, Conflict where `expected_version` does; both tell the
    current one.
    """
    if caller.if_match is not None and not is_among(caller.if_match, current):
        raise PreconditionFailed(current=current)
    if body.expected_version is not None and body.expected_version != current:
        raise Conflict("version_mismatch", current=current)


def is_among(tags: str, revision: int) -> bool:
    """Whether a list of entity tags has that revision, or is `*`; a weak tag is as good, for gateways weaken them."""
    named = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    return "*" in named or etag(revision) in named


def fingerprint(what: str, body: WriteBody) -> str:
    """The same for equal requests.

    Fields at their defaults are left out, so that a field that a later version adds changes nothing of it.
    """
    said: dict[str, Any] = {"exclude": {"idempotency_key"}, "exclude_defaults": True}
    return content_hash("POST", what, body.model_dump_json(**said))


def _in_terms_of_the_api(conflict: Conflict) -> Conflict:
    """That two writes made the same row is to the client the same as that they changed the same row."""
    return Conflict("changed_meanwhile") if conflict.code == "exists_already" else conflict


def _key_of(caller: Caller, body: WriteBody) -> str | None:
    given = {key for key in (caller.header_key, body.idempotency_key) if key is not None}
    if len(given) > 1:
        raise Unprocessable("idempotency_keys_differ")
    return given.pop() if given else None
