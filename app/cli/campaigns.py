"""Comments of the same content, on the command line."""

import sys
import uuid
from pathlib import Path
from typing import Annotated

import typer

from app.campaigns import sweeping
from app.campaigns.batch import campaigns_among
from app.cli.files import read_batch
from app.cli.store import opened
from app.cli.terminal import complain, print_json, say
from app.consultations import queries as consultations
from app.kit.clock import SystemClock
from app.kit.database import Database
from app.kit.errors import NotFound

STEP = 500
PORTION = 100


def campaigns(
    batch: Annotated[
        Path | None,
        typer.Option("--batch", help='Many comments: a file with one {"id", "text"} a line; needs no database.'),
    ] = None,
    rebuild: Annotated[
        str | None,
        typer.Option(
            "--rebuild",
            metavar="CONSULTATION",
            help="Look again at all comments of a consultation; interrupted, it goes on where it was.",
        ),
    ] = None,
) -> None:
    """Find comments of the same content: for each, in the file's order, its campaign's key or null."""
    if (batch is None) == (rebuild is None):
        raise typer.BadParameter("give either --batch or --rebuild")
    if batch is not None:
        _print_batch(batch)
    elif rebuild is not None:
        with opened() as database:
            _rebuild(database, rebuild)


def _print_batch(batch: Path) -> None:
    comments = list(read_batch(batch, identifiers=(object,)))
    keys = campaigns_among([text for _, text in comments], _tell)
    for (identifier, _), key in zip(comments, keys, strict=True):
        print_json({"id": identifier, "campaign": key})


def _rebuild(database: Database, slug: str) -> None:
    with database.reading() as session:
        consultation = consultations.find(session, slug)
    if consultation is None:
        raise NotFound("no_such_consultation")
    portions = 0
    while _portion(database, consultation.id):
        portions += 1
        if portions % (STEP // PORTION) == 0:
            complain(f"{portions * PORTION} comments looked at")
    say("done")


def _portion(database: Database, consultation_id: uuid.UUID) -> bool:
    with database.writing() as session:
        return sweeping.look_again(session, SystemClock().now(), consultation_id, PORTION)


def _tell(done: int, of: int) -> None:
    if done % STEP == 0 or done == of:
        sys.stderr.write(f"yanlu: {done} of {of} comments compared\n")
