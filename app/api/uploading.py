"""A file that a program sends: read within bounds, after the caller is known and nothing stands against it.

Either as `multipart/form-data` with one part `file`, or as the body itself with its name in the address.
"""

from datetime import timedelta
from threading import BoundedSemaphore

from fastapi import Request

from app.api.limiting import TooManyRequests
from app.api.receiving import DepartmentRoute, StrictRequest, TooLarge
from app.api.sandbox.places import Sandbox
from app.kit.errors import DomainError, Unavailable, Unprocessable, UnsupportedMediaType
from app.kit.http import PLACE, now_of
from app.kit.multipart import BodyTooLarge, Bounds, MultipartBody, UploadedFile, label_of
from app.kit.throttle import Sharing, Throttle
from app.mail.attached import Cabinet
from app.submissions.attachments import NewFile, take_in
from app.submissions.file_examination import FileProblem, FileRefused
from app.submissions.file_kinds import LARGEST_FILE

PART = "file"
KEY = "idempotency_key"
MULTIPART = "multipart/form-data"
RAW = (
    "application/octet-stream",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/jpeg",
    "image/png",
)
"""What the body may be declared as; what it is, its content says."""
BOUNDS = Bounds(file_bytes=LARGEST_FILE, field_bytes=4096, parts=4)
MOST_BYTES = LARGEST_FILE + 16 * 1024
MOST_READINGS = 2
"""Examined at once in one process."""
LONGEST_WAIT = 5.0
MOST_FILES = 120
"""That one client may have examined within MOST_FILES_WITHIN."""
MOST_FILES_WITHIN = timedelta(minutes=10)

_turns = BoundedSemaphore(MOST_READINGS)


class UploadRoute(DepartmentRoute):
    """A route that reads the body itself."""

    reads = StrictRequest


class Uploads(Throttle):
    """How many files each client had examined."""

    def __init__(self, sharing: Sharing | None = None) -> None:
        super().__init__(MOST_FILES, MOST_FILES_WITHIN, "api-files", sharing)


def cabinet_of(request: Request) -> Cabinet:
    """Where this request's files are. Raises Unavailable where this application keeps none."""
    place = request.scope.get(PLACE)
    found: Cabinet | None = place.cabinet if isinstance(place, Sandbox) else request.app.state.cabinet
    if found is None:
        raise Unavailable
    return found


async def received(request: Request, name: str | None) -> tuple[UploadedFile, str | None]:
    """The file, and the idempotency key that came as a field beside it; never more in memory than the bounds allow.

    Raises UnsupportedMediaType, TooLarge, DomainError for what is no form, Unprocessable without a file or its name.
    """
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared == MULTIPART:
        return await _of_form(request, name)
    if declared not in RAW:
        raise UnsupportedMediaType("unsupported_file_type")
    if name is None:
        raise Unprocessable("file_name_required")
    return UploadedFile(label_of(name), await _whole(request)), None


async def _of_form(request: Request, name: str | None) -> tuple[UploadedFile, str | None]:
    try:
        body = MultipartBody(request.headers["content-type"], BOUNDS)
        async for piece in request.stream():
            body.feed(piece)
        form, files = body.finish()
    except BodyTooLarge as error:
        raise TooLarge(limit=LARGEST_FILE) from error
    except DomainError as error:
        raise DomainError("malformed_form") from error
    file = files.get(PART)
    if file is None:
        raise Unprocessable("upload_empty")
    return (UploadedFile(label_of(name), file.content) if name else file), form.get(KEY, "") or None


async def _whole(request: Request) -> bytes:
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > LARGEST_FILE:
            raise TooLarge(limit=LARGEST_FILE)
    return bytes(found)


def taken_in(request: Request, client_id: str, file: UploadedFile) -> NewFile:
    """Examined, scanned and kept; takes seconds, so hold no session meanwhile.

    Raises Unprocessable (`upload_…`) for what isn't taken, TooManyRequests, Unavailable where files can't be kept or
    too many are being examined.
    """
    uploads: Uploads = request.app.state.uploads
    now, cabinet = now_of(request), cabinet_of(request)
    real = request.app.state.accounts_clock.now()
    free_at = uploads.free_at(client_id, real)
    if free_at is not None:
        raise TooManyRequests(seconds=max(1, int((free_at - real).total_seconds())))
    uploads.note(client_id, real)
    if not _turns.acquire(timeout=LONGEST_WAIT):
        raise Unavailable
    try:
        return take_in(cabinet.blobs, cabinet.scanner, file.content, file.name, now)
    except FileRefused as refused:
        if refused.problem is FileProblem.TOO_LARGE:
            raise TooLarge(limit=LARGEST_FILE) from refused
        raise Unprocessable(f"upload_{refused.problem.value}") from refused
    except OSError as error:
        raise Unavailable from error
    finally:
        _turns.release()
