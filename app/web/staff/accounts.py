"""Administrators' pages of accounts: who there is, what each may do, by what they sign in, where they are signed in."""

import uuid
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts import actions, factors, granting, passwords, queries, separation
from app.accounts.granting import Scope
from app.accounts.sessions import Held
from app.consultations import queries as consultations
from app.departments import queries as departments
from app.kit.errors import Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission, Role, ScopeKind
from app.web.audit_words import WORDS
from app.web.services import Svc
from app.web.staff.access import OwnForm, allowed
from app.web.staff.history import of_record
from app.web.staff.proving import proven
from app.web.templating import address, page

Views = Annotated[Actor, allowed(Permission.VIEW_ACCOUNTS)]
Manages = Annotated[Actor, allowed(Permission.MANAGE_STAFF)]
ManagesProven = Annotated[Actor, proven(Permission.MANAGE_STAFF)]
Grants = Annotated[Actor, proven(Permission.GRANT_ROLES)]
Guards = Annotated[Actor, allowed(Permission.GUARD_ACCOUNTS)]
GuardsProven = Annotated[Actor, proven(Permission.GUARD_ACCOUNTS)]
EVERYWHERE = "everywhere"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody holds; `where` names its scope, empty for everywhere, `scope` is the form's word for it."""

    role: Role
    scope: str
    where: str


@router.get("/staff/accounts", name="staff_accounts")
def all_accounts(request: Request, actor: Views, session: ReadSession, now: Now) -> Response:
    return page(request, "staff/accounts.html", {"people": queries.people(session)})


@router.get("/staff/accounts/new", name="staff_new_account")
def ask_new(request: Request, actor: Manages, session: ReadSession) -> Response:
    return page(request, "staff/new_account.html", {"departments": departments.assignable(session)})


@router.post("/staff/accounts", name="staff_add_account")
def add(request: Request, sent: OwnForm, actor: ManagesProven, session: WriteSession, now: Now) -> Response:
    """The password is shown once, opens for some days, and only to choose another."""
    password = passwords.new_password()
    username, name = sent.form.text("username"), sent.form.text("display_name")
    department_id = sent.form.get("department", "") or None
    until = now + actions.GIVEN_FOR
    user = actions.add_staff(session, actor, now, username, name, [], password, until, department_id=department_id)
    return _given(request, user.id, name, password)


@router.get("/staff/accounts/{id}", name="staff_account")
def show(request: Request, id: uuid.UUID, actor: Views, services: Svc, session: ReadSession, now: Now) -> Response:
    person = queries.person(session, id)
    grants = actor.may(Permission.GRANT_ROLES) and actor.id != str(id)
    context = {
        "person": person,
        "held": _held(session, person.roles, person.scoped),
        "clash": separation.clash(person.all_roles),
        "factors": factors.held_by(session, id),
        "sessions": queries.sessions_of(session, id, now, services.entrance.lasting),
        "subject": queries.linked_subject(session, id),
        "provider": services.settings.staff_oidc_name if services.entrance.provider else "",
        "history": of_record(session, "staff", id, WORDS),
        "is_own": actor.id == str(id),
        "office": departments.names(session).get(person.department_id or ""),
        "roles": _roles(person) if grants else [],
        "scopes": _scopes(session) if grants else {},
    }
    return page(request, "staff/account.html", context)


@router.post("/staff/accounts/{id}/disable", name="staff_disable")
def disable(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Manages, session: WriteSession, now: Now
) -> Response:
    actions.disable_staff(session, actor, now, id)
    return _to(request, id)


@router.post("/staff/accounts/{id}/password", name="staff_reset_password")
def reset_password(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: ManagesProven, session: WriteSession, now: Now
) -> Response:
    """A new password for who forgot it; a disabled account is enabled again."""
    password = passwords.new_password()
    actions.reset_password(session, actor, now, id, password, now + actions.GIVEN_FOR)
    return _given(request, id, queries.person(session, id).display_name, password)


@router.post("/staff/accounts/{id}/grant", name="staff_grant")
def grant(request: Request, id: uuid.UUID, sent: OwnForm, actor: Grants, session: WriteSession, now: Now) -> Response:
    scope = _scope(session, sent.form.get("scope", ""))
    granting.grant_role(session, actor, now, id, _role(sent.form.get("role", "")), scope)
    return _to(request, id)


