"""Files of opinions that somebody decided to make public."""

import uuid

from fastapi import APIRouter
from fastapi.responses import Response

from app.consultations import queries as consultations
from app.submissions import file_queries as files
from app.web.downloads import content_of, download
from app.web.services import Svc

router = APIRouter(include_in_schema=False)


@router.get("/consultations/{slug}/files/{file_id}", name="released_file")
def released_file(slug: str, file_id: uuid.UUID, services: Svc) -> Response:
    """Raises NotFound for every other file, and as soon as the opinion or the file is public no longer."""
    with services.database.reading() as session:
        row = consultations.public_consultation(session, slug)
        file = files.public_file(session, row.id, file_id)
    return download(content_of(services.blobs, file.released_sha256 or file.sha256), file.name, file.kind)
