"""Every route asserts its permission, and a route that doesn't is seen."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.api.application import create_api
from app.api.authentication import Reader
from app.api.receiving import DepartmentRoute
from app.kit.clock import SystemClock
from app.kit.database import Database
from app.kit.http import WriteSession
from app.main import health
from app.permissions import Actor, Permission
from app.web.forms import ReceivedForm
from app.web.public.routes import router as public
from app.web.staff.access import OwnForm, ViewsDesk, allowed
from app.web.staff.leasing import OpensItem
from app.web.staff.routes import router as staff
from app.web.static import router as static
from app.web.uploads import ANY_SIZE, OwnUpload
from tests.architecture import routes

STAFF = routes.routes_of(staff.routes)
PUBLIC = routes.routes_of([*public.routes, *static.routes, *health.routes])


@pytest.fixture(scope="module")
def api() -> list[APIRoute]:
    database = Database("sqlite:///never-opened.sqlite3")
    found = routes.routes_of(create_api(database, SystemClock()).routes)
    database.close()
    return found


def test_the_walk_finds_the_routes(api: list[APIRoute]) -> None:
    assert {"desk", "staff_decide", "staff_approve"} <= {route.name for route in STAFF}
    assert {"home", "comment", "healthz"} <= {route.name for route in PUBLIC}
    assert {"list_assignments", "answer"} <= {route.name for route in api}


def test_only_the_sending_of_a_comment_is_past_the_rules() -> None:
    assert routes.plain_routes_of([*public.routes, *static.routes, *health.routes]) == {"send_comment"}
    assert routes.plain_routes_of(staff.routes) == set()


@pytest.mark.parametrize("rule", routes.OF_STAFF, ids=lambda rule: rule.__name__)
def test_staff(rule: routes.RouteRule) -> None:
    assert rule([route for route in STAFF if route.name not in routes.NO_ACTOR_YET]) == []


def test_only_the_sign_in_has_no_actor_yet() -> None:
    without = {route.name for route in STAFF if not routes.permissions_of(route)}
    assert without == routes.NO_ACTOR_YET


@pytest.mark.parametrize("rule", routes.OF_API, ids=lambda rule: rule.__name__)
def test_api(rule: routes.RouteRule, api: list[APIRoute]) -> None:
    assert rule([route for route in api if route.name not in routes.HANDS_OUT_TOKENS]) == []


def test_only_the_door_for_tokens_has_no_actor(api: list[APIRoute]) -> None:
    assert {route.name for route in api if not routes.permissions_of(route)} == routes.HANDS_OUT_TOKENS


@pytest.mark.parametrize("rule", routes.OF_ALL, ids=lambda rule: rule.__name__)
def test_all_sides(rule: routes.RouteRule, api: list[APIRoute]) -> None:
    assert rule([*PUBLIC, *STAFF, *api]) == []


def test_no_address_has_two_routes(api: list[APIRoute]) -> None:
    for side in ([*PUBLIC, *STAFF], api):
        addresses = [(route.path, method) for route in side for method in routes.methods_of(route)]
        assert len(addresses) == len(set(addresses))


def _forgot_everything() -> None: ...


def _views(actor: ViewsDesk) -> None: ...


def _views_and_writes(actor: ViewsDesk, session: WriteSession) -> None: ...


def _writes_without_token(
    actor: Annotated[Actor, allowed(Permission.SCREEN)], session: WriteSession, form: ReceivedForm
) -> None: ...


def _good(actor: Annotated[Actor, allowed(Permission.SCREEN)], form: OwnForm, session: WriteSession) -> None: ...


def _takes_files(actor: Annotated[Actor, allowed(Permission.SCREEN)], sent: OwnUpload) -> None: ...


def _takes_files_first(sent: OwnUpload, actor: Annotated[Actor, allowed(Permission.SCREEN)]) -> None: ...


def _leaves_a_mark(opened: OpensItem) -> None: ...


async def _blocks(actor: ViewsDesk) -> None: ...


def _planted(endpoint: Any, *methods: str, route_class: type[APIRoute] = APIRoute) -> list[APIRoute]:
    """Inside another router, as the real ones are."""
    inner, outer = APIRouter(route_class=route_class), APIRouter()
    inner.add_api_route("/planted", endpoint, methods=[*methods])
    outer.include_router(inner)
    return routes.routes_of(outer.routes)


@pytest.mark.parametrize(
    ("rule", "mistake", "method", "right"),
    [
        (routes.every_route_asserts_a_permission, _forgot_everything, "GET", _views),
        (routes.every_form_comes_from_our_page, _writes_without_token, "POST", _good),
        (routes.writing_asks_for_more_than_looking, _views_and_writes, "POST", _good),
        (routes.reading_changes_nothing, _views_and_writes, "GET", _views),
        (routes.three_pages_leave_a_mark, _leaves_a_mark, "GET", _views),
        (routes.writing_is_by_post, _good, "PUT", None),
        (routes.endpoints_run_in_threads, _blocks, "GET", _views),
        (routes.the_key_comes_before_the_body, _good, "POST", None),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_planted_mistake_is_seen(rule: routes.RouteRule, mistake: Any, method: str, right: Any) -> None:
    told = rule(_planted(mistake, method))
    assert len(told) == 1
    assert told[0].startswith(f"{method} /planted")
    if right is not None:
        assert rule(_planted(right, method)) == []


@pytest.mark.parametrize(
    ("endpoint", "size", "seen"),
    [
        (_takes_files, ANY_SIZE, False),
        (_takes_files, None, True),
        (_takes_files_first, ANY_SIZE, True),
        (_good, ANY_SIZE, True),
        (_good, None, False),
    ],
)
def test_a_route_that_takes_files_carelessly_is_seen(endpoint: Any, size: int | None, seen: bool) -> None:
    router = APIRouter()
    router.add_api_route("/planted", endpoint, methods=["POST"], max_body_size=size)
    planted = routes.routes_of(router.routes)
    assert bool(routes.files_are_taken_in_after_the_permission(planted)) is seen
    assert routes.every_form_comes_from_our_page(planted) == []


def test_a_route_that_is_both_read_and_written_is_seen() -> None:
    assert routes.writing_is_by_post(_planted(_good, "GET", "POST")) != []


def test_the_permission_of_the_api_is_found() -> None:
    def read(reader: Reader) -> None: ...

    planted = _planted(read, "GET", route_class=DepartmentRoute)
    assert routes.permissions_of(planted[0]) == {Permission.READ_OWN_ASSIGNMENTS}
    assert routes.the_key_comes_before_the_body(planted) == []