@router.post("/staff/accounts/{id}/withdraw", name="staff_withdraw")
def withdraw(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Grants, session: WriteSession, now: Now
) -> Response:
    kind, _, scope_id = sent.form.get("scope", "").partition(":")
    scope = (ScopeKind(kind), scope_id) if kind in set(ScopeKind) else None
    granting.withdraw_role(session, actor, now, id, _role(sent.form.get("role", "")), scope)
    return _to(request, id)


@router.post("/staff/accounts/{id}/factors", name="staff_reset_factors")
def reset_factors(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: GuardsProven, session: WriteSession, now: Now
) -> Response:
    granting.reset_factors(session, actor, now, id)
    return _to(request, id)


@router.post("/staff/accounts/{id}/sessions", name="staff_end_sessions")
def end_sessions(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: Guards, session: WriteSession, now: Now
) -> Response:
    granting.end_sessions(session, actor, now, id)
    return _to(request, id)


@router.post("/staff/accounts/{id}/freeze", name="staff_freeze_account")
def freeze(request: Request, id: uuid.UUID, sent: OwnForm, actor: Guards, session: WriteSession, now: Now) -> Response:
    granting.freeze(session, actor, now, id)
    return _to(request, id)


@router.post("/staff/accounts/{id}/unfreeze", name="staff_unfreeze_account")
def unfreeze(
    request: Request, id: uuid.UUID, sent: OwnForm, actor: GuardsProven, session: WriteSession, now: Now
) -> Response:
    granting.unfreeze(session, actor, now, id)
    return _to(request, id)


@router.post("/staff/accounts/{id}/identity", name="staff_link")
def link(
    request: Request,
    id: uuid.UUID,
    sent: OwnForm,
    actor: GuardsProven,
    services: Svc,
    session: WriteSession,
    now: Now,
) -> Response:
    """An empty subject ends the link."""
    subject = sent.form.text("subject")
    if subject:
        granting.link_identity(session, actor, now, id, services.settings.staff_oidc_issuer, subject)
    else:
        granting.unlink_identity(session, actor, now, id)
    return _to(request, id)


def _roles(person: queries.Person) -> list[Role]:
    """What the account may hold besides what it holds."""
    fitting = [role for role in Role if separation.fits(role, person.department_id)]
    return [role for role in fitting if not separation.clash({*person.all_roles, role})]


def _role(word: str) -> Role:
    if word not in set(Role):
        raise Unprocessable("no_such_role")
    return Role(word)


def _scope(session: Session, word: str) -> Scope | None:
    """Raises Unprocessable for a scope that is none."""
    if word == EVERYWHERE:
        return None
    kind, _, scope_id = word.partition(":")
    if kind not in set(ScopeKind) or scope_id not in _scopes(session)[ScopeKind(kind)]:
        raise Unprocessable("no_such_scope")
    return ScopeKind(kind), scope_id


def _scopes(session: Session) -> dict[ScopeKind, dict[str, str]]:
    """Id → name of all that a role can be limited to."""
    return {
        ScopeKind.CONSULTATION: {str(row.id): row.title for row in consultations.all_consultations(session)},
        ScopeKind.DEPARTMENT: dict(sorted(departments.names(session).items(), key=lambda pair: pair[1])),
    }


def _held(session: Session, roles: tuple[Role, ...], scoped: tuple[Held, ...]) -> list[HeldRole]:
    names = _scopes(session) if scoped else {}
    everywhere = [HeldRole(role, EVERYWHERE, "") for role in roles]
    limited = [
        HeldRole(one.role, f"{one.scope}:{one.scope_id}", names[one.scope].get(one.scope_id, one.scope_id))
        for one in scoped
    ]
    return [*everywhere, *limited]


def _given(request: Request, user_id: uuid.UUID, name: str, password: str) -> Response:
    context = {"name": name, "password": password, "days": actions.GIVEN_FOR.days, "id": user_id}
    return page(request, "staff/given_password.html", context)


def _to(request: Request, user_id: uuid.UUID) -> Response:
    return RedirectResponse(address(request, "staff_account", id=user_id), status_code=303)
