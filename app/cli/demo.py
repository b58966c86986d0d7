"""The demonstration: one command from nothing to a running service."""

import os
from pathlib import Path
from typing import Annotated

import typer

from app.cli.demonstration import concluded, preparing, showing
from app.cli.demonstration import facts as kept
from app.cli.demonstration.facts import Facts
from app.cli.demonstration.preparing import SavedPage
from app.cli.demonstration.processes import run_together
from app.cli.files import read_text
from app.cli.ports import refuse_taken_port
from app.cli.serving import prepare_store
from app.cli.store import me, opened
from app.config import ConfigurationError, Environment, Settings, load_secrets, load_settings
from app.kit import migrations
from app.kit.clock import SystemClock
from app.kit.crypto import Sealer
from app.submissions.intake import DirectIntake
from app.submissions.receipts import Receipts
from app.submissions.vault import Vault

LOG_NAME = "demo.log"


def demo(
    page: Annotated[
        Path | None, typer.Option(help="Open the consultation of this saved page: .txt, .md or .html.")
    ] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Start web and worker, or only prepare.")] = True,
) -> None:
    """Prepare a demonstration, start it, and print its addresses, accounts and key; a second run keeps the data."""
    settings = _settings()
    saved = SavedPage(page.name, read_text(page)) if page else None
    if serve:
        refuse_taken_port(settings.host, settings.port)
    facts = _prepare(settings, saved)
    file = settings.var_dir / kept.FILE_NAME
    if not serve:
        showing.show(facts, file, log=None)
        return
    log = settings.var_dir / LOG_NAME
    played = facts.keys[facts.played] if facts.played else None
    raise typer.Exit(run_together(settings, log, lambda: showing.show(facts, file, log), played))


def _settings() -> Settings:
    given = {} if os.environ.get("YANLU_ENVIRONMENT") else {"environment": Environment.DEMONSTRATION}
    settings = load_settings(**given)
    if settings.environment is Environment.PRODUCTION:
        raise ConfigurationError("a demonstration is refused with YANLU_ENVIRONMENT=production")
    return settings


def _prepare(settings: Settings, page: SavedPage | None) -> Facts:
    prepare_store(settings)
    secrets = load_secrets(settings)
    migrations.upgrade(settings.database_url)
    with opened(settings) as database:
        at = SystemClock().now()
        facts = preparing.prepare(settings, database, me(), at, page)
        vault = Vault(Sealer.of(secrets), secrets.index, secrets.index_hash)
        intake = DirectIntake(database, vault, Receipts(secrets.signing))
        concluded.conclude_one(database, intake, vault, me(), at, facts)
        return facts
