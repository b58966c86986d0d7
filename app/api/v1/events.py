"""The feed: what happened to a department's records, in one order, each event once."""

import uuid
from datetime import datetime
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Query, Request, Security
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.concurrency import run_in_threadpool

from app.api.authentication import Permitted, department_of, scope_of
from app.api.receiving import DepartmentRoute
from app.api.v1.responses import READ_EVENTS
from app.api.waiting import LONGEST_WAIT, PAUSE_SECONDS, Waiters
from app.events import numbering, queries
from app.events.models import Event as EventRow
from app.kit.database import Database
from app.kit.http import database_of
from app.permissions import Actor, Permission

router = APIRouter(route_class=DepartmentRoute, tags=["events"])
PAGE_LIMIT = 500
LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON knows exactly (RFC 8259 §6)."""
READING_EVENTS = Permitted(Permission.READ_OWN_EVENTS)
EventReader = Annotated[Actor, Security(READING_EVENTS, scopes=[scope_of(READING_EVENTS.permission)])]


class Record(BaseModel):
    """What the event is about; read it by its id."""

    kind: str = Field(examples=["assignment"])
    id: str = Field(examples=["0198c0de-7c1a-7d33-9d5e-3f6f1c1d9a10"])


class Event(BaseModel):
    """Ids and codes only: nothing personal, and nobody's words."""

    position: int = Field(description="Grows from event to event; other departments' events are left out.")
    id: uuid.UUID = Field(description="The same as the `webhook-id` of the message about it.")
    kind: str = Field(description="See the catalogue; leave a kind that you don't know.")
    happened_at: datetime
    record: Record
    detail: dict[str, Any] = Field(description="More ids and codes, by kind of event.")


class EventPage(BaseModel):
    """Some events in order. Keep `position` together with what you did about them, and go on with `after=position`."""

    items: list[Event]
    position: int = Field(description="What to pass as `after` next, whether there were events or not.")
    more: bool = Field(description="Whether there may be more right away.")


class EventQuery(BaseModel):
    """From where on, how many, and how long to wait for the first. A parameter without a value counts as left out."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given

    after: int | None = Field(
        default=None,
        ge=0,
        le=LARGEST,
        description="`position` of the page before; leave it out to begin with the oldest event that is kept.",
    )
    limit: int = Field(default=100, ge=1, le=PAGE_LIMIT, description="How many events a page has at most.")
    wait: int = Field(
        default=0, ge=0, le=LONGEST_WAIT, description="How many seconds to wait when there is nothing yet."
    )


@router.get("/events", responses=READ_EVENTS, response_description="One page", operation_id="list_events")
async def list_events(request: Request, reader: EventReader, query: Annotated[EventQuery, Query()]) -> EventPage:
    """Your department's events after a position, in order, none left out and none twice.

    With `wait` the answer comes as soon as something happens, or empty when the time is over: ask again. A client
    may have four requests waiting. Events are kept for a stated time (90 days unless the operator says otherwise);
    a position from before is answered 410 with the oldest one to go on from.
    """
    page, last = await _read(request, reader, query)
    if page.items or not query.wait:
        return page
    waiters: Waiters = request.app.state.waiters
    with waiters.place(reader.id):
        return await _wait(request, reader, query, page, last)


async def _wait(request: Request, reader: Actor, query: EventQuery, page: EventPage, known: int) -> EventPage:
    """Reads again whenever anything happened to anybody, until it was this department's or the time is over.

    `known` is the last position when the page was read: what came between reading and waiting is not slept over.
    """
    waiters, until = request.app.state.waiters, anyio.current_time() + query.wait
    while not page.items and anyio.current_time() < until and not await request.is_disconnected():
        if await waiters.last(lambda: _last(request)) > known:
            page, known = await _read(request, reader, query)
        else:
            await anyio.sleep(min(PAUSE_SECONDS, max(0.0, until - anyio.current_time())))
    return page


async def _read(request: Request, reader: Actor, query: EventQuery) -> tuple[EventPage, int]:
    return await run_in_threadpool(_page, request, department_of(reader), query)


async def _last(request: Request) -> int:
    return await run_in_threadpool(_last_position, database_of(request), bool(request.app.state.is_sandbox))


def _last_position(database: Database, is_sandbox: bool) -> int:
    if is_sandbox:
        _put_in_order(database)
    with database.reading() as session:
        return queries.bounds(session).last


def _page(request: Request, department_id: str, query: EventQuery) -> tuple[EventPage, int]:
    """One page, and the last position that was given when it was read."""
    database = database_of(request)
    if request.app.state.is_sandbox:
        _put_in_order(database)
    with database.reading() as session:
        rows = queries.after(session, department_id, query.after, query.limit + 1)
        bounds = queries.bounds(session)
    items = [_event(row) for row in rows[: query.limit]]
    begin = bounds.forgotten if query.after is None else query.after
    position = items[-1].position if items else begin
    return EventPage(items=items, position=position, more=len(rows) > query.limit), bounds.last


def _put_in_order(database: Database) -> None:
    """A sandbox has no worker beside it that would."""
    with database.writing() as session:
        numbering.number(session)


def _event(row: EventRow) -> Event:
    assert row.position is not None
    return Event(
        position=row.position,
        id=row.id,
        kind=row.kind,
        happened_at=row.happened_at,
        record=Record(kind=row.record_kind, id=row.record_id),
        detail=row.detail,
    )
