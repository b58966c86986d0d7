"""Handing out the files of a published edition: small ones whole and kept at hand, long ones piece by piece."""

import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore, Lock
from typing import IO

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from app.kit.errors import Unavailable
from app.reporting.models import ReportEdition
from app.reporting.published import Published
from app.web.downloads import SANDBOX
from app.web.reports import files

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
}
WHOLE = ("xlsx", "docx", "csv", "json")
LAYOUT = 1
"""Grows with every change to how a file looks, so that a browser that kept the old one asks for the new one."""
FEW = 300
"""Rows of an edition whose files are kept at hand."""
KEPT_FILES, LARGEST_KEPT = 64, 1_000_000
AT_ONCE = 2
IN_MEMORY = 4_000_000
PIECE = 64 * 1024

_places = BoundedSemaphore(AT_ONCE)


class Shelf:
    """Small files by edition and kind, those asked for last; an edition never changes, so none is ever stale."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = Lock()

    def find(self, edition: ReportEdition, ending: str) -> bytes | None:
        with self._lock:
            found = self._files.get((edition.sha256, ending))
            if found is not None:
                self._files.move_to_end((edition.sha256, ending))
            return found

    def keep(self, edition: ReportEdition, ending: str, content: bytes) -> None:
        if len(content) > LARGEST_KEPT:
            return
        with self._lock:
            self._files[edition.sha256, ending] = content
            while len(self._files) > KEPT_FILES:
                self._files.popitem(last=False)


SHELF = Shelf()


def size_of(report: Published, ending: str) -> int | None:
    """Bytes of the file, where it is small enough to be made for that or is at hand."""
    found = SHELF.find(report.edition, ending)
    if found is None and ending in WHOLE and report.edition.rows <= FEW:
        found = _whole(report, ending)
    return None if found is None else len(found)


def answer(request: Request, report: Published, ending: str, slug: str, render: Callable[[], bytes]) -> Response:
    """The file for saving, or that the reader's copy is still good. `render` makes the PDF.

    Raises Unavailable("report_busy") while AT_ONCE others are being made.
    """
    tag = f'"{report.edition.sha256[:32]}-{LAYOUT}"'
    name = f"{slug}-report-{report.edition.number}.{ending}"
    headers = {
        "ETag": tag,
        "Cache-Control": "public, no-cache",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": SANDBOX,
    }
    if tag in (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    if ending == "pdf":
        return Response(_pdf(report, render), media_type=TYPES[ending], headers=headers)
    if report.edition.rows <= FEW:
        return Response(_whole(report, ending), media_type=TYPES[ending], headers=headers)
    return StreamingResponse(_pieces(report, ending), media_type=TYPES[ending], headers=headers)


def _whole(report: Published, ending: str) -> bytes:
    found = SHELF.find(report.edition, ending)
    if found is None:
        found = b"".join(_pieces(report, ending))
        SHELF.keep(report.edition, ending, found)
    return found


def _pdf(report: Published, render: Callable[[], bytes]) -> bytes:
    found = SHELF.find(report.edition, "pdf")
    if found is None:
        found = render()
        SHELF.keep(report.edition, "pdf", found)
    return found


def _pieces(report: Published, ending: str) -> Iterator[bytes]:
    if ending == "json":
        return report.json_pieces()
    if ending == "csv":
        return files.as_csv(report.figures, report.rows())
    return _made(report, files.write_xlsx if ending == "xlsx" else files.write_docx)


def _made(report: Published, write: Callable[..., None]) -> Iterator[bytes]:
    """Written whole before the first byte is sent, so that what fails fails as an error page."""
    if not _places.acquire(blocking=False):
        raise Unavailable("report_busy")
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed once it was sent
    try:
        write(file, report.head, report.figures, report.rows())
    except BaseException:
        file.close()
        raise
    finally:
        _places.release()
    return _sent(file)


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
