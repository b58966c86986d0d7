"""The long-running commands, and the schema that they stand on.

The web framework is imported where it is needed: loading it takes as long as most other commands take to run.
"""

import os
import pkgutil
import signal
import sys
from threading import Event
from types import FrameType
from typing import Annotated

import typer

from app.cli.attachments import refuse_unfit_place
from app.cli.fragments import refuse_unfit_fragments
from app.cli.keys import refuse_other_index
from app.cli.ports import refuse_taken_port
from app.cli.store import make_var_dir, require_migrated, sqlite_file
from app.cli.terminal import say
from app.config import PREFIX, ConfigurationError, Settings, Side, load_secrets, load_settings
from app.kit import migrations

# Edges never import each other: the web service and the worker are found by name, as uvicorn finds its factory.
WEB = "app.main:create"
WORKER = "app.worker.loop:run"

CONCURRENT_REQUESTS = 200
BACKLOG = 512
KEEP_ALIVE_SECONDS = 5
SHUTDOWN_SECONDS = 20
SIGN_OF_LIFE_SECONDS = 20
"""A process of several that gives none is replaced. One that is starting gives none before its modules are loaded,
which takes longer than the server's own five seconds on a busy machine: it would be replaced for ever. Nor may it be
much longer: where one is killed just when it is asked, its parent waits so long before it starts another or ends."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (YANLU_HOST).")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on (YANLU_PORT).")] = None,
    side: Annotated[
        list[str] | None,
        typer.Option(help="What this listener serves: all, public, staff or api; repeatable, or split by commas."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Number of processes.")] = 1,
) -> None:
    """Serve the web pages and the department API."""
    import uvicorn

    from app.kit.observing import configure_logging

    _hand_down(host=host, port=None if port is None else str(port), sides=_sides(side))
    settings = load_settings()
    secrets = load_secrets(settings)
    refuse_unfit_fragments(settings)
    refuse_unfit_place(settings)
    require_migrated(settings)
    refuse_other_index(settings, secrets)
    refuse_taken_port(settings.host, settings.port)
    configure_logging()
    signal.signal(signal.SIGTERM, _leave)  # uvicorn raises the signal again once it has shut down: a clean end
    uvicorn.run(
        WEB,
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=workers,
        loop="uvloop",
        http="app.kit.guarded_protocol:GuardedProtocol",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        limit_concurrency=CONCURRENT_REQUESTS,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        timeout_worker_healthcheck=SIGN_OF_LIFE_SECONDS,
    )


def _hand_down(**values: str | None) -> None:
    """The service reads its settings itself, perhaps in other processes, so that options travel as variables."""
    for name, value in values.items():
        if value is not None:
            os.environ[PREFIX + name.upper()] = value


def _sides(given: list[str] | None) -> str | None:
    if not given:
        return None
    words = [word for item in given for word in item.split(",") if word]
    known = [side.value for side in Side]
    for word in words:
        if word not in [*known, "all"]:
            raise typer.BadParameter(f"{word} is not one of all, {', '.join(known)}", param_hint="--side")
    return ",".join(known if "all" in words else words)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def worker() -> None:
    """Do the work that was promised to be done later, until SIGTERM or SIGINT."""
    from app.kit.observing import configure_logging

    settings = load_settings()
    secrets = load_secrets(settings)
    require_migrated(settings)
    refuse_other_index(settings, secrets)
    configure_logging()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pkgutil.resolve_name(WORKER)(settings, stop)


def migrate(
    to: Annotated[str, typer.Option(help="Revision to go to.")] = "head",
    back: Annotated[
        bool, typer.Option("--back", help="Go back to an older revision; what newer ones brought is lost.")
    ] = False,
) -> None:
    """Bring the database to the newest revision, or to a named one."""
    settings = load_settings()
    prepare_store(settings)
    if back:
        migrations.downgrade(settings.database_url, to)
    else:
        migrations.upgrade(settings.database_url, to)
    reached = migrations.current(settings.database_url)
    if not back and to not in ("head", reached):
        raise ConfigurationError(f"the database is at revision {reached}, beyond {to}; --back would go back, with loss")
    say(f"the database is at revision {reached or 'none (empty)'}")


def prepare_store(settings: Settings) -> None:
    """Makes the folders that an embedded database needs."""
    make_var_dir(settings)
    path = sqlite_file(settings)
    if path is not None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
