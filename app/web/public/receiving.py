"""The comment form as it arrives: with files where its consultation takes any, and without them as every other form.

The bounds here stand in for the framework's, whose answer is no page: a route that takes this form in has
`max_body_size=ANY_SIZE`. A file beyond its bound is read over, so that nobody loses words with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import BoundedSemaphore

import anyio
from anyio.to_thread import run_sync
from fastapi import Request

from app.consultations import queries as consultations
from app.kit.errors import Unavailable, UnsupportedMediaType
from app.kit.forms import parse_form
from app.kit.http import now_of
from app.kit.multipart import BodyTooLarge, Bounds, MultipartBody
from app.submissions.file_kinds import LARGEST_FILE, LARGEST_TOGETHER
from app.web.forms import REPEATABLE, Received
from app.web.services import services_of

ANY_SIZE = 2**62
"""Switches the framework's own limit off."""
FILES = "files"
MOST_BYTES_OF_WORDS = 256 * 1024
MOST_BYTES = 64 * 1024 * 1024
"""Beyond this not even words are taken: five files as large as a telephone makes them."""
BOUNDS = Bounds(
    file_bytes=LARGEST_FILE,
    field_bytes=MOST_BYTES_OF_WORDS,
    parts=400,
    repeatable=REPEATABLE | {FILES},
    all_files_bytes=LARGEST_TOGETHER,
)
WITHOUT_FILES = replace(BOUNDS, file_bytes=0, all_files_bytes=0)
MOST_AT_ONCE = 16
"""Forms with files that one process takes in at the same time: each may hold LARGEST_TOGETHER."""
LONGEST_SECONDS = 300

_turns = BoundedSemaphore(MOST_AT_ONCE)


async def receive(request: Request, slug: str) -> Received:
    """The form of this consultation; its words are kept for the page that a refusal is told on.

    Raises BadForm, UnsupportedMediaType, Unavailable where it comes too slowly, BodyTooLarge.
    """
    content_type = request.headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "application/x-www-form-urlencoded":
        received = await _words(request)
    elif media_type == "multipart/form-data" and await run_sync(_takes_files, request, slug):
        received = await _words_and_files(request, content_type)
    else:
        raise UnsupportedMediaType("form_expected")
    request.state.form = received.form
    return received


def _takes_files(request: Request, slug: str) -> bool:
    with services_of(request).database.reading() as session:
        return consultations.form_terms(session, consultations.public_consultation(session, slug).id).takes_files


async def _words(request: Request) -> Received:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES_OF_WORDS:
            raise BodyTooLarge
    return Received(parse_form(bytes(body), REPEATABLE), now_of(request))


async def _words_and_files(request: Request, content_type: str) -> Received:
    """Where too many come at once, the words are taken and the files are told as not taken."""
    with _turn() as has_turn:
        body = MultipartBody(content_type, BOUNDS if has_turn else WITHOUT_FILES)
        at = await _fed(request, body)
        form, _last = body.finish()
        return Received(form, at, body.files_of(FILES), files_dropped=not has_turn)


async def _fed(request: Request, body: MultipartBody) -> datetime:
    try:
        with anyio.fail_after(LONGEST_SECONDS):
            await _read_over(request, body)
    except TimeoutError as error:
        raise Unavailable("upload_too_slow") from error
    return now_of(request)


async def _read_over(request: Request, body: MultipartBody) -> None:
    arrived = 0
    async for piece in request.stream():
        arrived += len(piece)
        if arrived > MOST_BYTES:
            raise BodyTooLarge
        body.feed(piece)


@contextmanager
def _turn() -> Iterator[bool]:
    has_turn = _turns.acquire(blocking=False)
    try:
        yield has_turn
    finally:
        if has_turn:
            _turns.release()
