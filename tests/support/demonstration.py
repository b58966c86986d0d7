"""A demonstration in a folder of a test's own, as `make run` prepares it, without its command line."""

from dataclasses import dataclass
from pathlib import Path

from app.cli.demonstration import preparing
from app.cli.demonstration.facts import Facts
from app.cli.demonstration.preparing import SavedPage
from app.config import Environment, Secrets, Settings, load_secrets
from app.kit.clock import Clock
from app.kit.database import Database
from app.permissions import operator


@dataclass(frozen=True)
class Demonstration:
    """What `make run` leaves behind, and the keys to serve it."""

    settings: Settings
    secrets: Secrets
    database: Database
    facts: Facts

    def password(self, role: str) -> tuple[str, str]:
        """User name and password of the account with that role."""
        account = next(account for account in self.facts.staff if account.role == role)
        return account.username, account.password


def demonstration(folder: Path, url: str, clock: Clock, page: Path | None = None) -> Demonstration:
    settings = Settings(environment=Environment.DEMONSTRATION, var_dir=folder, database_url=url)
    database = Database(url)
    saved = SavedPage(page.name, page.read_text(encoding="utf-8")) if page else None
    facts = preparing.prepare(settings, database, operator("tests"), clock.now(), saved)
    return Demonstration(settings, load_secrets(settings), database, facts)
