"""Reading the forms of letters, replies and opinions."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.kit.errors import Conflict, DomainError, Unprocessable
from app.kit.forms import Form
from app.soundings.actions import Letter
from app.soundings.replying import Wording
from app.web.services import services_of
from app.web.staff.fields import is_id, optional_id
from app.web.templating import address

Done = TypeVar("Done")
LETTER_FIELDS = ("title", "version", "document_number", "issued_on", "due_on", "silence_counts")
REPLY_FIELDS = ("with_opinions", "replied_on", "document_number", "signer", "reason")
OPINION_FIELDS = ("clause", "words", "proposed", "reason")


def day_of(form: Form, name: str) -> date | None:
    """None where nothing was entered. Raises Unprocessable("day_required") for what is no day."""
    said = form.get(name, "").strip()
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Unprocessable("day_required") from error


def due_day_of(form: Form) -> date:
    """Raises Unprocessable("day_required")."""
    day = day_of(form, "due_on")
    if day is None:
        raise Unprocessable("day_required")
    return day


def letter_of(form: Form) -> Letter:
    """Raises Unprocessable("day_required"), ("sounding_version_wrong")."""
    version = form.get("version", "")
    if not is_id(version):
        raise Unprocessable("sounding_version_wrong")
    return Letter(
        title=form.get("title", ""),
        version_id=uuid.UUID(version),
        due_on=due_day_of(form),
        document_number=form.get("document_number", ""),
        issued_on=day_of(form, "issued_on"),
        silence_counts=form.get("silence_counts") == "yes",
    )


def wording_of(form: Form) -> Wording:
    """Raises BadRequest for a clause that is no id."""
    clauses = form.all("clause")
    clause = optional_id(clauses[0] if clauses else "")
    return Wording(form.get("words", ""), form.get("proposed", ""), clause)


def values_of(form: Form, names: tuple[str, ...]) -> dict[str, str]:
    """What was entered, to be shown once more."""
    return {name: form.get(name, "") for name in names if name != "clause"} | {
        "clause": next(iter(form.all("clause")), "")
    }


def carried_out(
    request: Request,
    act: Callable[[Session], object],
    again: Callable[[Session, DomainError], Response],
    done: Callable[[], str],
) -> Response:
    """To `done()` once the act is durable; the page `again`, with why not, where it is refused (409 or 422)."""
    database = services_of(request).database
    try:
        with database.writing() as session:
            act(session)
    except (Unprocessable, Conflict) as problem:
        with database.reading() as session:
            return again(session, problem)
    return RedirectResponse(done(), status_code=303)


def to(request: Request, name: str, **values: object) -> Response:
    return RedirectResponse(address(request, name, **values), status_code=303)
