"""The log's addresses as an application of its own, to be mounted at `/api/v1/log`. docs/transparency.md is its guide.

What can never change may be kept by everybody for ever; the newest head for some seconds.
"""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from app.api.errors import CODE_OF_STATUS, problem
from app.api.log_problems import LOG_PROBLEMS
from app.kit.database import Database
from app.kit.errors import DomainError, NotFound
from app.kit.http import ReadSession
from app.kit.signing import Signer, key_id
from app.transparency import heads, queries
from app.transparency.heads import SignedHead

FOR_EVER = "public, max-age=31536000, immutable"
FOR_SECONDS = "public, max-age=10"
MOST_LEAVES = 1000
LARGEST = 2**53 - 1
"""What a number of JSON may be in every program (RFC 7493 §2.2)."""


class AnyKey(BaseModel):
    """A key by which receipts and heads are or were signed (Ed25519)."""

    log: str = Field(description="Its id: SHA-256 of the public key in hex.")
    public_key: str = Field(description="32 bytes in base64.")


class Key(AnyKey):
    """Today's key."""

    earlier: list[AnyKey] = Field(description="Keys that sign nothing any more; what they signed still holds.")


class Head(BaseModel):
    """A signed tree head. Signed are the lines `yanlu log head v1`, log, size, root, at, each with a line feed."""

    log: str
    size: int
    root: str = Field(description="In hex, as RFC 9162 §2.1.1 has it.")
    at: str
    signature: str


class Growth(BaseModel):
    """A consistency proof (RFC 9162 §2.1.4), hashes in hex."""

    first: int
    second: int
    path: list[str]


class Leaves(BaseModel):
    """Hashes of leaves in hex, from the place `start` on. Each stands for one minute, whatever came in."""

    start: int
    leaves: list[str]


class EntryProof(BaseModel):
    """Where an entry stands: in its batch, and the batch in the log of `size` leaves (RFC 9162 §2.1.3)."""

    batch_place: int
    batch_size: int
    batch_path: list[str]
    place: int
    size: int
    path: list[str]


class LogApi(FastAPI):
    """FastAPI with the words of its problems in its description of itself."""

    def openapi(self) -> dict[str, Any]:
        described = super().openapi()
        described["x-problems"] = {
            code: {"title": vars(kind.title), "detail": vars(kind.detail)} for code, kind in LOG_PROBLEMS.items()
        }
        return described


def create_log(database: Database, signer: Signer, earlier: Sequence[str] = ()) -> LogApi:
    """The application; it reads and changes nothing. `earlier` are public keys that signed before this one."""
    api = LogApi(title="Yanlu transparency log", version="1.0.0", docs_url=None, redoc_url=None, redirect_slashes=False)
    api.state.database, api.state.signer, api.state.earlier = database, signer, earlier
    api.add_exception_handler(DomainError, _refused)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _http_error)
    api.add_api_route("/key", _key, response_model=Key, operation_id="log_key")
    api.add_api_route("/head", _newest, response_model=Head, operation_id="log_head")
    api.add_api_route("/heads/{size}", _head_of_size, response_model=Head, operation_id="log_head_of_size")
    api.add_api_route("/consistency", _consistency, response_model=Growth, operation_id="log_consistency")
    api.add_api_route("/entries", _entries, response_model=Leaves, operation_id="log_entries")
    api.add_api_route("/proof", _proof, response_model=EntryProof, operation_id="log_proof")
    return api


def _key(request: Request, response: Response) -> Key:
    """The key, and those before it; compare them with what you were given another way."""
    response.headers["Cache-Control"] = FOR_SECONDS
    earlier = [AnyKey(log=key_id(key), public_key=key) for key in request.app.state.earlier]
    return Key(log=_signer(request).key_id, public_key=_signer(request).public, earlier=earlier)


def _newest(request: Request, response: Response, session: ReadSession) -> Head:
    """The newest head: there is one a minute. Keep it, and ask later for a proof that the log only grew."""
    response.headers["Cache-Control"] = FOR_SECONDS
    return _said(heads.newest(session, _signer(request)))


def _head_of_size(
    request: Request, response: Response, session: ReadSession, size: Annotated[int, Path(ge=1, le=LARGEST)]
) -> Head:
    """The head over the first so many leaves."""
    found = _said(heads.of_size(session, _signer(request), size))
    response.headers["Cache-Control"] = FOR_EVER
    return found


def _consistency(
    response: Response,
    session: ReadSession,
    first: Annotated[int, Query(alias="from", ge=1, le=LARGEST)],
    second: Annotated[int, Query(alias="to", ge=1, le=LARGEST)],
) -> Growth:
    """That the log of the second size begins with the whole log of the first one."""
    try:
        path = queries.consistency(session, first, second)
    except ValueError as error:
        raise NotFound("no_such_head") from error
    response.headers["Cache-Control"] = FOR_EVER
    return Growth(first=first, second=second, path=path)


def _entries(
    response: Response,
    session: ReadSession,
    start: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_LEAVES)] = MOST_LEAVES,
) -> Leaves:
    """The log's leaves, by which its heads can be reckoned anew. They tell nothing of what came in."""
    leaves = queries.leaves(session, start, limit)
    response.headers["Cache-Control"] = FOR_EVER if len(leaves) == limit else FOR_SECONDS
    return Leaves(start=start, leaves=leaves)


def _proof(
    response: Response,
    session: ReadSession,
    entry: uuid.UUID,
    commitment: Annotated[str, Query(pattern="^[0-9a-f]{64}$")],
    size: Annotated[int, Query(ge=1, le=LARGEST)],
) -> EntryProof:
    """For whoever holds the receipt file: it alone names the entry's id together with its commitment."""
    found = queries.proof_for_holder(session, entry, bytes.fromhex(commitment), size)
    if found is None:
        raise NotFound("no_such_entry")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return EntryProof(**vars(found))


def _signer(request: Request) -> Signer:
    signer: Signer = request.app.state.signer
    return signer


def _said(head: SignedHead | None) -> Head:
    if head is None:
        raise NotFound("no_such_head")
    return Head(**vars(head))


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)
    return problem(request, error.code, error.status, error.details)


def _unreadable(request: Request, _error: Exception) -> JSONResponse:
    return problem(request, "invalid_fields", 422)


def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(request, CODE_OF_STATUS.get(error.status_code, "bad_request"), error.status_code)
