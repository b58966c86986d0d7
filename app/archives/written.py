"""What the worker notes of a package that it wrote and read back."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.archives.models import Archive
from app.exports.running import WRITER


def note_checked(session: Session, at: datetime, order_id: uuid.UUID, *, sha256: str, size: int, parts: int) -> None:
    """The package was read back whole; `sha256` and `size` are the file's."""
    archive = session.scalars(select(Archive).where(Archive.order_id == order_id).with_for_update()).one()
    archive.sha256, archive.size, archive.parts, archive.checked_at = sha256, size, parts, at
    audit.record(
        session,
        WRITER,
        at,
        "archive.checked",
        ("archive", order_id),
        within=archive.consultation_id,
        sha256=sha256,
        parts=parts,
    )
