"""The directory as a table: download it, send one, look over what it would change, confirm."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.departments import actions, queries
from app.departments.importing import Outcome, fingerprint, plan
from app.departments.tabular import COLUMNS, read_table, write_table
from app.documents.formats.refusals import UnreadableFileError
from app.documents.reading import decode
from app.exports import ledger as exports
from app.kit.clock import beijing_day
from app.kit.errors import BadRequest, DomainError, Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.permissions import Actor, Permission
from app.web.department_words import column, refusal
from app.web.staff.access import OwnForm, allowed
from app.web.templating import address, page
from app.web.uploads import ANY_SIZE, OwnUpload, Uploaded

MOST_CARRIED = 180_000
"""Bytes of a packed table that fit into the form of the second click."""
MOST_UNPACKED = 20_000_000
MOST_SHOWN = 300
Manages = Annotated[Actor, allowed(Permission.MANAGE_DEPARTMENTS)]

router = APIRouter(include_in_schema=False)


@router.post("/staff/departments/export", name="staff_export_departments")
def export_departments(request: Request, sent: OwnForm, actor: Manages, session: WriteSession, now: Now) -> Response:
    """With a byte order mark: spreadsheets take a file without one for one in the system's old encoding.

    That it was taken out is on record before it leaves. Raises Conflict("exports_frozen").
    """
    entries = queries.entries(session)
    exports.note(session, actor, now, "departments", len(entries))
    name = f"departments-{beijing_day(now):%Y%m%d}.csv"
    return Response(
        "\ufeff" + write_table(entries),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/staff/departments/import", name="staff_import_departments")
def choose_table(request: Request, actor: Manages) -> Response:
    return _choose(request)


@router.post("/staff/departments/import", name="staff_preview_departments", max_body_size=ANY_SIZE)
def preview_table(request: Request, actor: Manages, sent: OwnUpload, session: ReadSession) -> Response:
    """What the table would do, row by row; nothing is stored."""
    try:
        text = _text(sent)
        rows = read_table(text)
        carried = _pack(text)
    except DomainError as error:
        return _choose(request, sent.form.get("table", ""), error)
    known = queries.entries(session)
    planned = plan(known, rows)
    told = [row for row in planned.rows if row.outcome is not Outcome.UNCHANGED]
    told.sort(key=lambda row: row.outcome is not Outcome.REFUSED)
    context = {
        "rows": told[:MOST_SHOWN],
        "hidden": len(told) - len(told[:MOST_SHOWN]),
        "counts": [(outcome, len(planned.of(outcome))) for outcome in Outcome],
        "refused": len(planned.of(Outcome.REFUSED)),
        "changes": bool(told),
        "carried": carried,
        "previewed": fingerprint(known),
        "refusal": refusal,
        "column": column,
    }
    return page(request, "staff/departments/preview.html", context, 422 if context["refused"] else 200)


@router.post("/staff/departments/import/confirm", name="staff_confirm_departments")
def confirm_table(request: Request, sent: OwnForm, actor: Manages, session: WriteSession, now: Now) -> Response:
    rows = read_table(_unpack(sent.form.get("carried", "")))
    actions.import_rows(session, actor, now, rows, sent.form.get("previewed", ""))
    return RedirectResponse(address(request, "staff_departments"), status_code=303)


def _choose(request: Request, pasted: str = "", error: DomainError | None = None) -> Response:
    context = {
        "pasted": pasted,
        "columns": [(name, column(name)) for name in COLUMNS],
        "error": refusal(error) if error else None,
    }
    return page(request, "staff/departments/import.html", context, error.status if error else 200)


def _text(sent: Uploaded) -> str:
    """The table that was sent as a file or, where none was, that was pasted. Raises Unprocessable."""
    file = sent.files.get("file")
    if file is None or not file.content:
        if not sent.form.text("table"):
            raise Unprocessable("table_required")
        return sent.form["table"]
    try:
        return decode(file.content)
    except UnreadableFileError as error:
        raise Unprocessable(error.code, file=file.name) from error


def _pack(text: str) -> str:
    """The table as one word for a form. Raises Unprocessable for one that no form takes."""
    packed = urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()
    if len(packed) > MOST_CARRIED:
        raise Unprocessable("table_too_large")
    return packed


def _unpack(word: str) -> str:
    """Raises BadRequest for what is no packed table, or one that unpacks to more than a table holds."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(urlsafe_b64decode(word.encode("ascii")), MOST_UNPACKED)
        if not unpacking.eof:
            raise BadRequest("bad_form")
        return text.decode()
    except (ValueError, zlib.error) as error:
        raise BadRequest("bad_form") from error
