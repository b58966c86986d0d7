"""Which clauses of a draft comments are about."""

import sys
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer

from app.cli.files import read_batch, read_text
from app.cli.terminal import complain, print_json, print_table, say
from app.departments.directory import Directory, load_seed
from app.documents.extraction import extract
from app.documents.matching import Matcher, MatchResult
from app.documents.matching.embedding import load_model

PATIENCE_SECONDS = 3.0


def match(
    document: Annotated[Path, typer.Option("--document", help="The draft that the comments are about.")],
    text: Annotated[str | None, typer.Option("--text", help="One comment.")] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help='Many comments: a file with one {"id", "text"} a line.')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a comment.")] = False,
) -> None:
    """Propose the clauses that a comment is about; needs no database."""
    if (text is None) == (batch is None):
        raise typer.BadParameter("give either --text or --batch")
    comments = list(read_batch(batch)) if batch is not None else []
    matcher = _matcher(document)
    if batch is not None:
        for identifier, comment in comments:
            print_json({"id": identifier, **matcher.match(comment).to_json()})
    elif as_json:
        print_json(matcher.match(text or "").to_json())
    else:
        _print_for_people(matcher.match(text or ""))


def _matcher(document: Path) -> Matcher:
    """The draft's matcher; a person who waits for more than PATIENCE_SECONDS is told for what."""
    clauses = extract(read_text(document), Directory(load_seed())).clauses
    told = Timer(PATIENCE_SECONDS, complain, [f"reading the meaning of {len(clauses)} clauses ..."])
    told.daemon = True
    if sys.stderr.isatty():
        told.start()
    try:
        return Matcher(clauses, model=load_model())
    finally:
        told.cancel()


def _print_for_people(found: MatchResult) -> None:
    say(found.kind.value)
    print_table(
        ("clause", "score", "why"),
        [(proposal.clause, f"{proposal.score:.2f}", proposal.why) for proposal in found.matches],
        empty="no clause comes near",
    )
