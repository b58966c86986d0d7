"""What a program may know of itself and of the words of this API: who it is, what it asked, the tables of codes."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from app.accounts import asked
from app.api.authentication import Anybody, opened_of
from app.api.code_words import TABLES
from app.api.problems import PROBLEMS
from app.api.receiving import DepartmentRoute
from app.api.v1.requests import PageQuery
from app.api.v1.responses import READ, READ_LIST
from app.departments.models import Department
from app.kit.http import Now, ReadSession, database_of
from app.kit.paging import read_cursor
from app.submissions.lifecycle import Channel

router = APIRouter(route_class=DepartmentRoute, tags=["program"])


class Mode(StrEnum):
    """Which of the two a key opens."""

    LIVE = "live"
    TEST = "test"


class Program(BaseModel):
    """Whom the key belongs to."""

    client_id: uuid.UUID
    key_id: str = Field(description="The key's id, which may be told when you ask for help; the secret never.")
    mode: Mode = Field(description="live: what is real · test: your program's own sandbox")
    scopes: list[str]
    department_id: str | None
    department: str | None = Field(description="The department's name.")
    channel: Channel | None = Field(description="How comments come that the program sends in.")
    now: datetime = Field(description="What time it is there; a sandbox has a clock of its own.")


class MadeRequest(BaseModel):
    """One request that your program made. Nothing of what was in it is kept."""

    id: uuid.UUID
    at: datetime
    method: str
    route: str = Field(description="The route's template, without ids.")
    status: int
    request_id: str | None
    key_id: str


class MadeRequests(BaseModel):
    """Some of your program's requests, the newest first."""

    items: list[MadeRequest]
    next_cursor: str | None


class Code(BaseModel):
    """One value that a field may have, and its label in both languages."""

    code: str
    en: str
    zh: str


class Codes(BaseModel):
    """Every table of codes. New codes may come: show one that you don't know as it is."""

    tables: Mapping[str, list[Code]]


@router.get("/whoami", responses=READ, response_description="The program", operation_id="who_am_i")
def who_am_i(request: Request, user: Anybody, session: ReadSession, now: Now) -> Program:
    """Whom the key belongs to, and what it may. The first request to try."""
    opened = opened_of(request)
    department = session.get(Department, user.department_id) if user.department_id else None
    return Program(
        client_id=uuid.UUID(user.id),
        key_id=opened.key_id,
        mode=Mode.TEST if request.app.state.is_sandbox else Mode.LIVE,
        scopes=list(opened.scopes),
        department_id=user.department_id,
        department=department.name if department else None,
        channel=Channel(opened.channel) if opened.channel else None,
        now=now,
    )


@router.get("/requests", responses=READ_LIST, response_description="One page", operation_id="list_requests")
def list_requests(request: Request, user: Anybody, query: Annotated[PageQuery, Query()]) -> MadeRequests:
    """What your program asked in the last 30 days: method, route, status, request id. No bodies, no addresses.

    A request that met a very busy store may be missing.
    """
    with database_of(request).reading() as session:
        page = asked.of_client(session, user.id, read_cursor(query.cursor), query.limit)
    items = [
        MadeRequest(
            id=row.id,
            at=row.at,
            method=row.method,
            route=row.route,
            status=row.status,
            request_id=row.request_id,
            key_id=row.key_id,
        )
        for row in page.items
    ]
    return MadeRequests(items=items, next_cursor=page.next_cursor)


@router.get("/codes", responses=READ, response_description="All tables", operation_id="list_codes")
def list_codes(user: Anybody) -> Codes:
    """The values of every field that has a table, with labels in both languages, and every problem's code."""
    tables = {
        name: [Code(code=code, en=words.en, zh=words.zh) for code, words in table.items()]
        for name, table in TABLES.items()
    }
    tables["problem"] = [Code(code=code, en=kind.title.en, zh=kind.title.zh) for code, kind in PROBLEMS.items()]
    return Codes(tables=tables)
