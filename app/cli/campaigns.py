"""Comments of the same content, on the command line."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.campaigns.batch import campaigns_among
from app.cli.files import read_batch
from app.cli.terminal import print_json

STEP = 500


def campaigns(
    batch: Annotated[
        Path, typer.Option("--batch", help='Many comments: a file with one {"id", "text"} a line; needs no database.')
    ],
) -> None:
    """Find comments of the same content: for each, in the file's order, its campaign's key or null."""
    comments = list(read_batch(batch, identifiers=(object,)))
    keys = campaigns_among([text for _, text in comments], _tell)
    for (identifier, _), key in zip(comments, keys, strict=True):
        print_json({"id": identifier, "campaign": key})


def _tell(done: int, of: int) -> None:
    if done % STEP == 0 or done == of:
        sys.stderr.write(f"yanlu: {done} of {of} comments compared\n")
