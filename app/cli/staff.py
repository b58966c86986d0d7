"""Accounts of staff."""

from typing import Annotated

import typer
from sqlalchemy.orm import Session

from app.accounts import actions, granting, passwords, queries
from app.accounts.models import StaffUser
from app.cli.store import me, opened
from app.cli.terminal import in_beijing, print_json, print_table, say
from app.consultations import queries as consultations
from app.departments.models import Department
from app.kit.clock import SystemClock
from app.kit.errors import NotFound, Unprocessable
from app.permissions import Role, ScopeKind

group = typer.Typer(help="Accounts of staff: add, disable, reset, grant roles, freeze, list.", no_args_is_help=True)

Username = Annotated[str, typer.Argument(help="The name to sign in with.")]
OneRole = Annotated[Role, typer.Argument(help="What they may do.")]
InConsultation = Annotated[str | None, typer.Option("--in", help="Only in this consultation; its address' last part.")]
InDepartment = Annotated[str | None, typer.Option("--of", help="Only in what this department drafts; its id.")]


@group.command()
def add(
    username: Username,
    role: Annotated[list[Role], typer.Option(help="What they may do; repeatable.")],
    name: Annotated[str | None, typer.Option(help="The name that colleagues see; default: the user name.")] = None,
    department: Annotated[
        str | None, typer.Option(help="Of this department's own staff, as officer or office_head; its id.")
    ] = None,
) -> None:
    """Add a member of staff with a random password, printed once; it opens for seven days, to choose another."""
    password = passwords.new_password()
    with opened() as database, database.writing() as session:
        now = SystemClock().now()
        until = now + actions.GIVEN_FOR
        actions.add_staff(
            session, me(), now, username, name or username, role, password, until, department_id=department
        )
    say(f"{username}\t{password}")


@group.command()
def disable(username: Username) -> None:
    """End all sessions of an account and let nobody sign in with it."""
    with opened() as database, database.writing() as session:
        actions.disable_staff(session, me(), SystemClock().now(), _named(session, username).id)
    say(f"{username} is disabled")


@group.command()
def reset(username: Username) -> None:
    """Give an account a new random password, printed once and to be changed; a disabled account is enabled again."""
    password = passwords.new_password()
    with opened() as database, database.writing() as session:
        now = SystemClock().now()
        actions.reset_password(session, me(), now, _named(session, username).id, password, now + actions.GIVEN_FOR)
    say(f"{username}\t{password}")


@group.command()
def grant(
    username: Username, role: OneRole, consultation: InConsultation = None, department: InDepartment = None
) -> None:
    """Give an account a role: everywhere, in one consultation, or in all that one department drafts."""
    with opened() as database, database.writing() as session:
        user, scope = _named(session, username), _scope(session, consultation, department)
        granting.grant_role(session, me(), SystemClock().now(), user.id, role, scope)
    say(f"{username} is {role.value} now")


@group.command()
def withdraw(
    username: Username, role: OneRole, consultation: InConsultation = None, department: InDepartment = None
) -> None:
    """Take a role away, where it is held."""
    with opened() as database, database.writing() as session:
        user, scope = _named(session, username), _scope(session, consultation, department)
        granting.withdraw_role(session, me(), SystemClock().now(), user.id, role, scope)
    say(f"{username} isn't {role.value} there any more")


@group.command("reset-factors")
def reset_factors(username: Username) -> None:
    """Take away the second factors and recovery codes of somebody who lost them, and end all sessions."""
    with opened() as database, database.writing() as session:
        granting.reset_factors(session, me(), SystemClock().now(), _named(session, username).id)
    say(f"{username} sets up a second factor at the next sign-in")


@group.command()
def freeze(username: Username) -> None:
    """End all sessions of an account and let nobody sign in with it until it is let go again."""
    with opened() as database, database.writing() as session:
        granting.freeze(session, me(), SystemClock().now(), _named(session, username).id)
    say(f"{username} is frozen")


@group.command()
def unfreeze(username: Username) -> None:
    """Let a frozen account go again."""
    with opened() as database, database.writing() as session:
        granting.unfreeze(session, me(), SystemClock().now(), _named(session, username).id)
    say(f"{username} can sign in again")


@group.command("list")
def list_staff(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List all accounts with their roles."""
    with opened() as database, database.reading() as session:
        people = queries.people(session)
    if as_json:
        print_json(
            {
                "staff": [
                    {
                        "username": person.username,
                        "name": person.display_name,
                        "roles": list(person.roles),
                        "scoped_roles": [f"{held.role}@{held.scope}:{held.scope_id}" for held in person.scoped],
                        "department": person.department_id,
                        "disabled_at": person.disabled_at.isoformat() if person.disabled_at else None,
                    }
                    for person in people
                ]
            }
        )
        return
    print_table(
        ("user name", "name", "roles", "disabled"),
        [
            (person.username, person.display_name, ", ".join(_roles(person)), in_beijing(person.disabled_at))
            for person in people
        ],
        empty="there is no staff yet; yanlu staff add makes an account",
    )


def _roles(person: queries.Person) -> list[str]:
    own = [f"{role}@{person.department_id}" if person.department_id else role for role in person.roles]
    return [*own, *(f"{held.role}@{held.scope_id}" for held in person.scoped)]


def _scope(session: Session, slug: str | None, department: str | None) -> granting.Scope | None:
    if slug and department:
        raise Unprocessable("one_scope_only")
    if slug:
        found = consultations.find(session, slug)
        if found is None:
            raise NotFound("no_such_consultation", slug=slug)
        return ScopeKind.CONSULTATION, str(found.id)
    if department and session.get(Department, department) is None:
        raise NotFound("no_such_department", department=department)
    return (ScopeKind.DEPARTMENT, department) if department else None


def _named(session: Session, username: str) -> StaffUser:
    user = queries.user_named(session, username)
    if user is None:
        raise NotFound("no_such_staff", username=username)
    return user
