"""API clients of departments."""

from typing import Annotated

import typer
from sqlalchemy.orm import Session

from app.accounts import actions, queries
from app.accounts.models import ApiClient
from app.cli.naming import department_named
from app.cli.store import me, opened
from app.cli.terminal import in_beijing, print_json, print_table, say
from app.kit.clock import SystemClock
from app.kit.errors import NotFound
from app.permissions import CLIENT_SCOPES

group = typer.Typer(help="API clients of departments: add, rotate a key, revoke, list.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The client's name.")]


@group.command()
def add(
    name: Name,
    department: Annotated[str, typer.Option(help="Whose assignments it sees: a department's id or name.")],
    read_only: Annotated[bool, typer.Option("--read-only", help="A key that may read and not answer.")] = False,
) -> None:
    """Add a client of one department; its key is printed once and can't be shown again."""
    scopes = ["assignments:read"] if read_only else list(CLIENT_SCOPES)
    with opened() as database, database.writing() as session:
        found = department_named(session, department)
        key = actions.add_client(session, me(), SystemClock().now(), found.id, name, scopes)
    say(key.text)


@group.command()
def rotate(name: Name) -> None:
    """Print a new key of a client; its earlier keys go on for seven days."""
    with opened() as database, database.writing() as session:
        key = actions.rotate_key(session, me(), SystemClock().now(), _named(session, name).id)
    say(key.text)


@group.command()
def revoke(name: Name) -> None:
    """Stop all keys of a client at once."""
    with opened() as database, database.writing() as session:
        actions.revoke_client(session, me(), SystemClock().now(), _named(session, name).id)
    say(f"{name} is revoked")


@group.command("list")
def list_clients(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List all clients with the ids of their keys that still open."""
    with opened() as database, database.reading() as session:
        clients = queries.clients(session, SystemClock().now())
    if as_json:
        print_json(
            {
                "clients": [
                    {
                        "name": client.name,
                        "department": client.department,
                        "keys": list(client.keys),
                        "created_at": client.created_at.isoformat(),
                        "revoked_at": client.revoked_at.isoformat() if client.revoked_at else None,
                    }
                    for client in clients
                ]
            }
        )
        return
    print_table(
        ("client", "department", "keys", "revoked"),
        [(client.name, client.department, ", ".join(client.keys), in_beijing(client.revoked_at)) for client in clients],
        empty="there is no API client yet; yanlu clients add makes one",
    )


def _named(session: Session, name: str) -> ApiClient:
    client = queries.client_named(session, name)
    if client is None:
        raise NotFound("no_such_client", name=name)
    return client
