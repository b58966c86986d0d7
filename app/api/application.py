"""The department API as an application of its own, to be mounted at `/api/v1`."""

import secrets
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app.accounts.access_tokens import AccessTokens
from app.api.docs.older import as_openapi_30
from app.api.errors import answer_errors
from app.api.limiting import Buckets
from app.api.problems import PROBLEMS
from app.api.retiring import mark_retired
from app.api.sandbox.dispatch import ByKey
from app.api.sandbox.places import MASTER, Sandboxes
from app.api.uploading import Uploads
from app.api.v1 import (
    asking,
    assignments,
    consultations,
    departments,
    events,
    files,
    oauth,
    own,
    reports,
    sandbox,
    submissions,
    webhooks,
)
from app.api.v1.representations import EXAMPLE
from app.api.waiting import Waiters
from app.kit.clock import Clock
from app.kit.crypto import Sealer
from app.kit.database import Database
from app.kit.throttle import Sharing
from app.mail.attached import Cabinet
from app.submissions.intake import Intake

VERSION = "1.0.0"
NO_LIMIT_OF_THE_FRAMEWORK = 2**40
"""The framework answers too large a body in plain text, and an outer application's limit for forms would hold here too.
Bodies are counted where they are read instead (`receiving.BODY_LIMIT`), and those of GET requests never are."""
DESCRIPTION = """\
For a department's own program: fetch what has been assigned to the department, acknowledge it, send it back, answer it.

Every request carries the department's key. Every write is a POST and can be repeated safely under an idempotency key.
Every error is a problem document (RFC 9457) with a stable `code`; its words follow `Accept-Language`, Chinese by
default. Instants are RFC 3339 in UTC. Fields may be added to answers: ignore what you don't know.
"""
TAGS = [
    {"name": "assignments", "description": "Suggestions in the hands of your department (交办)."},
    {"name": "files", "description": "Files with your answer, and released ones that came with comments (附件)."},
    {"name": "departments", "description": "The directory of responsible units (责任单位)."},
    {"name": "events", "description": "What happened, in one order, each event once (变更事件)."},
    {"name": "webhooks", "description": "Events sent to your own receiver (事件推送)."},
    {"name": "consultations", "description": "What the column shows everybody: drafts, clauses, comments (意见征集)."},
    {"name": "sandbox", "description": "A place to try things out, for keys that begin with `yl_test_`."},
    {"name": "program", "description": "Your own program: its key, its requests; the tables of codes."},
    {"name": "submissions", "description": "Comments that trusted channels send in (热线、小程序)."},
]


ROUTERS = (
    *(assignments.router, asking.router, files.router, files.uploads, departments.router, events.router),
    *(webhooks.router, submissions.router, consultations.router, reports.router, own.router, oauth.router),
    sandbox.router,
)


class FieldProblem(BaseModel):
    """What is wrong with one field. `field` is empty when it is the body as a whole."""

    field: str
    code: str
    message: str


class Problem(BaseModel):
    """A problem document (RFC 9457). Rely on `code`: it never changes; the words may."""

    type: str = Field(json_schema_extra={"format": "uri-reference"}, description="Leads to an entry of `x-problems`.")
    title: str
    status: int
    detail: str = Field(description="How to mend it.")
    code: str
    request_id: str | None = Field(description="As in the header `X-Request-Id`; name it when you ask for help.")
    errors: list[FieldProblem] = Field(default=[], description="Each field that can't be accepted.")
    parameters: dict[str, str | int] = Field(default={}, description="The values that `detail` speaks of.")


class DepartmentApi(FastAPI):
    """FastAPI with problem documents in its description of itself."""

    def openapi(self) -> dict[str, Any]:
        """OpenAPI 3.1; `x-problems` explains every problem code in both languages."""
        if self.openapi_schema is None:
            described = super().openapi()
            described["components"]["securitySchemes"]["clientBasic"] = oauth.CLIENT_BASIC
            schemas = described["components"]["schemas"]
            schemas |= _schemas_of_problems()
            schemas["Assignment"]["examples"] = [EXAMPLE]  # the framework would drop its nulls
            described["x-problems"] = _explained()
            _leave_out_null(described)
            mark_retired(described)
        return super().openapi()


