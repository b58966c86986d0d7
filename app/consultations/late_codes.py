"""Issuing and revoking codes for single persons who could not comment in time."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.consultations import queries
from app.consultations.late_entry import LateCodes
from app.consultations.lifecycle import ConsultationState, Phase
from app.consultations.models import Consultation, LateCode
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.reasons import due
from app.masking.anonymise import anonymise
from app.permissions import Actor, Permission, require

LONGEST_VALIDITY = timedelta(days=31)


@dataclass(frozen=True)
class IssuedCode:
    """The only time that the code is known in plain."""

    id: uuid.UUID
    code: str = field(repr=False)


def issue_code(
    session: Session, actor: Actor, at: datetime, codes: LateCodes, slug: str, reason: str, valid_until: datetime
) -> IssuedCode:
    """A new code, good for one comment until that instant.

    Raises NotFound; Conflict("window_not_over") unless the window has ended by itself or was closed;
    Unprocessable without a reason, with one that names a person, or when the instant isn't ahead or too far.
    """
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _find(session, slug)
    if queries.phase(consultation, at) is not Phase.CLOSED:
        raise Conflict("window_not_over")
    words = due(reason)
    if anonymise(words).spans:
        raise Unprocessable("reason_has_personal_data")
    if not at < valid_until <= at + LONGEST_VALIDITY:
        raise Unprocessable("validity_out_of_bounds")
    code = codes.make()
    row = LateCode(
        consultation_id=consultation.id,
        code_hash=codes.hash_code(consultation.id, code),
        reason=words,
        issued_by=actor.id,
        issued_at=at,
        valid_until=valid_until,
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor, at, "late_code.issued", ("consultation", consultation.id), code_id=str(row.id), reason=words
    )
    return IssuedCode(row.id, code)


def revoke_code(session: Session, actor: Actor, at: datetime, slug: str, code_id: uuid.UUID) -> None:
    """The code opens nothing from now on. Raises NotFound, Conflict("code_used_already"), Conflict("code_revoked")."""
    require(actor, Permission.MANAGE_CONSULTATIONS)
    consultation = _find(session, slug)
    code = session.get(LateCode, code_id, with_for_update=True)
    if code is None or code.consultation_id != consultation.id:
        raise NotFound("no_such_code")
    if code.used_at is not None:
        raise Conflict("code_used_already")
    if code.revoked_at is not None:
        raise Conflict("code_revoked")
    code.revoked_at = at
    audit.record(session, actor, at, "late_code.revoked", ("consultation", consultation.id), code_id=str(code.id))


def _find(session: Session, slug: str) -> Consultation:
    consultation = session.scalar(select(Consultation).where(Consultation.slug == slug))
    if consultation is None or consultation.state is ConsultationState.DRAFT:
        raise NotFound("no_such_consultation", slug=slug)
    return consultation
