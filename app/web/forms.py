"""The form that a request carries, and the instant at which all of it had arrived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.kit.errors import UnsupportedMediaType
from app.kit.forms import Form, parse_form
from app.kit.http import now_of
from app.kit.multipart import UploadedFile

REPEATABLE = frozenset(
    {"clause", "remove_file", "passage", "submission", "cooperating", "heading", "text", "unit", "role", "doubt"}
    | {"member", "assignment", "chosen"}
)


@dataclass(frozen=True)
class Received:
    """A form as it arrived. `at` is taken when the last byte was there: it decides at the deadline.

    `files_dropped`: too much arrived at once, and of the files only their names were kept.
    """

    form: Form
    at: datetime
    files: Sequence[UploadedFile] = ()
    files_dropped: bool = False


async def _receive(request: Request) -> Received:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType("form_expected")
    body = await request.body()
    at = now_of(request)
    form = parse_form(body, REPEATABLE)
    request.state.form = form
    return Received(form, at)


ReceivedForm = Annotated[Received, Depends(_receive)]
