"""The auditor's pages: the log with its filters, the state of its chain, and taking it out."""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from app.audit import heads, queries, sealing
from app.audit.canonical import line
from app.audit.models import AuditEntry
from app.audit.queries import Filters
from app.consultations import queries as consultations
from app.exports import ledger as exports
from app.exports.tabular import csv_bytes
from app.kit.clock import BEIJING, beijing_day
from app.kit.database import Database
from app.kit.errors import Unprocessable
from app.kit.http import Now, ReadSession, WriteSession
from app.kit.paging import read_cursor
from app.kit.signing import Signer
from app.permissions import Actor, Permission
from app.web.audit_words import WORDS
from app.web.i18n import gettext as _
from app.web.services import Svc
from app.web.staff import audit_view
from app.web.staff.access import OwnForm, allowed
from app.web.staff.proving import proven
from app.web.templating import address, page

PAGE_SIZE = 50
MOST_EXPORTED = 200_000
COLUMNS = (
    *("at", "actor_kind", "actor_id", "action", "words", "record_kind", "record_id", "consultation_id"),
    *("result", "source", "detail", "request_id"),
)
Audits = Annotated[Actor, allowed(Permission.VIEW_AUDIT)]
TakesOut = Annotated[Actor, proven(Permission.EXPORT_AUDIT)]

router = APIRouter(include_in_schema=False)


@router.get("/staff/audit", name="staff_audit")
def audit_log(request: Request, services: Svc, actor: Audits, session: ReadSession, before: str = "") -> Response:
    form = audit_view.asked(request.query_params)
    found = queries.latest(session, read_cursor(before), PAGE_SIZE, audit_view.filters(session, form))
    seed = services.settings.signature_seed
    head = sealing.head(session)
    context = {
        "items": audit_view.views(session, found.items),
        "form": form,
        "choices": audit_view.choices(),
        "results": audit_view.results(),
        "consultations": consultations.all_consultations(session),
        "head": head,
        "head_line": heads.kept(head, Signer(seed) if seed else None).line(),
        "tail": sealing.tail(session),
        "next_url": _further(request, form, found.next_cursor),
        "formats": [("csv", _("Table (CSV)")), ("jsonl", _("JSON lines"))],
    }
    return page(request, "staff/audit.html", context)


@router.post("/staff/audit/export", name="staff_export_audit")
def export(
    request: Request, services: Svc, sent: OwnForm, actor: TakesOut, session: WriteSession, now: Now
) -> Response:
    """That it was taken out is on record before the first byte leaves.

    Raises Conflict("exports_frozen"), Unprocessable("export_too_large").
    """
    as_table = sent.form.get("format", "") == "csv"
    chosen = audit_view.filters(session, audit_view.asked({name: sent.form.get(name, "") for name in sent.form}))
    number = queries.number(session, chosen)
    if number > MOST_EXPORTED:
        raise Unprocessable("export_too_large", limit=MOST_EXPORTED)
    exports.note(session, actor, now, "audit", number)
    name = f"audit-{beijing_day(now):%Y%m%d}.{'csv' if as_table else 'jsonl'}"
    return StreamingResponse(
        (_table if as_table else _lines)(services.database, chosen),
        media_type="text/csv; charset=utf-8" if as_table else "application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _table(database: Database, chosen: Filters) -> Iterator[bytes]:
    with database.reading() as session:
        yield from csv_bytes(COLUMNS, map(_cells, queries.everything(session, chosen)))


def _lines(database: Database, chosen: Filters) -> Iterator[bytes]:
    """As `yanlu audit export` writes them; position and seal are in a whole export only."""
    with database.reading() as session:
        for entry in queries.everything(session, chosen):
            yield line(sealing.sealable(entry), None, None)


def _cells(entry: AuditEntry) -> Sequence[str]:
    return (
        entry.at.astimezone(BEIJING).isoformat(timespec="seconds"),
        entry.actor_kind.value,
        entry.actor_id,
        entry.action,
        _(WORDS[entry.action]) if entry.action in WORDS else "",
        entry.record_kind,
        entry.record_id,
        str(entry.consultation_id or ""),
        entry.result.value,
        entry.source or "",
        json.dumps(entry.detail, ensure_ascii=False, sort_keys=True),
        entry.request_id or "",
    )


def _further(request: Request, form: audit_view.Asked, cursor: str | None) -> str | None:
    given = {name: value for name, value in vars(form).items() if value}
    return address(request, "staff_audit", **given, before=cursor) if cursor else None
