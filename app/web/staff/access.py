"""Who is signed in, and whether they may: the one way by which a staff route gets its actor."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response

from app.accounts import sessions
from app.accounts.sessions import NOTHING, Drafted, SignedIn
from app.consultations import queries as consultations
from app.departments import queries as departments
from app.kit.errors import Forbidden, NotFound, Unauthenticated
from app.kit.forms import Form
from app.kit.http import now_of, request_id_of, source_of
from app.offices import queries as offices
from app.permissions import Actor, Permission, Role, ScopeKind, require
from app.walls import confining as walls
from app.web.forms import Received, ReceivedForm
from app.web.services import services_of
from app.web.staff import within

COOKIE = "yanlu_session"
OFFICE = "/office"
"""What departments' pages begin with."""
SECURE_COOKIE = "__Host-yanlu_session"


@dataclass(frozen=True)
class OfficeView:
    """The department whose own staff the signed-in person is, and whether its officers only draft."""

    name: str
    is_two_step: bool


@dataclass(frozen=True)
class StaffView:
    """The signed-in person as templates see them; `office` is None for staff of the desk."""

    display_name: str
    roles: list[Role]
    csrf_token: str
    permissions: frozenset[Permission]
    office: OfficeView | None = None

    def may(self, permission: str) -> bool:
        return Permission(permission) in self.permissions


def cookie_name(secure: bool) -> str:
    return SECURE_COOKIE if secure else COOKIE


def session_token(request: Request) -> str:
    """What the browser holds; empty when it holds nothing."""
    secure = bool(services_of(request).settings.secure_cookies)
    return request.cookies.get(cookie_name(secure), "")


def signed_in(request: Request) -> SignedIn:
    """Raises Unauthenticated. Moves the idle end of the session, at most once a minute."""
    services, now, token = services_of(request), now_of(request), session_token(request)
    with services.database.reading() as session:
        found = sessions.find(session, token, now, services.entrance.lasting) if token else None
    if found is None:
        raise Unauthenticated
    if now - found.last_seen_at > sessions.TOUCH_EVERY:
        with services.database.writing() as session:
            sessions.touch(session, token, now)
    request.state.drafted, request.state.office = _drafted(request, found), _office(request, found)
    show_as(request, found, token)
    request.state.acting = acting_in(request, found)
    return found


def _drafted(request: Request, person: SignedIn) -> Drafted:
    """For roles that hold in all that a department drafts: which consultations these are now."""
    departments = {held.scope_id for held in person.scoped if held.scope is ScopeKind.DEPARTMENT}
    if not departments:
        return NOTHING
    with services_of(request).database.reading() as session:
        return consultations.drafted_by(session, departments)


def _office(request: Request, person: SignedIn) -> OfficeView | None:
    if person.department_id is None:
        return None
    with services_of(request).database.reading() as session:
        name = departments.names(session).get(person.department_id, person.department_id)
        return OfficeView(name, offices.is_two_step(session, person.department_id))


def show_as(request: Request, person: SignedIn, token: str) -> None:
    """From here on pages and their forms are those of this person in the session with that token."""
    request.state.staff = StaffView(
        display_name=person.display_name,
        roles=sorted(person.roles | {held.role for held in person.scoped}),
        csrf_token=sessions.csrf_token(services_of(request).csrf_key, token),
        permissions=acting_in(request, person).permissions,
        office=request.state.office,
    )


def keep_token(request: Request, answer: Response, token: str) -> None:
    """Gives the browser its session: for this site alone, out of reach of scripts, gone when the browser is closed."""
    secure = bool(services_of(request).settings.secure_cookies)
    answer.set_cookie(cookie_name(secure), token, path="/", secure=secure, httponly=True, samesite="lax")


def acting_in(request: Request, person: SignedIn) -> Actor:
    """The person as who acts in this request, from this address.

    Where a department works in one step, whoever drafts for it also makes final.
    """
    acting = replace(person.actor(request_id_of(request), request.state.drafted), source=source_of(request))
    office: OfficeView | None = request.state.office
    if office is None or office.is_two_step or not acting.may(Permission.ANSWER_OWN_ASSIGNMENTS):
        return acting
    return replace(acting, permissions=acting.permissions | {Permission.FINALISE_OWN_ANSWERS})


def allowed(permission: Permission) -> Any:
    """The dependency of a route that needs this permission; gives the actor.

    Raises Unauthenticated, Forbidden. The permission can be read from the dependency, so that a test can walk all
    routes and prove that each asserts one.
    """

    # Not in a thread of its own: what it says of the visible must hold for all that follows in this request.
    async def actor(request: Request, person: Annotated[SignedIn, Depends(signed_in)]) -> Actor:
        return admitted(request, person, permission)

    checked: Callable[..., Any] = actor
    checked.permission = permission  # type: ignore[attr-defined]
    return Depends(checked)


def admitted(request: Request, person: SignedIn, permission: Permission) -> Actor:
    """The person, where they may do this here, and narrowed to where they may.

    Raises Forbidden; NotFound where a department's staff ask for the desk, or the desk for an office: whatever
    permission both hold, neither side is there for the other.
    """
    acting = acting_in(request, person)
    require(acting, permission)
    is_office = request.scope["route"].path.startswith(OFFICE)
    if permission is not Permission.USE_OWN_SESSION and is_office != (acting.department_id is not None):
        raise NotFound
    within.narrow(acting.limits, permission)
    if acting.department_id is not None:
        walls.confine(acting.department_id, drafting=permission is Permission.CONFIRM_DISPOSITIONS)
    return acting


def _own_form(request: Request, received: ReceivedForm, person: Annotated[SignedIn, Depends(signed_in)]) -> Received:
    """A form that was sent from our own page in this session: by its token and by where the browser says it is from."""
    refuse_foreign_token(request, received.form)
    refuse_foreign_page(request)
    return received


def refuse_foreign_token(request: Request, form: Form) -> None:
    """Raises Forbidden for a form that was not made in this session."""
    if not hmac.compare_digest(form.get("csrf_token", "").encode(), request.state.staff.csrf_token.encode()):
        raise Forbidden("csrf")


def refuse_foreign_page(request: Request) -> None:
    """Raises Forbidden for what another site's page sent. Needs only the headers."""
    if not is_same_origin(request):
        raise Forbidden("csrf")


def is_same_origin(request: Request) -> bool:
    """`Sec-Fetch-Site` where the browser sends it, `Origin` where not; a client that sends neither is no browser."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host", "")


OwnForm = Annotated[Received, Depends(_own_form)]
ViewsDesk = Annotated[Actor, allowed(Permission.VIEW_DESK)]
