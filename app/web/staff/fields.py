"""Reading the small forms of the desk."""

import uuid
from collections.abc import Iterable

from app.kit.errors import BadRequest
from app.kit.forms import Form
from app.screening.passages import Span


def revision_of(form: Form) -> int:
    """The revision of the record that the person saw. Raises BadRequest."""
    try:
        return int(form.get("revision", ""))
    except ValueError as error:
        raise BadRequest("bad_form") from error


def number_of(text: str, otherwise: int) -> int:
    """A small whole number as a form or an address holds it; `otherwise` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def optional_id(text: str) -> uuid.UUID | None:
    """Raises BadRequest for what is no id."""
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise BadRequest("bad_form") from error


def spans_of(words: Iterable[str]) -> list[Span]:
    """Passages as `start-end` in code points. Raises BadRequest."""
    spans = []
    for word in words:
        start, _, end = word.partition("-")
        if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(word) < 20):
            raise BadRequest("bad_form")
        spans.append(Span(int(start), int(end)))
    return spans


def is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
