"""API clients of departments and trusted channels."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from app.accounts import actions, queries
from app.accounts.keys import Terms
from app.accounts.models import ApiClient
from app.cli.naming import department_named
from app.cli.store import me, opened
from app.cli.terminal import in_beijing, print_json, print_table, say
from app.kit.clock import SystemClock
from app.kit.errors import NotFound
from app.permissions import DEPARTMENT_SCOPES
from app.submissions.lifecycle import Channel

group = typer.Typer(help="API clients: add, add or rotate a key, revoke, list.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The client's name.")]
Test = Annotated[bool, typer.Option("--test", help="A key of the sandbox, which opens nothing that is real.")]
Days = Annotated[int | None, typer.Option("--days", min=1, max=3650, help="After how many days the key ends.")]


class TrustedChannel(StrEnum):
    """Channels whose programs may send comments in."""

    HOTLINE = Channel.HOTLINE.value
    MINI_PROGRAM = Channel.MINI_PROGRAM.value


@group.command()
def add(
    name: Name,
    department: Annotated[str, typer.Option(help="Whose assignments it sees: a department's id or name.")] = "",
    channel: Annotated[
        TrustedChannel | None, typer.Option(help="Of a trusted channel: it may send comments in, by this one.")
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="A key that may read and not answer.")] = False,
    test: Test = False,
    days: Days = None,
) -> None:
    """Add a client of a department or of a trusted channel; its key is printed once and can't be shown again."""
    if not department and channel is None:
        raise typer.BadParameter("give --department, or --channel for a program that sends comments in")
    scopes = _scopes(bool(department), channel is not None, read_only)
    now = SystemClock().now()
    with opened() as database, database.writing() as session:
        found = department_named(session, department).id if department else None
        sent_by = channel.value if channel else None
        terms = Terms(_end(now, days), test)
        key = actions.add_client(session, me(), now, found, name, scopes, sent_by, terms)
    say(key.text)


@group.command("add-key")
def add_key(
    name: Name,
    scope: Annotated[list[str] | None, typer.Option(help="What it may; once for each.")] = None,
    test: Test = False,
    days: Days = None,
) -> None:
    """Print one more key of a client: for another machine, with fewer scopes, or for the sandbox."""
    now = SystemClock().now()
    with opened() as database, database.writing() as session:
        client = _named(session, name)
        scopes = scope or _scopes(client.department_id is not None, client.channel is not None, False)
        key = actions.add_key(session, me(), now, client.id, scopes, Terms(_end(now, days), test))
    say(key.text)


@group.command()
def rotate(name: Name, days: Days = None) -> None:
    """Print a new key of a client; its earlier keys go on for seven days."""
    now = SystemClock().now()
    with opened() as database, database.writing() as session:
        key = actions.rotate_key(session, me(), now, _named(session, name).id, _end(now, days))
    say(key.text)


@group.command("revoke-key")
def revoke_key(name: Name, key: Annotated[str, typer.Argument(help="The key's id, as `list` shows it.")]) -> None:
    """Stop one key of a client at once."""
    with opened() as database, database.writing() as session:
        actions.revoke_key(session, me(), SystemClock().now(), _named(session, name).id, key)
    say(f"{key} is revoked")


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
                        "channel": client.channel,
                        "keys": [key.id for key in client.keys],
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
        [
            (
                client.name,
                client.department or client.channel or "",
                ", ".join(key.id for key in client.keys),
                in_beijing(client.revoked_at),
            )
            for client in clients
        ],
        empty="there is no API client yet; yanlu clients add makes one",
    )


def _scopes(of_department: bool, of_channel: bool, read_only: bool) -> list[str]:
    reading = ["assignments:read"] if read_only else list(DEPARTMENT_SCOPES)
    return (reading if of_department else []) + (["submissions:write"] if of_channel else [])


def _end(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now + timedelta(days=days)


def _named(session: Session, name: str) -> ApiClient:
    client = queries.client_named(session, name)
    if client is None:
        raise NotFound("no_such_client", name=name)
    return client