def create_api(
    database: Database | None,
    clock: Clock,
    intake: Intake | None = None,
    *,
    sealer: Sealer | None = None,
    cabinet: Cabinet | None = None,
    buckets: Buckets | None = None,
    accounts: tuple[Database, Clock] | None = None,
    sandboxes: Sandboxes | None = None,
) -> DepartmentApi:
    """The application; it holds no connection of its own and starts nothing.

    Without an `intake` it takes no comments in, without a `sealer` it makes no webhooks, without a `cabinet` it keeps
    and hands out no files. Its access tokens hold in this process alone. `accounts` tells where keys
    are looked up when that is not the store that its requests work in, which makes it the application of the sandbox:
    it opens to keys of the sandbox alone, and has no store but the `sandboxes`.
    """
    api = DepartmentApi(
        title="Yanlu department API",
        summary="Assignments of public suggestions to responsible departments",
        description=DESCRIPTION,
        version=VERSION,
        openapi_tags=TAGS,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=NO_LIMIT_OF_THE_FRAMEWORK,
    )
    api.state.database, api.state.clock, api.state.intake = database, clock, intake
    api.state.is_sandbox, api.state.sandboxes = sandboxes is not None, sandboxes
    api.state.accounts, api.state.accounts_clock = accounts or (database, clock)
    api.state.buckets = buckets or Buckets()
    api.state.sealer, api.state.waiters = sealer, Waiters()
    api.state.cabinet, api.state.uploads = cabinet, Uploads()
    api.state.tokens = AccessTokens(secrets.token_bytes(32))
    api.state.token_failures = oauth.Failures()
    answer_errors(api)
    api.add_route("/openapi-3.0.json", _older, include_in_schema=False)
    for router in ROUTERS:
        api.router.routes.extend(router.routes)
    return api


def share_counts(api: DepartmentApi, sharing: Sharing) -> None:
    """From now on its limits hold over all processes that share their counts."""
    api.state.buckets, api.state.uploads = Buckets(sharing=sharing), Uploads(sharing)
    api.state.token_failures = oauth.Failures(sharing)


def create_sides(
    live: DepartmentApi, database: Database, clock: Clock, folder: Path, tokens: AccessTokens | None = None
) -> ByKey:
    """The live application with that of the sandbox beside it, whose stores lie in the folder.

    The sandbox is given the live store for one thing alone: to look its keys up, and to note that they were used.
    Both read the same access tokens: `tokens` where several processes do, which hold in each of them.
    """
    sandboxes, sealer = Sandboxes(folder, clock), Sealer({"sandbox": MASTER}, "sandbox")
    sandbox = create_api(None, clock, sealer=sealer, accounts=(database, clock), sandboxes=sandboxes)
    live.state.tokens = sandbox.state.tokens = tokens or live.state.tokens
    return ByKey(live, sandbox)


def _older(request: Request) -> JSONResponse:
    """The description for tools that don't read 3.1 yet. Like that one it needs no key."""
    return JSONResponse(as_openapi_30(request.app.openapi()))


def _schemas_of_problems() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def _explained() -> dict[str, Any]:
    return {
        code: {
            "status": kind.status,
            "title": {"en": kind.title.en, "zh": kind.title.zh},
            "detail": {"en": kind.detail.en, "zh": kind.detail.zh},
        }
        for code, kind in PROBLEMS.items()
    }


def _leave_out_null(described: dict[str, Any]) -> None:
    """A parameter that may be left out can't be null in an address or a header, whatever its type in Python says."""
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    for parameter in [one for operation in operations for one in operation.get("parameters", ())]:
        schema = parameter["schema"]
        kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
        if len(kinds) == 1:
            del schema["anyOf"]
            parameter["schema"] = {**kinds[0], **schema}
