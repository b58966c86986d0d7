"""What every route asserts, read from the routes themselves: each rule answers the routes that break it."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute

from app.api.receiving import DepartmentRoute
from app.kit import http
from app.permissions import Permission
from app.web import uploads
from app.web.staff import access, leasing

NO_ACTOR_YET = {
    "sign_in",
    "begin_session",
    "sign_in_step",
    "sign_in_code",
    "sign_in_passkey",
    "sign_in_new_password",
    "sign_in_authenticator",
    "staff_provider",
    "staff_provider_return",
}
HANDS_OUT_TOKENS = {"issue_token"}
"""The API's one route without an actor: its form says who asks, and it opens nothing."""
METHODS = {"GET", "HEAD", "POST"}
LEAVE_A_MARK = {"staff_submission", "staff_suggestion", "queue"}
MARKS: set[Callable[..., Any]] = {leasing.opens_submission, leasing.opens_suggestion, leasing.opens_item}
LOOKING = {Permission.VIEW_DESK, Permission.VIEW_AUDIT, Permission.READ_OWN_ASSIGNMENTS}
RouteRule = Callable[[Sequence[APIRoute]], list[str]]


def routes_of(routes: Iterable[BaseRoute]) -> list[APIRoute]:
    """Every route that FastAPI answers, those of included routers too."""
    contexts = iter_route_contexts(list(routes))
    return [context.route for context in contexts if isinstance(context.route, APIRoute)]


def plain_routes_of(routes: Iterable[BaseRoute]) -> set[str]:
    """The names of those that take the request alone, past the framework's parameters: no rule here sees into them."""
    routes_within = [context.route for context in iter_route_contexts(list(routes))]
    return {str(getattr(route, "name", route)) for route in routes_within if not isinstance(route, APIRoute)}


def methods_of(route: APIRoute) -> frozenset[str]:
    return frozenset(route.methods or ())


def _told(route: APIRoute, what: str) -> str:
    return f"{min(methods_of(route))} {route.path} ({route.name}): {what}"


def dependencies(route: APIRoute) -> Iterator[Callable[..., Any]]:
    """Everything that the route depends on, at any depth."""
    return _calls(route.dependant)


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for dependency in dependant.dependencies:
        if dependency.call is not None:
            yield dependency.call
        yield from _calls(dependency)


def permissions_of(route: APIRoute) -> set[Permission]:
    """The permissions that the route asserts."""
    marks = (getattr(call, "permission", None) for call in dependencies(route))
    return {mark for mark in marks if isinstance(mark, Permission)}


def every_route_asserts_a_permission(routes: Sequence[APIRoute]) -> list[str]:
    return [_told(route, "asserts no permission") for route in routes if not permissions_of(route)]


def writing_asks_for_more_than_looking(routes: Sequence[APIRoute]) -> list[str]:
    return [
        _told(route, "writes for everybody who may look")
        for route in routes
        if "POST" in methods_of(route) and permissions_of(route) <= LOOKING
    ]


def every_form_comes_from_our_page(routes: Sequence[APIRoute]) -> list[str]:
    return [
        _told(route, "doesn't check that the form is our own")
        for route in routes
        if "POST" in methods_of(route) and not {access._own_form, uploads._own_upload} & set(dependencies(route))
    ]


def files_are_taken_in_after_the_permission(routes: Sequence[APIRoute]) -> list[str]:
    """A route without bounds of the framework's has those of `OwnUpload`, and only who may send files is read."""
    return [_told(route, problem) for route in routes if (problem := _upload_problem(route))]


def _upload_problem(route: APIRoute) -> str | None:
    calls = list(dependencies(route))
    if uploads._own_upload not in calls:
        return None if route.max_body_size is None else "takes in bodies of any size"
    marks = [place for place, call in enumerate(calls) if hasattr(call, "permission")]
    if not marks or calls.index(uploads._own_upload) < marks[0]:
        return "takes files in before the permission is asked for"
    return None if route.max_body_size == uploads.ANY_SIZE else "refuses large files without a page"


def reading_changes_nothing(routes: Sequence[APIRoute]) -> list[str]:
    return [
        _told(route, "is read, and may write")
        for route in routes
        if "POST" not in methods_of(route) and http._writing in dependencies(route)
    ]


def three_pages_leave_a_mark(routes: Sequence[APIRoute]) -> list[str]:
    """Opening an item to decide on it takes a lease (docs/decisions/0016); nothing else that is read writes."""
    return [
        _told(route, "leaves a mark by being read")
        for route in routes
        if route.name not in LEAVE_A_MARK and MARKS & set(dependencies(route))
    ]


def writing_is_by_post(routes: Sequence[APIRoute]) -> list[str]:
    return [
        _told(route, "is neither GET nor POST, or both")
        for route in routes
        if methods_of(route) - METHODS or {"GET", "POST"} <= methods_of(route)
    ]


WAIT = frozenset({"list_events", "static"})
"""`list_events` waits for something to happen, which would hold a thread, and speaks to the store in threads alone;
`static` answers from memory."""


def _is_async(route: APIRoute) -> bool:
    return inspect.iscoroutinefunction(inspect.unwrap(route.endpoint))


def endpoints_run_in_threads(routes: Sequence[APIRoute]) -> list[str]:
    """The store is spoken to synchronously: in an `async def` it would stop every other request."""
    return [_told(route, "is async") for route in routes if _is_async(route) and route.name not in WAIT]


def the_key_comes_before_the_body(routes: Sequence[APIRoute]) -> list[str]:
    return [_told(route, "reads the body first") for route in routes if not isinstance(route, DepartmentRoute)]


OF_ALL: tuple[RouteRule, ...] = (
    reading_changes_nothing,
    three_pages_leave_a_mark,
    writing_is_by_post,
    endpoints_run_in_threads,
)
OF_ACTORS: tuple[RouteRule, ...] = (every_route_asserts_a_permission, writing_asks_for_more_than_looking)
OF_STAFF: tuple[RouteRule, ...] = (
    *OF_ACTORS,
    every_form_comes_from_our_page,
    files_are_taken_in_after_the_permission,
)
OF_API: tuple[RouteRule, ...] = (*OF_ACTORS, the_key_comes_before_the_body)
