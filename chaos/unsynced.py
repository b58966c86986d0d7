"""The positive control: the service on a SQLite that doesn't wait for the disk. A check of power loss must fail on it.

`python -m chaos.unsynced serve …` is `yanlu serve …` with `synchronous=OFF`; nothing of the service knows of it.
"""

from typing import Any

from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.pool import Pool

from app.cli import serving
from app.cli.main import run

FACTORY = "chaos.unsynced:create"


@event.listens_for(Pool, "checkout")
def _leave_the_disk_alone(connection: Any, _record: Any, _proxy: Any) -> None:
    """Each time that a connection is used: the service itself insists on FULL when it opens one."""
    connection.execute("PRAGMA synchronous=OFF")
    assert connection.execute("PRAGMA synchronous").fetchone() == (0,)


def create() -> FastAPI:
    """What the server calls."""
    # Here and not above: a spawned process imports this module before it can answer its parent's question whether it
    # lives, and one that loads the whole application first is taken for dead and started again, for ever.
    from app.main import create as create_whole

    return create_whole()


if __name__ == "__main__":
    serving.WEB = FACTORY
    run()
