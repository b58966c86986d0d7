"""The published disposition report, for programs: the same JSON as the file that the public can save."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.api.authentication import Anybody
from app.api.receiving import DepartmentRoute
from app.api.v1.consultations import Slug, public_row
from app.api.v1.report_shapes import Report
from app.api.v1.responses import READ_REPORT
from app.kit.errors import NotFound
from app.kit.http import ReadSession, database_of
from app.reporting import queries
from app.reporting.published import Published

router = APIRouter(route_class=DepartmentRoute, tags=["consultations"])
Edition = Annotated[int | None, Query(ge=1, le=100_000, description="The edition's number; left out, the newest.")]


@router.get(
    "/consultations/{slug}/report",
    responses=READ_REPORT,
    response_model=Report,
    response_description="The report",
    operation_id="get_report",
)
def get_report(
    user: Anybody,
    request: Request,
    session: ReadSession,
    slug: Slug,
    edition: Edition = None,
    if_none_match: Annotated[str | None, Header(max_length=255, description="An `ETag` that you have.")] = None,
) -> Response:
    """The published disposition report (意见办理情况报告): every count, and every suggestion with what became of it.

    The same bytes as the JSON file on the results page, whose SHA-256 is printed there. An edition never changes; a
    further one has a number of its own. There is none before the consultation is concluded.
    """
    consultation_id = public_row(session, slug).id
    if edition is None:
        found = queries.latest(session, consultation_id)
    else:
        found = queries.edition(session, consultation_id, edition)
    if found is None:
        raise NotFound("no_such_report")
    tag = f'"{found.sha256[:32]}"'
    headers = {"ETag": tag}
    if tag in (one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")):
        return Response(status_code=304, headers=headers)
    pieces = Published(database_of(request), found).json_pieces()
    return StreamingResponse(pieces, media_type="application/json", headers=headers)
