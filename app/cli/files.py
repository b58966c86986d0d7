"""Reading what a person names on the command line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import typer

from app.documents.formats.limits import read_path
from app.documents.reading import UnreadableFileError, decode, read_document


def read_text(path: Path) -> str:
    """The text of a document file. A file that isn't there or can't be read ends the command with one line."""
    path.stat()  # what isn't there is told as such
    try:
        return read_document(read_path(path), path.name)
    except UnreadableFileError as error:
        raise typer.TyperException(f"{path}: {error}") from error


def read_table_file(path: Path) -> str:
    """The text of a CSV file in UTF-8 or GB18030. What can't be read ends the command with one line."""
    path.stat()
    try:
        return decode(read_path(path))
    except UnreadableFileError as error:
        raise typer.TyperException(f"{path}: {error}") from error


def read_batch(path: Path, *, identifiers: tuple[type, ...] = (str, int)) -> Iterator[tuple[Any, str]]:
    """The `id` and `text` of each line's JSON object, in order; empty lines are passed over, a broken one ends it.

    `identifiers` are the types that an `id` may have. A byte order mark before the first line is no part of it.
    """
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise typer.TyperException(f"{path}: line {number} is no JSON in UTF-8") from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise typer.TyperException(f'{path}: line {number} must be an object with "id" and "text"')
        if "id" not in row or not isinstance(row["id"], identifiers):
            raise typer.TyperException(f'{path}: line {number} has no "id" that can be repeated')
        yield row["id"], row["text"]


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")
