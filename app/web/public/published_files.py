"""What is public of the comments on a consultation, as files: the same as the list shows.

A file is read and sent page by page, each in a transaction of its own, so that one of any length costs the memory of
one page and holds no connection to the store for a slow reader.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from app.consultations import queries as consultations
from app.consultations.disclosure import Disclosed, disclosed
from app.kit.clock import BEIJING
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession
from app.kit.paging import read_cursor
from app.web import labels
from app.web.i18n import gettext as _
from app.web.public import opinions
from app.web.public.opinions import PublicItem
from app.web.services import Services, Svc
from app.web.templating import address

ROWS_AT_ONCE = 500
COLUMNS = ("number", "published_at", "name", "title", "text", "clauses", "outcomes", "address")
BETWEEN = "；"
FORMULA = re.compile(r"\s*[=+\-@\t\r\n\0＝＋－＠]")
"""What a spreadsheet may take a cell for a formula by (OWASP, CSV injection), also in full width and after blanks."""
BYTE_ORDER_MARK = "\ufeff"

router = APIRouter(include_in_schema=False)


@router.get("/consultations/{slug}/comments.csv", name="comments_csv")
def as_table(request: Request, slug: str, services: Svc, session: ReadSession, now: Now) -> Response:
    """Raises NotFound (`not_disclosed_yet`) while it isn't for everybody."""
    refuse_undisclosed(session, slug, now, Disclosed.DOWNLOADS)
    return _file(_table(_items(services, slug), request, services, slug), slug, "csv", "text/csv; charset=utf-8")


@router.get("/consultations/{slug}/comments.json", name="comments_json")
def as_data(request: Request, slug: str, services: Svc, session: ReadSession, now: Now) -> Response:
    """Raises NotFound (`not_disclosed_yet`) while it isn't for everybody."""
    refuse_undisclosed(session, slug, now, Disclosed.DOWNLOADS)
    head = {
        "title": consultations.public_consultation(session, slug).title,
        "address": whole_address(request, services, "consultation", slug=slug),
        "made_at": in_beijing(now),
        "note": _("These are the public's own words. They are not the views of this site."),
    }
    content = _data(head, _items(services, slug), request, services, slug)
    return _file(content, slug, "json", "application/json")


def refuse_undisclosed(session: ReadSession, slug: str, now: Now, what: Disclosed) -> None:
    """Raises NotFound for what isn't public, or not for everybody yet."""
    row = consultations.public_consultation(session, slug)
    if what not in disclosed(consultations.display_terms(session, row.id), consultations.phase(row, now)):
        raise NotFound("not_disclosed_yet")


def whole_address(request: Request, services: Services, name: str, **values: object) -> str:
    """With the site's own address before it, as it is needed outside of its pages."""
    path = address(request, name, **values).removeprefix(services.settings.base_path)
    return services.settings.public_url + path


def in_beijing(at: datetime) -> str:
    """ISO 8601, in Beijing's time and with its difference to UTC."""
    return at.astimezone(BEIJING).isoformat(timespec="seconds")


def _items(services: Services, slug: str) -> Iterator[PublicItem]:
    cursor: str | None = ""
    while cursor is not None:
        with services.database.reading() as session:
            row = consultations.public_consultation(session, slug)
            items, cursor = opinions.public_page(session, row, read_cursor(cursor), ROWS_AT_ONCE)
        yield from items


def _own_address(request: Request, services: Services, slug: str, item: PublicItem) -> str:
    if item.number:
        return whole_address(request, services, "opinion", slug=slug, number=item.number)
    return whole_address(request, services, "comments", slug=slug)


def _table(items: Iterator[PublicItem], request: Request, services: Services, slug: str) -> Iterator[str]:
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    for item in items:
        yield _line(
            (
                item.number,
                in_beijing(item.at),
                item.author,
                item.title,
                item.text,
                BETWEEN.join(item.clauses),
                BETWEEN.join(map(labels.label, item.outcomes)),
                _own_address(request, services, slug, item),
            )
        )


def _line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(f"'{cell}" if FORMULA.match(cell) else cell for cell in cells)
    return line.getvalue()


def _data(
    head: dict[str, Any], items: Iterator[PublicItem], request: Request, services: Services, slug: str
) -> Iterator[str]:
    """One object: what it is about, and its `comments`, one a line."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "comments": ['
    before = "\n"
    for item in items:
        record = {
            "number": item.number,
            "published_at": in_beijing(item.at),
            "name": item.author,
            "title": item.title,
            "text": item.text,
            "clauses": item.clauses,
            "outcomes": [outcome.value for outcome in item.outcomes],
            "address": _own_address(request, services, slug, item),
        }
        yield before + json.dumps(record, ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"


def _file(content: Iterator[str], slug: str, ending: str, media_type: str) -> Response:
    name = f'attachment; filename="{slug}-comments.{ending}"'
    return StreamingResponse(content, media_type=media_type, headers={"Content-Disposition": name})
