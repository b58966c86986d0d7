"""Reading what a person names on the command line."""

from pathlib import Path

import typer

from app.documents.reading import LARGEST_FILE, UnreadableFileError, read_document


def read_text(path: Path) -> str:
    """The text of a document file. A file that isn't there or can't be read ends the command with one line."""
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    try:
        return read_document(content, path.name)
    except UnreadableFileError as error:
        raise typer.TyperException(f"{path}: {error}") from error
