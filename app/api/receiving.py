"""What happens to a request before its route: the key is checked first, and only then is anything of the body read."""

from collections.abc import Callable, Coroutine
from email.message import Message
from typing import Any, ClassVar

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.accounts.signing_in import Opened
from app.api import json_text, limiting
from app.api.authentication import OPENED, authenticate
from app.api.sandbox import scenarios
from app.api.sandbox.places import Sandbox, Sandboxes
from app.departments.models import Department
from app.kit.database import Database
from app.kit.errors import DomainError, UnsupportedMediaType
from app.kit.http import PLACE
from app.walls.confining import confined

BODY_LIMIT = 1_000_000
ANY_DEPARTMENT = "civil-affairs"


class TooLarge(DomainError):
    status = 413
    code = "too_large"


class StrictRequest(Request):
    """A request that is looked at before its route."""

    async def check(self) -> None:
        """Raises DomainError for a query parameter that comes twice."""
        names = [name for name, _ in self.query_params.multi_items()]
        if len(set(names)) != len(names):
            raise DomainError("repeated_parameter")


class JsonRequest(StrictRequest):
    """A request whose body is at most BODY_LIMIT bytes of JSON, and says so."""

    async def body(self) -> bytes:
        """The whole body. Raises TooLarge as soon as it is known to be too large, before the rest has been received."""
        if not hasattr(self, "_body"):
            # The servers that this runs behind have refused a length that is no number.
            _check_size(int(self.headers.get("content-length", "0")))
            received = bytearray()
            async for chunk in self.stream():
                received += chunk
                _check_size(len(received))
            self._body = bytes(received)
        return self._body

    async def check(self) -> None:
        """Reads the body; an empty one is none and needs no type.

        Raises DomainError for a repeated query parameter, TooLarge, UnsupportedMediaType, MalformedJson.
        """
        await super().check()
        if self.method == "POST" and await self.body():
            if not _is_json(self.headers.get("content-type", "")):
                raise UnsupportedMediaType
            # Parsed here, and kept where `json()` looks: the framework would hide what is wrong with it.
            self._json = json_text.parse(await self.body())


def _check_size(size: int) -> None:
    if size > BODY_LIMIT:
        raise TooLarge(limit=BODY_LIMIT)


def _is_json(content_type: str) -> bool:
    """`application/json` or a `+json` type; a charset may be named if it is UTF-8 (RFC 8259 §8.1)."""
    message = Message()
    message["content-type"] = content_type
    kind = message.get_content_type() if content_type else ""
    charset = str(message.get_param("charset", "utf-8")).lower()
    is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    return is_json and charset in ("utf-8", "utf8")


def _sandbox_of(request: Request, sandboxes: Sandboxes, opened: Opened) -> Sandbox:
    """The client's own place; one without a department tries things out as some department would."""
    department_id = opened.actor.department_id or ANY_DEPARTMENT
    accounts: Database = request.app.state.accounts
    with accounts.reading() as session:
        department = session.get(Department, department_id)
        name = department.name if department else department_id
    return sandboxes.place_of(opened.actor.id, (department_id, name))


class DepartmentRoute(APIRoute):
    """A route that no caller without a valid key gets any further into than that."""

    reads: ClassVar[type[StrictRequest]] = JsonRequest

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def receive(request: Request) -> Response:
            strict = self.reads(request.scope, request.receive)
            opened = await run_in_threadpool(authenticate, strict)
            request.scope[OPENED] = opened
            limiting.take(strict, opened.actor.id)
            await strict.check()
            sandboxes: Sandboxes | None = request.app.state.sandboxes
            if sandboxes is None:
                with confined(opened.actor.department_id, opened.actor.id):
                    return await handle(strict)
            place = await run_in_threadpool(_sandbox_of, strict, sandboxes, opened)
            request.scope[PLACE] = place
            scenarios.refuse_if_asked(strict)
            answer = await handle(strict)
            if strict.method == "POST":
                await run_in_threadpool(scenarios.catch_up, place.database, place.clock.now())
            return answer

        return receive
