"""One signed scan (签批件) for several assignments: laid with each of them, before one answer names it in all."""

import uuid
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.assignments.lifecycle import OPEN
from app.dispositions import files
from app.kit.errors import Unavailable, Unprocessable
from app.offices import inbox
from app.offices.actions import own_department
from app.submissions.attachments import take_in
from app.submissions.file_examination import FileRefused
from app.web.department.case import Answers
from app.web.department.case_files import FILE
from app.web.department.together import chosen_ids
from app.web.services import Svc
from app.web.templating import address
from app.web.uploads import ANY_SIZE, OwnUpload, in_turn

router = APIRouter(include_in_schema=False)


@router.post("/office/together/scan", name="office_together_scan", max_body_size=ANY_SIZE)
def add(request: Request, actor: Answers, sent: OwnUpload, services: Svc) -> Response:
    """With all that can still be answered, or with none: refused where one of them has too many files."""
    ids, file = chosen_ids(sent.form.get("chosen", "").split(",")), sent.files.get(FILE)
    if file is None or not file.content:
        raise Unprocessable("office_file_required")
    with services.database.reading() as session:
        open_ones = _open(session, own_department(actor), ids)
    try:
        kept = in_turn(lambda: take_in(services.blobs, services.scanner, file.content, file.name, sent.at))
    except FileRefused as refused:
        raise Unprocessable(f"office_file_{refused.problem.value}") from refused
    except OSError as error:
        raise Unavailable("files_unreachable") from error
    with services.database.writing() as session:
        for one in open_ones:
            files.add_file(session, actor, sent.at, one, kept)
    back = address(request, "office_together", scan=kept.sha256)
    return RedirectResponse(back + "".join(f"&assignment={one}" for one in ids), status_code=303)


def _open(session: Session, department_id: str, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Raises NotFound where one isn't the department's own."""
    return [row.assignment.id for row in inbox.chosen(session, department_id, ids) if row.assignment.state in OPEN]
