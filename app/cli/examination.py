"""What `yanlu doctor` looks at. Each check answers findings and never raises for what it is there to find."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.audit import sealing
from app.backups.refusals import BackupRefused
from app.backups.sets import Folder
from app.cli.attachments import refuse_unfit_place, scanner_answers
from app.cli.fragments import refuse_unfit_fragments
from app.cli.keys import vault_of
from app.cli.store import sqlite_file
from app.config import ConfigurationError, Environment, Settings, load_secrets, load_settings
from app.deliveries.queries import count_waiting
from app.kit import migrations
from app.kit.clock import SystemClock
from app.kit.database import Database, make_engine
from app.submissions import index_mark
from app.transparency import sealing as transparency
from app.walls import standing as walls

EARLIEST_YEAR = 2024
OLDEST_POSTGRES = 150000
LARGEST_SKEW = timedelta(seconds=2)
LONGEST_UNSEALED = timedelta(minutes=5)
OLDEST_BACKUP = timedelta(days=2)
Answer = TypeVar("Answer")


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """`mend` says what to do; it is empty where all is well."""

    level: Level
    what: str
    found: str
    mend: str = ""


def ok(what: str, found: str) -> Finding:
    return Finding(Level.OK, what, found)


def warn(what: str, found: str, mend: str) -> Finding:
    return Finding(Level.WARN, what, found, mend)


def fail(what: str, found: str, mend: str) -> Finding:
    return Finding(Level.FAIL, what, found, mend)


def examine() -> list[Finding]:
    """All findings, in the order in which they are worth mending."""
    try:
        settings = load_settings()
    except ConfigurationError as error:
        return [fail("settings", str(error), "correct the variable; docs/settings.md lists all of them")]
    checks: list[Callable[[], Iterator[Finding]]] = [
        lambda: _settings(settings),
        lambda: _secrets(settings),
        lambda: _fragments(settings),
        lambda: _var_dir(settings),
        lambda: _database(settings),
        lambda: _index(settings),
        lambda: _files(settings),
        lambda: _backups(settings, datetime.now(UTC)),
        lambda: _mail(settings),
        lambda: _audit(settings, datetime.now(UTC)),
        lambda: _log(settings, datetime.now(UTC)),
        lambda: _clock(datetime.now(UTC)),
        _fonts,
    ]
    return [finding for check in checks for finding in check()]


def _settings(settings: Settings) -> Iterator[Finding]:
    yield ok("settings", f"environment {settings.environment}, sides {', '.join(settings.sides)}")
    if settings.environment is not Environment.PRODUCTION:
        return
    if not settings.public_url.startswith("https://"):
        yield warn("public address", settings.public_url, "set YANLU_PUBLIC_URL to the https address citizens use")
    if set(settings.trusted_hosts) <= {"127.0.0.1", "localhost"}:
        yield warn("host names", "only this machine's own are accepted", "set YANLU_PUBLIC_URL or YANLU_TRUSTED_HOSTS")


def _secrets(settings: Settings) -> Iterator[Finding]:
    try:
        load_secrets(settings)
    except (ConfigurationError, OSError, ValueError) as error:
        yield fail("secrets", _line(error), "docs/operations.md tells how to make them")
    else:
        yield ok("secrets", f"{settings.environment} keys can be read")


def _fragments(settings: Settings) -> Iterator[Finding]:
    if settings.header_file is None and settings.footer_file is None:
        return
    try:
        refuse_unfit_fragments(settings)
    except ConfigurationError as error:
        yield fail("head and foot", str(error), "mend the file; docs/settings.md lists what may stand in it")
    else:
        yield ok("head and foot", "the larger site's pieces can be shown")


def _var_dir(settings: Settings) -> Iterator[Finding]:
    folder = settings.var_dir
    if not folder.is_dir():
        mend = "yanlu migrate makes it, or set YANLU_VAR_DIR"
        yield (warn if sqlite_file(settings) is None else fail)("folder", f"{folder} doesn't exist", mend)
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield fail("folder", f"{folder} can't be written", "give it to the service's user, or set YANLU_VAR_DIR")
    elif folder.stat().st_mode & 0o077:
        yield warn("folder", f"{folder} is open to other users", f"chmod 700 {folder}")
    else:
        yield ok("folder", f"{folder} can be written")


def _database(settings: Settings) -> Iterator[Finding]:
    path = sqlite_file(settings)
    if path is not None and not path.is_file():
        yield fail("database", f"there is none at {path}", "yanlu migrate makes it")
        return
    engine = make_engine(settings.database_url)
    try:
        yield from _answering(engine, settings)
    except (SQLAlchemyError, RuntimeError) as error:
        yield fail("database", _line(error), "correct YANLU_DATABASE_URL, or start the database")
    finally:
        engine.dispose()


def _answering(engine: Engine, settings: Settings) -> Iterator[Finding]:
    facts = _sqlite(engine) if engine.dialect.name == "sqlite" else _postgres(engine)
    yield from facts
    revision, head = migrations.current(settings.database_url), migrations.head()
    if migrations.serves(settings.database_url):
        yield ok("migrations", f"at {revision}")
    else:
        yield fail("migrations", f"at {revision or 'none'}, this version needs {head}", "yanlu migrate")


def _sqlite(engine: Engine) -> Iterator[Finding]:
    with engine.connect() as connection:
        journal = str(connection.scalar(text("PRAGMA journal_mode")))
        synchronous = str(connection.scalar(text("PRAGMA synchronous")))
    yield ok("database", "SQLite answers")
    if journal != "wal":
        yield fail("journal", journal, "put the database on a local disk: WAL needs shared memory")
    elif synchronous != "2":
        yield fail("synchronous", synchronous, "it must be 2 (FULL), or a receipt could be lost")
    else:
        yield ok("durability", "WAL, synchronous FULL")
    with engine.execution_options(begin="BEGIN IMMEDIATE").connect() as connection:
        connection.execute(text("CREATE TABLE doctor_was_here (id INTEGER)"))
        connection.rollback()
    yield ok("writing", "the database can be written")


def _postgres(engine: Engine) -> Iterator[Finding]:
    with engine.connect() as connection:
        version = int(connection.scalar(text("SHOW server_version_num")) or 0)
        encoding = str(connection.scalar(text("SHOW server_encoding")))
        ctype = str(connection.scalar(text("SELECT datctype FROM pg_database WHERE datname = current_database()")))
        unsafe = [
            f"{name} is off"
            for name in ("fsync", "full_page_writes", "synchronous_commit")
            if connection.scalar(text(f"SHOW {name}")) == "off"
        ]
        standby = bool(connection.scalar(text("SELECT pg_is_in_recovery()")))
        there: datetime | None = connection.scalar(text("SELECT now()"))
        past, behind_none = walls.is_walked_past(connection), walls.open_tables(connection)
    yield ok("database", "PostgreSQL answers")
    yield from _wall(past, behind_none)
    yield from _postgres_kind(version, encoding, ctype)
    if unsafe:
        yield fail("durability", ", ".join(unsafe), "turn it on, or a receipt could be lost")
    else:
        yield ok("durability", "fsync and synchronous_commit are on")
    if standby:
        yield fail("writing", "this server is a standby", "name the primary in YANLU_DATABASE_URL")
    if there is not None and abs(there - SystemClock().now()) > LARGEST_SKEW:
        yield warn("clocks", "this machine and the database differ by more than 2 s", "let both follow NTP")


def _wall(past: bool, behind_none: list[str]) -> Iterator[Finding]:
    """docs/row-level-security.md"""
    if past:
        mend = "connect as a role without SUPERUSER and BYPASSRLS that owns the tables"
        yield fail("departments", "row-level security doesn't bind this role", mend)
    elif behind_none:
        yield fail("departments", f"no row-level security on {', '.join(behind_none)}", "yanlu migrate; switch it on")
    else:
        yield ok("departments", "row-level security keeps their rows apart")


def _postgres_kind(version: int, encoding: str, ctype: str) -> Iterator[Finding]:
    if version < OLDEST_POSTGRES:
        yield fail("version", f"PostgreSQL {version // 10000}", "PostgreSQL 15 or newer is needed")
    else:
        yield ok("version", f"PostgreSQL {version // 10000}.{version % 10000}")
    if encoding != "UTF8":
        yield fail("encoding", encoding, "make the database with ENCODING 'UTF8'")
    if ctype in ("C", "POSIX"):
        yield fail("locale", f"lc_ctype {ctype}", "make the database with LC_CTYPE 'C.UTF-8' or a language's UTF-8 one")
    else:
        yield ok("locale", f"lc_ctype {ctype}")


def _index(settings: Settings) -> Iterator[Finding]:
    """What can't be read, keys or store, is another check's finding."""
    try:
        vault = vault_of(load_secrets(settings))
    except (ConfigurationError, OSError, ValueError):
        return
    if _read(settings, lambda session: index_mark.fits(session, vault)) is False:
        yield fail("index key", "it is not what this store's people are counted by", "docs/sealing.md: lost keys")


def _files(settings: Settings) -> Iterator[Finding]:
    try:
        refuse_unfit_place(settings)
    except ConfigurationError as error:
        yield fail("files", str(error), "correct it; docs/attachments.md says what may stand there")
    if settings.clamd and scanner_answers(settings):
        yield ok("scanner", f"clamd answers at {settings.clamd}")
    elif settings.clamd:
        yield warn("scanner", f"no answer at {settings.clamd}", "start clamd; until then nobody can open new files")


def _backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    if settings.backups is None:
        if settings.environment is Environment.PRODUCTION:
            yield warn("backups", "no folder is set", "set YANLU_BACKUPS; docs/backup.md tells how they are taken")
        return
    folder = Folder(settings.backups)
    try:
        last = [folder.manifest(id).at for id in folder.ids()[-1:]]
    except BackupRefused as error:
        yield fail("backups", str(error), "yanlu backup")
        return
    if not last or now - last[0] > OLDEST_BACKUP:
        found = f"the last good one is of {last[0]:%Y-%m-%d %H:%M} UTC" if last else f"none in {settings.backups}"
        yield warn("backups", found, "let yanlu backup run every day")
    else:
        yield ok("backups", f"the last good one is of {last[0]:%Y-%m-%d %H:%M} UTC")


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.mail_folder is not None:
        yield ok("mail", f"messages are written to {settings.mail_folder}")
        return
    if settings.mail_server:
        yield ok("mail", f"handed in at {settings.mail_server}:{settings.mail_port}, {settings.mail_encryption}")
        return
    waiting = _waiting_messages(settings)
    found = f"no mail server is set; {waiting} messages to people wait" if waiting else "no mail server is set"
    yield warn("mail", found, "set YANLU_MAIL_SERVER and YANLU_MAIL_FROM, so that people are told of changes")


def _waiting_messages(settings: Settings) -> int:
    return _read(settings, count_waiting) or 0


def _audit(settings: Settings, now: datetime) -> Iterator[Finding]:
    waiting = _read(settings, sealing.tail)
    if waiting is None:
        return
    if waiting.oldest and now - waiting.oldest > LONGEST_UNSEALED:
        minutes = (now - waiting.oldest) // timedelta(minutes=1)
        found = f"{waiting.number} entries wait for their seal, the oldest for {minutes} minutes"
        yield warn("audit", found, "start yanlu worker; docs/audit.md tells what it does for the log")
    else:
        yield ok("audit", f"{waiting.number} entries wait for their seal")
    if settings.audit_heads is None and settings.environment is Environment.PRODUCTION:
        yield warn("audit heads", "none are exported", "set YANLU_AUDIT_HEADS, or a cut end of the log would not show")


def _log(settings: Settings, now: datetime) -> Iterator[Finding]:
    waiting = _read(settings, transparency.waiting)
    if waiting is None:
        return
    if waiting.oldest and now - waiting.oldest > LONGEST_UNSEALED:
        minutes = (now - waiting.oldest) // timedelta(minutes=1)
        found = f"{waiting.number} entries wait, the oldest for {minutes} minutes; receipts promise an hour"
        yield warn("transparency log", found, "start yanlu worker; docs/transparency.md tells what it does")
    else:
        yield ok("transparency log", f"{waiting.number} entries wait to be sealed")


def _read(settings: Settings, read: Callable[[Session], Answer]) -> Answer | None:
    """None where there is no store yet, or one of an older revision: that is another check's finding."""
    path = sqlite_file(settings)
    if path is not None and not path.is_file():
        return None
    database = Database(settings.database_url)
    try:
        with database.reading() as session:
            return read(session)
    except (SQLAlchemyError, RuntimeError):
        return None
    finally:
        database.close()


