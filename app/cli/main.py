"""`yanlu`: every command fails with one clear line, never with a stack trace for what could be expected.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage or settings, 130 interrupted.
"""

import io
import os
import sys
from collections.abc import Callable, Sequence

import typer
from sqlalchemy.exc import DBAPIError

from app.backups.refusals import BackupRefused
from app.bundles.refusals import BundleRefused
from app.cli import (
    archives,
    audit,
    backups,
    bundles,
    calendars,
    campaigns,
    captcha,
    clients,
    conformance,
    consultations,
    counters,
    demo,
    departments,
    doctor,
    documents,
    figures,
    keys,
    log,
    mail,
    masking,
    matching,
    mock_department,
    retention,
    search,
    seed,
    serving,
    staff,
)
from app.cli.evidence.command import evidence
from app.cli.terminal import complain
from app.cli.words import sentence
from app.config import PREFIX, ConfigurationError, Network
from app.kit.cores import leave_none
from app.kit.errors import DomainError
from app.kit.migrations import MigrationRefused

USAGE = 2

app = typer.Typer(
    name="yanlu",
    help="Yanlu: intake, screening, assignment and answering of public comments on draft government documents.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
DECIDED_INSIDE = frozenset(
    {"seed", "demo", "campaigns", "staff", "clients", "departments", "consultations", "calendar", "mail", "archive"}
)
"""Commands that would write outside what the inner side of two networks decides (docs/bundles.md)."""


@app.callback()
def refuse_outside(context: typer.Context) -> None:
    if context.invoked_subcommand in DECIDED_INSIDE and os.environ.get(f"{PREFIX}NETWORK") == Network.OUTER:
        raise ConfigurationError(
            f"yanlu {context.invoked_subcommand} is for the inner side: YANLU_NETWORK is outer, and what is decided "
            "comes out in bundles"
        )


app.command()(serving.serve)
app.command()(serving.worker)
app.command()(serving.migrate)
app.command()(backups.backup)
app.command()(backups.backup_key)
app.command()(backups.restore)
app.command()(demo.demo)
app.command()(seed.seed)
app.command()(doctor.doctor)
app.command("retention")(retention.retention_command)
app.command()(evidence)
app.command()(matching.match)
app.command()(masking.anonymise)
app.command()(campaigns.campaigns)
app.command()(conformance.conformance)
app.command()(mock_department.mock_department)
app.add_typer(staff.group, name="staff")
app.add_typer(clients.group, name="clients")
app.add_typer(departments.group, name="departments")
app.add_typer(documents.group, name="documents")
app.add_typer(consultations.group, name="consultations")
app.add_typer(calendars.group, name="calendar")
app.add_typer(keys.group, name="keys")
app.add_typer(captcha.group, name="captcha")
app.add_typer(counters.group, name="counters")
app.add_typer(figures.group, name="figures")
app.add_typer(audit.group, name="audit")
app.add_typer(archives.group, name="archive")
app.add_typer(log.group, name="log")
app.add_typer(search.group, name="search")
app.add_typer(mail.group, name="mail")
app.add_typer(bundles.group, name="bundle")


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; answers the exit code."""
    leave_none()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        done = app(arguments, prog_name="yanlu", standalone_mode=False)
    except typer.TyperException as error:
        return _of_usage(error)
    except typer.Abort:
        return 1
    except Exception as error:
        for kind, code, words in EXPECTED:
            if isinstance(error, kind):
                complain(words(error))
                return code
        raise
    return done if isinstance(done, int) else 0


def _of_usage(error: typer.TyperException) -> int:
    message = error.format_message()
    if "\n" in message:  # the help, which stands in for the error where a group was called without a command
        typer.echo(message)
    else:
        context = getattr(error, "ctx", None)
        complain(f"{message} ({context.command_path} --help tells more)" if context else message)
    return error.exit_code


def _of_system(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _first_line(error: object) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


EXPECTED: Sequence[tuple[type[Exception], int, Callable[[Exception], str]]] = (
    (ConfigurationError, USAGE, str),
    (DomainError, 1, lambda error: sentence(error) if isinstance(error, DomainError) else str(error)),
    (BackupRefused, 1, str),
    (BundleRefused, 1, str),
    (MigrationRefused, 1, str),
    (DBAPIError, 1, lambda error: f"the database: {_first_line(getattr(error, 'orig', error))}"),
    (OSError, 1, _of_system),
)
