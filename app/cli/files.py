"""Reading what a person names on the command line."""

from pathlib import Path

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
