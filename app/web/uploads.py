"""Files that staff send: taken in strictly and within bounds, read outside this process, refused in one clear line.

A route that takes files names its permission before `OwnUpload` and has `max_body_size=ANY_SIZE`, so that what is too
large is refused here with a page, and whoever may not send files is refused before their first byte is read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from app.accounts.sessions import SignedIn
from app.documents.formats.limits import LARGEST_FILE
from app.documents.formats.refusals import UnreadableFileError
from app.documents.sandbox import read_outside
from app.kit.errors import Unavailable, Unprocessable, UnsupportedMediaType
from app.kit.forms import Form
from app.kit.http import now_of
from app.kit.multipart import BodyTooLarge, Bounds, MultipartBody, UploadedFile
from app.web.staff.access import refuse_foreign_page, refuse_foreign_token, signed_in

__all__ = ["ANY_SIZE", "BOUNDS", "OwnUpload", "Uploaded", "UploadedFile", "in_turn", "read_upload"]

MAILS = "mails"
"""The one field of which several files come at once."""
BOUNDS = Bounds(file_bytes=LARGEST_FILE, field_bytes=256 * 1024, parts=520, repeatable=frozenset({MAILS}))
"""One file as large as any reader takes, texts as large as any other form, as many mails as are taken in at once."""
MOST_BYTES = 3 * LARGEST_FILE + 2 * BOUNDS.field_bytes
"""Draft, explanation and notice, each as large as it may be."""
ANY_SIZE = 2**62
"""Switches the framework's own limit off, whose answer is no page; the bounds here hold instead."""
MOST_READINGS = 2
"""At once in one process: a reading may use a core and a gigabyte."""
LONGEST_WAIT = 5.0
"""Seconds that a reading waits for its turn; the files would have to be chosen again after a refusal."""

Answer = TypeVar("Answer")
_turns = BoundedSemaphore(MOST_READINGS)


@dataclass(frozen=True)
class Uploaded:
    """A form with files as it arrived; `at` is taken when the last byte was there. `mails` are those of MAILS."""

    form: Form
    files: Mapping[str, UploadedFile]
    at: datetime
    mails: Sequence[UploadedFile] = ()


async def _own_upload(request: Request, person: Annotated[SignedIn, Depends(signed_in)]) -> Uploaded:
    """Our own page's form, in this session; another page's is refused before its body is read."""
    refuse_foreign_page(request)
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        raise UnsupportedMediaType("form_expected")
    body = MultipartBody(content_type, BOUNDS)
    form, files = await _received(request, body)
    request.state.form = form
    refuse_foreign_token(request, form)
    return Uploaded(form, files, now_of(request), body.files_of(MAILS))


async def _received(request: Request, body: MultipartBody) -> tuple[Form, Mapping[str, UploadedFile]]:
    announced, arrived = request.headers.get("content-length", ""), 0
    if announced.isascii() and announced.isdigit() and int(announced) > MOST_BYTES:
        raise BodyTooLarge
    async for piece in request.stream():
        arrived += len(piece)
        if arrived > MOST_BYTES:
            raise BodyTooLarge
        body.feed(piece)
    return body.finish()


OwnUpload = Annotated[Uploaded, Depends(_own_upload)]


def read_upload(request: Request, file: UploadedFile) -> str:
    """The text of a file, read in a process of its own; takes up to a minute, so hold no session meanwhile.

    Without NUL, which nobody can see and PostgreSQL doesn't keep.

    Raises Unprocessable with the refusal's code (`file_…`) for what can't be read as a document, Unavailable
    (`readings_busy`) where others are being read and none of them ends within `LONGEST_WAIT`.
    """
    return in_turn(lambda: read_outside(file.content, file.name)).replace("\0", "")


def in_turn(read: Callable[[], Answer]) -> Answer:
    """What is read apart from this process, no more of it at once than the machine bears. Raises as `read_upload`."""
    with _turn():
        try:
            return read()
        except UnreadableFileError as error:
            raise Unprocessable(error.code) from error


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=LONGEST_WAIT):
        raise Unavailable("readings_busy")
    try:
        yield
    finally:
        _turns.release()
