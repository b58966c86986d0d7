"""Checking a receipt file: in the reader's browser by a script of the page, or here where that can't be."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.kit.errors import UnsupportedMediaType
from app.kit.http import Now, ReadSession
from app.kit.multipart import BodyTooLarge, Bounds, MultipartBody
from app.kit.signing import key_id
from app.submissions.receipt_file import receipt_file
from app.transparency import heads, queries, receipt_files
from app.transparency.heads import SignedHead
from app.transparency.receipt_files import LARGEST, BadFile
from app.web.i18n import gettext as _
from app.web.public.log_words import Answer, all_words, answers
from app.web.public.receipts import NO_REFERRER, opened, own_address
from app.web.services import Services, Svc
from app.web.templating import page

BOUNDS = Bounds(file_bytes=LARGEST, field_bytes=1000, parts=4)
MOST_TALLIES = 20

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class TallyView:
    """Of a concluded consultation: its receipts, and how many of them have no decision in the log."""

    title: str
    slug: str
    receipts: int
    without_outcome: int


async def _sent_file(request: Request) -> bytes | None:
    """None where the form came without a file. Raises BodyTooLarge, BadForm, UnsupportedMediaType."""
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        raise UnsupportedMediaType("form_expected")
    body, arrived = MultipartBody(content_type, BOUNDS), 0
    async for piece in request.stream():
        arrived += len(piece)
        if arrived > LARGEST + 10_000:
            raise BodyTooLarge
        body.feed(piece)
    _form, files = body.finish()
    return files["file"].content if "file" in files else None


@router.get("/verify", name="verify")
def verify_form(request: Request, services: Svc, session: ReadSession) -> Response:
    return _verify(request, services, session, [], None, 200)


@router.post("/verify", name="verify_file")
def verify_here(
    request: Request, services: Svc, session: ReadSession, sent: Annotated[bytes | None, Depends(_sent_file)]
) -> Response:
    """For a browser that can't; nothing of the file is kept."""
    if not sent:
        return _verify(request, services, session, [], _("Choose a receipt file"), 422)
    try:
        said = receipt_files.read(sent)
    except BadFile:
        return _verify(request, services, session, [], all_words()["unreadable"], 422)
    found = answers(receipt_files.check(said, services.log_keys), said)
    return _verify(request, services, session, found, None, 200)


@router.post("/receipts/{receipt_number}/file", name="receipt_file")
def download(request: Request, receipt_number: str, services: Svc, session: ReadSession, now: Now) -> Response:
    """The receipt as a file, for whoever has opened it; asked for by a form, as the PDF is."""
    found = opened(services, request, session, now, receipt_number)
    made = receipt_file(session, services.signer, found) if found else None
    if found is None or made is None or made.content is None:
        return own_address(request, receipt_number)
    content = json.dumps(made.content, ensure_ascii=False, indent=1).encode()
    name = f'attachment; filename="receipt-{found.receipt_number}.json"'
    return Response(content, media_type="application/json", headers=NO_REFERRER | {"Content-Disposition": name})


def _verify(
    request: Request, services: Services, session: Session, found: Sequence[Answer], error: str | None, status: int
) -> Response:
    head: SignedHead | None = heads.newest(session, services.signer)
    context = {
        "answers": found,
        "error": error,
        "words": all_words(),
        "keys": [(key, key_id(key)) for key in services.log_keys],
        "largest": LARGEST,
        "head": head,
        "tallies": _tallies(session),
    }
    return page(request, "public/verify.html", context, status)


def _tallies(session: Session) -> list[TallyView]:
    found = []
    for entry in queries.latest_tallies(session, MOST_TALLIES):
        consultation = session.get(Consultation, entry.consultation_id)
        if consultation is not None and entry.said is not None:
            numbers = (entry.said["receipts"], entry.said["without_outcome"])
            found.append(TallyView(consultation.title, consultation.slug, *numbers))
    return found
