"""What every HTTP edge needs: the unit of work of a request, the instant, the request's id.

A dependency with `yield` that commits on exit would by default commit after the response went out; the write session
has function scope, so that it has committed before the first byte of the response is sent.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.kit.clock import Clock
from app.kit.database import Database
from app.kit.observing import REQUEST_ID

PLACE = "yanlu.place"
"""Where in a request's scope the place stands that it works in, where that isn't its application's own."""


class Place(Protocol):
    """A store, and the clock that goes there."""

    @property
    def database(self) -> Database: ...

    @property
    def clock(self) -> Clock: ...


def database_of(request: Request) -> Database:
    database: Database = _place_of(request).database
    return database


def now_of(request: Request) -> datetime:
    return _place_of(request).clock.now()


def _place_of(request: Request) -> Place:
    found: Place = request.scope.get(PLACE) or request.app.state
    return found


def source_of(request: Request) -> str | None:
    """The address that a request came from, as the server or a trusted proxy tells it."""
    return request.client.host if request.client else None


def request_id_of(request: Request) -> str | None:
    found: str | None = request.scope.get(REQUEST_ID)
    return found


def _reading(request: Request) -> Iterator[Session]:
    with database_of(request).reading() as session:
        yield session


def _writing(request: Request) -> Iterator[Session]:
    with database_of(request).writing() as session:
        yield session


# What waits for nothing is a coroutine: the framework calls every other dependency in a thread of its own.
async def _now(request: Request) -> datetime:
    return now_of(request)


async def _request_id(request: Request) -> str | None:
    return request_id_of(request)


ReadSession = Annotated[Session, Depends(_reading, scope="function")]
WriteSession = Annotated[Session, Depends(_writing, scope="function")]
Now = Annotated[datetime, Depends(_now)]
RequestId = Annotated[str | None, Depends(_request_id)]
