"""Accounts of staff."""

from typing import Annotated

import typer
from sqlalchemy.orm import Session

from app.accounts import actions, passwords, queries
from app.accounts.models import StaffUser
from app.cli.store import me, opened
from app.cli.terminal import in_beijing, print_json, print_table, say
from app.kit.clock import SystemClock
from app.kit.errors import NotFound
from app.permissions import Role

group = typer.Typer(help="Accounts of staff: add, disable, reset a password, list.", no_args_is_help=True)

Username = Annotated[str, typer.Argument(help="The name to sign in with.")]


@group.command()
def add(
    username: Username,
    role: Annotated[list[Role], typer.Option(help="What they may do; repeatable.")],
    name: Annotated[str | None, typer.Option(help="The name that colleagues see; default: the user name.")] = None,
) -> None:
    """Add a member of staff with a random password, which is printed once."""
    password = passwords.new_password()
    with opened() as database, database.writing() as session:
        actions.add_staff(session, me(), SystemClock().now(), username, name or username, role, password)
    say(f"{username}\t{password}")


@group.command()
def disable(username: Username) -> None:
    """End all sessions of an account and let nobody sign in with it."""
    with opened() as database, database.writing() as session:
        actions.disable_staff(session, me(), SystemClock().now(), _named(session, username).id)
    say(f"{username} is disabled")


@group.command()
def reset(username: Username) -> None:
    """Give an account a new random password, printed once; a disabled account is enabled again."""
    password = passwords.new_password()
    with opened() as database, database.writing() as session:
        actions.reset_password(session, me(), SystemClock().now(), _named(session, username).id, password)
    say(f"{username}\t{password}")


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
            (person.username, person.display_name, ", ".join(person.roles), in_beijing(person.disabled_at))
            for person in people
        ],
        empty="there is no staff yet; yanlu staff add makes an account",
    )


def _named(session: Session, username: str) -> StaffUser:
    user = queries.user_named(session, username)
    if user is None:
        raise NotFound("no_such_staff", username=username)
    return user
