"""Every command and every option says what it is for."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from app.cli.main import app
from tests.cli.conftest import Yanlu

EXPECTED = {
    "serve", "worker", "migrate", "demo", "doctor", "evidence", "match", "anonymise",
    "backup",
    "backup-key",
    "restore", "retention", "keys list", "keys rotate", "keys retire", "keys renew-index",
    "archive make", "archive save", "archive verify", "archive contacts",
    "staff add", "staff disable", "staff reset", "staff list", "staff grant", "staff withdraw", "staff freeze",
    "staff unfreeze", "staff reset-factors",
    "clients add", "clients add-key", "clients rotate", "clients revoke", "clients revoke-key", "clients list",
    "departments seed", "departments list", "departments export", "departments import",
    "documents extract", "documents compare",
    "consultations list", "consultations import", "consultations open", "consultations close",
    "consultations extend", "consultations suspend", "consultations resume", "consultations withdraw",
    "calendar import", "calendar list",
    "campaigns", "conformance", "mock-department",
    "captcha sample", "mail import",
    "search rebuild", "figures rebuild",
    "counters check", "counters rebuild", "seed", "audit verify", "audit export", "audit head", "audit archive",
    "log head", "log verify", "log prove",
    "bundle keys", "bundle export", "bundle import", "bundle forget", "bundle status",
}  # fmt: skip


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
    for name, child in (children or {}).items():
        yield from commands(child, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(app)))
GROUPS = sorted({path[:-1] for path in COMMANDS})


def test_the_commands_are_those_that_are_promised() -> None:
    assert {" ".join(path) for path in COMMANDS} == EXPECTED


@pytest.mark.parametrize("path", sorted(COMMANDS), ids=" ".join)
def test_a_command_says_what_it_does_and_what_its_options_mean(yanlu: Yanlu, path: tuple[str, ...]) -> None:
    outcome = yanlu(*path, "--help")
    assert outcome.code == 0
    assert outcome.err == ""
    assert outcome.out.startswith(f"Usage: yanlu {' '.join(path)}")
    assert COMMANDS[path].help.rstrip().endswith(".")
    assert [param.name for param in COMMANDS[path].params if not param.help] == []


@pytest.mark.parametrize("path", GROUPS, ids=lambda path: " ".join(path) or "yanlu")
def test_a_group_without_a_command_shows_its_help(yanlu: Yanlu, path: tuple[str, ...]) -> None:
    outcome = yanlu(*path)
    assert outcome.code == 2
    assert "Commands:" in outcome.out
    assert outcome.err == ""
