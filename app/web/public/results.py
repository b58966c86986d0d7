"""What the public is told about the results of a consultation: what came in, and what became of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.dispositions.kinds import DispositionKind
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession
from app.publication import queries as publication
from app.records import queries as records
from app.records.models import ResultReport
from app.records.stages import ResultStage
from app.reporting import queries as reports
from app.reporting import written
from app.reporting.models import ReportEdition
from app.reporting.published import Published
from app.submissions.lifecycle import Channel
from app.web.file_words import size_words
from app.web.public import amendments, views
from app.web.public.report_files import makes_pdf
from app.web.reports import serving
from app.web.reports.view import ReportView, RowView, report_view, row_views
from app.web.services import Services, Svc
from app.web.templating import address, page

PAGE_SIZE = 30

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class StageView:
    """One stage's report. `channels` and `outcomes` hold only what there is any of."""

    report: ResultReport
    channels: dict[Channel, int]
    clauses: dict[str, int]
    outcomes: dict[DispositionKind, int]


@dataclass(frozen=True)
class FileView:
    """A download; `size` in words, empty where it is known only once it is made."""

    ending: str
    size: str


@dataclass(frozen=True)
class EditionView:
    """One page of an edition of the disposition report. The figures stand on its first page, `after` 0."""

    edition: ReportEdition
    view: ReportView
    rows: Sequence[RowView]
    after: int
    first_url: str
    next_url: str | None
    is_latest: bool
    files: Sequence[FileView]
    editions: Sequence[ReportEdition]


@router.get("/consultations/{slug}/results", name="results")
def results(
    request: Request, slug: str, session: ReadSession, services: Svc, now: Now, edition: str = "", after: str = ""
) -> Response:
    """Raises NotFound until something was published about its results, and for an edition that there isn't."""
    row = consultations.public_consultation(session, slug)
    known, ended = _stages(session, row.id), records.conclusion(session, row.id)
    if not known and ended is None:
        raise NotFound("no_results_yet")
    context = {
        "c": views.whole(session, row, now),
        "intake": known.get(ResultStage.INTAKE),
        "adoption": known.get(ResultStage.ADOPTION),
        "conclusion": ended,
        "report": _edition(request, session, services, row, edition, _number(after)),
        "amendments": amendments.of_consultation(session, row.id),
        "changes_released": publication.are_changes_released(session, row.id),
    }
    return page(request, "public/results.html", context)


def _edition(
    request: Request, session: Session, services: Services, row: Consultation, asked: str, after: int
) -> EditionView | None:
    known = reports.editions(session, row.id)
    if not known and not asked:
        return None
    shown = reports.edition(session, row.id, _number(asked)) if asked else known[0]
    rows, following = reports.page(session, row.id, shown.number, after, PAGE_SIZE)
    there = {"slug": row.slug, "edition": asked}
    return EditionView(
        edition=shown,
        view=report_view(written.read_figures(shown.figures)),
        rows=row_views(rows),
        after=after,
        first_url=address(request, "results", **there),
        next_url=address(request, "results", **there, after=following) if following else None,
        is_latest=shown.number == known[0].number,
        files=_files(Published(services.database, shown)),
        editions=known,
    )


def _files(report: Published) -> list[FileView]:
    offered = [ending for ending in serving.TYPES if ending != "pdf" or makes_pdf(report.edition.rows)]
    sizes = {ending: serving.size_of(report, ending) for ending in offered}
    return [FileView(ending, size_words(size) if size else "") for ending, size in sizes.items()]


def _number(asked: str) -> int:
    """0 for what is none."""
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0


def _stages(session: Session, consultation_id: uuid.UUID) -> dict[ResultStage, StageView]:
    return {stage: _view(report) for stage, report in records.reports(session, consultation_id).items()}


def _view(report: ResultReport) -> StageView:
    numbers = report.numbers
    channels, outcomes = numbers["channels"], numbers.get("outcomes", {})
    return StageView(
        report=report,
        channels={each: channels[each.value] for each in Channel if each.value in channels},
        clauses=numbers["clauses"],
        outcomes={kind: outcomes[kind.value] for kind in DispositionKind if kind.value in outcomes},
    )