def _clock(now: datetime) -> Iterator[Finding]:
    if now.year < EARLIEST_YEAR:
        yield fail("clock", f"it says {now:%Y-%m-%d}", "set the clock, and let it follow NTP")
    else:
        yield ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")
    try:
        offset = now.astimezone(ZoneInfo("Asia/Shanghai")).utcoffset()
    except ZoneInfoNotFoundError:
        offset = None
    if offset != timedelta(hours=8):
        yield fail("time zone", "Asia/Shanghai is missing or wrong", "install the package tzdata")
    else:
        yield ok("time zone", "Asia/Shanghai is UTC+8")


def _fonts() -> Iterator[Finding]:
    program = shutil.which("fc-list")
    if program is None:
        yield warn("fonts", "fc-list isn't there, so fonts can't be told", "only files for print need Chinese fonts")
        return
    found = subprocess.run([program, ":lang=zh", "family"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    families = {line for line in found.stdout.splitlines() if line.strip()}
    if families:
        yield ok("fonts", f"{len(families)} Chinese families")
    else:
        yield warn("fonts", "there is no Chinese one", "install fonts-noto-cjk")


def _line(error: Exception) -> str:
    first = str(getattr(error, "orig", None) or error).strip().splitlines()
    return first[0] if first else type(error).__name__
