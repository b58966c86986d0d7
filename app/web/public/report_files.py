"""The published disposition report as files for saving."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.consultations import queries as consultations
from app.kit.errors import NotFound, Unavailable
from app.reporting import queries
from app.reporting.published import Published
from app.web.public import receipt_pdf
from app.web.reports import files, serving
from app.web.reports.lines import HEADINGS, TITLE, cells, figure_lines, heads
from app.web.services import Svc
from app.web.templating import Pages

MOST_IN_PDF = 500
"""Rows; a longer report has its DOCX."""

router = APIRouter(include_in_schema=False)


@router.get("/consultations/{slug}/report-{number}.{ending}", name="report_file")
def report_file(request: Request, slug: str, number: str, ending: str, services: Svc) -> Response:
    """Raises NotFound for another edition or kind, Unavailable while too many are being made or without the PDF."""
    if ending not in serving.TYPES or not number.isdecimal() or len(number) > 9:
        raise NotFound("no_such_report")
    with services.database.reading() as session:
        row = consultations.public_consultation(session, slug)
        edition = queries.edition(session, row.id, int(number))
    report = Published(services.database, edition)
    return serving.answer(request, report, ending, row.slug, lambda: _pdf(request, report))


def makes_pdf(rows: int) -> bool:
    return rows <= MOST_IN_PDF and receipt_pdf.is_installed()


def _pdf(request: Request, report: Published) -> bytes:
    if report.edition.rows > MOST_IN_PDF:
        raise Unavailable("report_too_long_for_pdf")
    pages: Pages = request.app.state.pages
    figures = report.figures
    context = {
        "title": TITLE,
        "heads": heads(report.head, figures),
        "lines": list(figure_lines(figures)),
        "parts": (f"一、{files.FIGURES}", f"二、{files.LIST}"),
        "figure_headings": files.FIGURE_HEADINGS,
        "headings": HEADINGS,
        "rows": [cells(row) for row in report.rows()],
        "checked": f"数据文件（JSON）的SHA-256：{report.edition.sha256}",
    }
    return receipt_pdf.render(pages.html(request, "public/report_pdf.html", context))
