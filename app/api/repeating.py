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
from app.idempotency.ledger import EarlierAnswer, earlier_answer, keep_answer
from app.kit.crypto import content_hash
from app.kit.database import Database
from app.kit.errors import Conflict, Unprocessable
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


class WriteBody(BaseModel):
    """What every write may carry. A field that a body doesn't name is refused: no typing error is overlooked."""

    model_config = ConfigDict(extra="forbid")

    idempotency_key: IdempotencyKey | None = None


@dataclass(frozen=True)
class Caller:
    """Who writes, when, and under which idempotency key of the header."""

    database: Database
    actor: Actor
    at: datetime
    header_key: str | None


def _caller(
    request: Request,
    actor: Answerer,
    at: Now,
    key: Annotated[IdempotencyKey | None, Header(alias="Idempotency-Key")] = None,
) -> Caller:
    return Caller(database_of(request), actor, at, key)


Writing = Annotated[Caller, Depends(_caller)]
Act = Callable[[Session], BaseModel]


def written_once(caller: Caller, what: str, body: WriteBody, act: Act) -> JSONResponse:
    """Carries `act` out in one unit of work and answers what it returns; that is durable before it is sent.

    `what` names the route with the ids in its address. Only what was carried out is remembered: a refused request can
    be mended and sent again under the same key. Two equal requests at one moment have one effect and get one answer.
    """
    key, request = _key_of(caller, body), fingerprint(what, body)
    try:
        with caller.database.writing() as session:
            earlier = _earlier(session, caller, key, request)
            answer = earlier or EarlierAnswer(200, act(session).model_dump(mode="json"))
            if key is not None and earlier is None:
                keep_answer(session, caller.actor.id, key, request, answer, caller.at)
    except Conflict as conflict:
        # Another request may have won in between: if it was this very one, its answer is ours too.
        with caller.database.reading() as session:
            earlier = _earlier(session, caller, key, request)
        if earlier is None:
            raise _in_terms_of_the_api(conflict) from conflict
        answer = earlier
    return JSONResponse(answer.body, answer.status, {REPLAYED: "true"} if earlier else None)


def fingerprint(what: str, body: WriteBody) -> str:
    """The same for equal requests.

    Fields at their defaults are left out, so that a field that a later version adds changes nothing of it.
    """
    said: dict[str, Any] = {"exclude": {"idempotency_key"}, "exclude_defaults": True}
    return content_hash("POST", what, body.model_dump_json(**said))


def _earlier(session: Session, caller: Caller, key: str | None, request: str) -> EarlierAnswer | None:
    return None if key is None else earlier_answer(session, caller.actor.id, key, request)


def _in_terms_of_the_api(conflict: Conflict) -> Conflict:
    """That two writes made the same row is to the client the same as that they changed the same row."""
    return Conflict("changed_meanwhile") if conflict.code == "exists_already" else conflict


def _key_of(caller: Caller, body: WriteBody) -> str | None:
    given = {key for key in (caller.header_key, body.idempotency_key) if key is not None}
    if len(given) > 1:
        raise Unprocessable("idempotency_keys_differ")
    return given.pop() if given else None
