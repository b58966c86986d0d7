"""What the public is told about the results of a consultation: what came in, and what became of it."""

import uuid
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.dispositions.kinds import DispositionKind
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession
from app.publication import queries as publication
from app.records import queries as records
from app.records.models import ResultReport
from app.records.stages import ResultStage
from app.submissions.lifecycle import Channel
from app.web.public import views
from app.web.templating import page

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ReportView:
    """One stage's report. `channels` and `outcomes` hold only what there is any of."""

    report: ResultReport
    channels: dict[Channel, int]
    clauses: dict[str, int]
    outcomes: dict[DispositionKind, int]


@router.get("/consultations/{slug}/results", name="results")
def results(request: Request, slug: str, session: ReadSession, now: Now) -> Response:
    """Raises NotFound until something was published about its results."""
    row = consultations.public_consultation(session, slug)
    known, ended = _reports(session, row.id), records.conclusion(session, row.id)
    if not known and ended is None:
        raise NotFound("no_results_yet")
    context = {
        "c": views.whole(session, row, now),
        "intake": known.get(ResultStage.INTAKE),
        "adoption": known.get(ResultStage.ADOPTION),
        "conclusion": ended,
        "changes_released": publication.are_changes_released(session, row.id),
    }
    return page(request, "public/results.html", context)


def _reports(session: Session, consultation_id: uuid.UUID) -> dict[ResultStage, ReportView]:
    return {stage: _view(report) for stage, report in records.reports(session, consultation_id).items()}


def _view(report: ResultReport) -> ReportView:
    numbers = report.numbers
    channels, outcomes = numbers["channels"], numbers.get("outcomes", {})
    return ReportView(
        report=report,
        channels={each: channels[each.value] for each in Channel if each.value in channels},
        clauses=numbers["clauses"],
        outcomes={kind: outcomes[kind.value] for kind in DispositionKind if kind.value in outcomes},
    )
