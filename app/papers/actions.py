"""Writing the texts of papers. A version never changes, and none is dropped."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.consultations.models import Consultation
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.papers import templates
from app.papers.kinds import PaperKind
from app.papers.language import kept, parsed
from app.papers.models import PaperTemplate
from app.papers.own_words import MOST_SUBMISSIONS
from app.permissions import EVERYWHERE, Actor, Permission, require


@dataclass(frozen=True)
class Place:
    """Which paper's template: the column's or, with a consultation, that one's own."""

    kind: PaperKind
    consultation_id: uuid.UUID | None


def write_template(
    session: Session, actor: Actor, at: datetime, place: Place, version: int, text: str, own_words_up_to: int
) -> int:
    """A further version; `version` is the newest that the person saw, 0 for none. Answers its number.

    A consultation's that was retired holds again. Raises NotFound("no_such_consultation"),
    Conflict("changed_meanwhile") and Unprocessable: what `parsed` raises, "own_words_out_of_range" for a number that
    isn't from 0 to MOST_SUBMISSIONS.
    """
    require(actor, Permission.WRITE_PAPER_TEMPLATES, within=place.consultation_id or EVERYWHERE)
    words = kept(text)
    parsed(words)
    if not 0 <= own_words_up_to <= MOST_SUBMISSIONS:
        raise Unprocessable("own_words_out_of_range", limit=MOST_SUBMISSIONS)
    row = _following(session, actor, at, place, version)
    row.text, row.own_words_up_to = words, own_words_up_to
    session.add(row)
    audit.record(session, actor, at, "paper_template.written", ("paper_template", row.template_id), version=row.version)
    return row.version


def restore_template(session: Session, actor: Actor, at: datetime, place: Place, version: int, earlier: int) -> int:
    """An earlier version as a new one. Raises NotFound("no_such_template"), and as `write_template`."""
    require(actor, Permission.WRITE_PAPER_TEMPLATES, within=place.consultation_id or EVERYWHERE)
    found = templates.version(session, place.kind, place.consultation_id, earlier)
    if found is None:
        raise NotFound("no_such_template")
    row = _following(session, actor, at, place, version)
    row.text, row.own_words_up_to, row.restored = found.text, found.own_words_up_to, earlier
    session.add(row)
    named = ("paper_template", row.template_id)
    audit.record(session, actor, at, "paper_template.restored", named, version=row.version, restored=earlier)
    return row.version


def retire_template(
    session: Session, actor: Actor, at: datetime, kind: PaperKind, consultation_id: uuid.UUID, version: int
) -> None:
    """The consultation's papers are made by the column's template again.

    Raises NotFound, Conflict("changed_meanwhile"), Unprocessable("no_own_template") where it has none in force.
    """
    require(actor, Permission.WRITE_PAPER_TEMPLATES, within=consultation_id)
    own = templates.newest(session, kind, consultation_id)
    if own.retired or not own.version:
        raise Unprocessable("no_own_template")
    row = _following(session, actor, at, Place(kind, consultation_id), version)
    row.text, row.own_words_up_to, row.retired = own.text, own.own_words_up_to, True
    session.add(row)
    audit.record(session, actor, at, "paper_template.retired", ("paper_template", row.template_id), version=row.version)


def _following(session: Session, actor: Actor, at: datetime, place: Place, version: int) -> PaperTemplate:
    """Two that write the next version at once can't both: it is part of the key."""
    if place.consultation_id is not None and session.get(Consultation, place.consultation_id) is None:
        raise NotFound("no_such_consultation")
    newest = templates.newest(session, place.kind, place.consultation_id)
    if newest.version != version:
        raise Conflict("changed_meanwhile")
    return PaperTemplate(
        template_id=newest.template_id,
        version=version + 1,
        kind=place.kind,
        consultation_id=place.consultation_id,
        restored=None,
        retired=False,
        written_by=actor.id,
        written_at=at,
    )
