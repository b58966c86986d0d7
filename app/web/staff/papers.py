"""汇总材料 of a consultation: the papers that go with the draft into review, as far as its opinions are dealt with."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations.models import Consultation
from app.exports import ledger as exports
from app.kit.clock import beijing_day
from app.kit.errors import BadRequest, Unprocessable
from app.kit.http import Now, ReadSession
from app.papers import language, making, material, standing, templates
from app.papers.kinds import PaperFormat, PaperKind
from app.papers.making import MOST_IN_SHEETS, Paper
from app.papers.paragraphs import Paragraph
from app.papers.tally import MOST_LISTED
from app.permissions import Actor, Permission
from app.records import numbers
from app.submissions.vault import Vault
from app.web.downloads import SANDBOX
from app.web.errors import words_of
from app.web.services import Services, Svc
from app.web.staff import outcomes
from app.web.staff.access import OwnForm, allowed
from app.web.staff.conclusion import gap_view
from app.web.staff.proving import proven
from app.web.templating import page

PATH = "/staff/consultations/{slug}/papers"
TYPES = {
    PaperFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PaperFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
FILE_NAMES = {PaperKind.SUMMARY: "意见汇总表", PaperKind.EXPLANATION: "公众意见采纳情况说明"}
IN_MEMORY = 4 * 1024 * 1024
PIECE = 64 * 1024
"""Bytes of a file that stay in memory, and of a piece that goes out at once."""
Prints = Annotated[Actor, allowed(Permission.PRINT_PAPERS)]
TakesOut = Annotated[Actor, proven(Permission.PRINT_PAPERS)]

router = APIRouter(include_in_schema=False)


@router.get(PATH, name="staff_papers")
def shown(request: Request, slug: str, actor: Prints, session: ReadSession, services: Svc, now: Now) -> Response:
    """By counters alone: nothing here costs by the number of opinions."""
    paper = _paper(session, services.vault, actor, slug, now)
    row, rows = paper.consultation, making.rows_of(session, paper)
    held = {kind: templates.in_force(session, kind, row.id) for kind in PaperKind}
    writers = {one.written_by for one in held.values() if one.written_by}
    context: dict[str, Any] = {
        "c": row,
        "at": now,
        "standing": paper.standing,
        "gaps": [gap_view(request, row, gap) for gap in paper.standing.gaps],
        "intake": numbers.of_intake(session, row.id),
        "rows": rows,
        "docx_possible": rows <= MOST_LISTED,
        "xlsx_possible": rows <= MOST_IN_SHEETS,
        "most_listed": MOST_LISTED,
        "most_in_sheets": MOST_IN_SHEETS,
        "held": {kind.value: template for kind, template in held.items()},
        "names": accounts.names_of(session, sorted(writers)),
    }
    return page(request, "staff/papers/materials.html", context)


@router.get(PATH + "/preview", name="staff_paper_preview")
def preview(request: Request, slug: str, actor: Prints, session: ReadSession, services: Svc, now: Now) -> Response:
    """The explanation as it reads now."""
    paper = _paper(session, services.vault, actor, slug, now)
    template = templates.in_force(session, PaperKind.EXPLANATION, paper.consultation.id)
    context: dict[str, Any] = {
        "c": paper.consultation,
        "at": now,
        "template": template,
        "most_listed": MOST_LISTED,
        "names": accounts.names_of(session, [template.written_by] if template.written_by else []),
        "paragraphs": None,
        "problem": "",
    }
    try:
        context["paragraphs"] = previewed(session, paper, template.text)
    except Unprocessable as refused:
        context["problem"] = words_of(refused)
    return page(request, "staff/papers/preview.html", context)


@router.post(PATH + "/summary", name="staff_print_summary")
def print_summary(slug: str, sent: OwnForm, actor: TakesOut, services: Svc, now: Now) -> Response:
    """Raises Conflict("exports_frozen"), Unprocessable("paper_too_many_rows"), ("paper_too_long")."""
    said = sent.form.get("format", "")
    if said not in set(PaperFormat):
        raise BadRequest("bad_form")
    return _printed(services, actor, now, slug, PaperKind.SUMMARY, PaperFormat(said))


@router.post(PATH + "/explanation", name="staff_print_explanation")
def print_explanation(slug: str, sent: OwnForm, actor: TakesOut, services: Svc, now: Now) -> Response:
    """As `print_summary`."""
    return _printed(services, actor, now, slug, PaperKind.EXPLANATION, PaperFormat.DOCX)


def previewed(session: Session, paper: Paper, text: str) -> list[Paragraph] | None:
    """What the text comes to with the consultation's real numbers; None where a page can't wait for so many rows.

    Raises Unprocessable as `language.parsed` and `making.text_of`.
    """
    parts = language.parsed(text)
    if making.rows_of(session, paper) > MOST_LISTED and making.needs_rows(parts):
        return None
    return making.text_of(session, paper, parts)


def paper_of(session: Session, vault: Vault, actor: Actor, row: Consultation, now: datetime) -> Paper:
    """What other organs said is in it for those alone who may read it."""
    with_organs = actor.may_within(Permission.READ_SOUNDINGS, row.id)
    return Paper(row, standing.of_consultation(session, row, now, with_organs=with_organs), vault)


def _paper(session: Session, vault: Vault, actor: Actor, slug: str, now: datetime) -> Paper:
    return paper_of(session, vault, actor, outcomes.found(session, slug), now)


def _printed(
    services: Services, actor: Actor, now: datetime, slug: str, kind: PaperKind, form: PaperFormat
) -> Response:
    """Made first, then kept on record, and only then handed out."""
    with ExitStack() as opened:
        file = opened.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        with services.database.reading() as session:
            exports.refuse_frozen(session)
            paper = _paper(session, services.vault, actor, slug, now)
            number, name = _made(session, paper, kind, form, file), _name(session, paper, kind, now)
        with services.database.writing() as session:
            exports.note(session, actor, now, f"paper_{kind.value}", number)
        kept = opened.pop_all()
    saved = f"attachment; filename=\"{kind}.{form}\"; filename*=UTF-8''{quote(f'{name}.{form}', safe='')}"
    headers = {"Content-Disposition": saved, "Content-Security-Policy": SANDBOX, "Cache-Control": "no-store"}
    return StreamingResponse(_pieces(file, kept), media_type=TYPES[form], headers=headers)


def _made(session: Session, paper: Paper, kind: PaperKind, form: PaperFormat, file: IO[bytes]) -> int:
    if kind is PaperKind.EXPLANATION:
        return making.explanation(session, paper, file)
    with tempfile.TemporaryDirectory() as folder:
        return making.summary(session, paper, form, file, Path(folder))


def _name(session: Session, paper: Paper, kind: PaperKind, now: datetime) -> str:
    title = material.draft_title(session, paper.consultation)
    so_far = "（阶段性）" if paper.standing.is_provisional else ""
    return f"{title[:60]}{FILE_NAMES[kind]}{so_far}{beijing_day(now):%Y%m%d}"


def _pieces(file: IO[bytes], kept: ExitStack) -> Iterator[bytes]:
    with kept:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
