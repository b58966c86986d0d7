"""Mails that staff send as files: several at once, within bounds, into memory and never onto this machine's disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.accounts.sessions import SignedIn
from app.kit.errors import UnsupportedMediaType
from app.kit.http import now_of
from app.kit.multipart import BodyTooLarge, Bounds, MultipartBody, UploadedFile
from app.web.staff.access import refuse_foreign_page, refuse_foreign_token, signed_in

FIELD = "mails"
LARGEST = 64 * 1024 * 1024
"""Bytes of all files together."""
BOUNDS = Bounds(file_bytes=LARGEST, field_bytes=64 * 1024, parts=520, repeatable=frozenset({FIELD}))


@dataclass(frozen=True)
class SentMails:
    """The files, and when the last byte of them was there."""

    files: Sequence[UploadedFile]
    at: datetime


async def _sent(request: Request, person: Annotated[SignedIn, Depends(signed_in)]) -> SentMails:
    """Our own page's form, in this session; another page's is refused before its body is read."""
    refuse_foreign_page(request)
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        raise UnsupportedMediaType("form_expected")
    body, arrived = MultipartBody(content_type, BOUNDS), 0
    async for piece in request.stream():
        arrived += len(piece)
        if arrived > LARGEST + BOUNDS.field_bytes:
            raise BodyTooLarge
        body.feed(piece)
    form, _files = body.finish()
    refuse_foreign_token(request, form)
    return SentMails(body.files_of(FIELD), now_of(request))


OwnMails = Annotated[SentMails, Depends(_sent)]
