"""The end of the time for which personal data is kept (个人信息保护法 §47 (1)): its senders are forgotten.

What counts stays: how many wrote, and which of them were one person. The words stay, as part of the official record;
files go with their senders, because nothing in a file can be masked.
"""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from app import audit
from app.archives import queries as archives
from app.campaigns import erasure as campaigns
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.kit.errors import Conflict
from app.mail import erasure as mails
from app.permissions import Actor, Permission, require
from app.referrals.lifecycle import STANDING
from app.referrals.models import ReferralCase
from app.rights.lifecycle import RequestState
from app.rights.models import RightsRequest
from app.submissions import file_erasure, promises, vault
from app.submissions.models import SubmissionFile, SubmitterIdentity

PORTION = 200


class Standing(StrEnum):
    """What speaks against forgetting the senders of a consultation now."""

    DUE = "due"
    NOT_YET = "not_yet"
    LEGAL_HOLD = "legal_hold"
    NOT_ARCHIVED = "not_archived"


@dataclass(frozen=True)
class Kept:
    """A concluded consultation that still knows senders, and until when it may."""

    consultation_id: uuid.UUID
    slug: str
    concluded_at: datetime
    keeps_days: int
    ends_at: datetime
    standing: Standing


def kept(session: Session, now: datetime) -> Sequence[Kept]:
    """Every concluded consultation with senders that could be forgotten, the first concluded first."""
    query = select(Consultation).where(Consultation.concluded_at.is_not(None), _has_senders())
    rows = session.scalars(query.order_by(Consultation.concluded_at, Consultation.id)).all()
    return [_kept(session, now, row) for row in rows]


def senders(session: Session, consultation_id: uuid.UUID) -> int:
    """How many of its submissions still have a sender, those that a case or a request holds back among them."""
    mine = (SubmitterIdentity.consultation_id == consultation_id, SubmitterIdentity.name != vault.ERASED)
    return session.scalar(select(func.count()).select_from(SubmitterIdentity).where(*mine)) or 0


def files(session: Session, consultation_id: uuid.UUID) -> int:
    """How many files came with the submissions that `senders` counts."""
    mine = (SubmitterIdentity.consultation_id == consultation_id, SubmitterIdentity.name != vault.ERASED)
    joined = SubmissionFile.submission_id == SubmitterIdentity.submission_id
    return (
        session.scalar(select(func.count()).select_from(SubmitterIdentity).join(SubmissionFile, joined).where(*mine))
        or 0
    )


def forget_portion(session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID) -> int:
    """Destroys the data keys, sealed fields, files and mails of about PORTION senders; how many, 0 when nobody is left.

    All submissions of one person go together and stay one person's, under a random mark of which nobody knows whose it
    is. Who is evidence in a case that isn't over, or waits for an answer to a request, stays. The names and hashes of
    files are part of what a receipt's entry commits to: where there were some, nobody can show any more what it was.
    One audit entry says how many. Raises Conflict ("kept_longer", "legal_hold", "not_archived").
    """
    require(actor, Permission.ANSWER_RIGHTS_REQUESTS)
    found = _kept(session, at, session.get_one(Consultation, consultation_id))
    if found.standing is Standing.NOT_YET:
        raise Conflict("kept_longer")
    archives.refuse_unkept(session, consultation_id)
    rows = _together(session, consultation_id)
    marks = {row.person_index: secrets.token_bytes(vault.INDEX_BYTES) for row in rows}
    for row in rows:
        mark = marks[row.person_index]
        vault.destroy(session, row, mark)
        mails.erase(session, row.submission_id)
        campaigns.mark_sender(session, row.submission_id, mark)
    gone = file_erasure.erase_all(session, [row.submission_id for row in rows])
    for submission_id in gone:
        promises.forget(session, consultation_id, submission_id)
    if rows:
        about, files = ("consultation", consultation_id), sum(gone.values())
        audit.record(
            session, actor, at, "senders.forgotten", about, within=consultation_id, number=len(rows), files=files
        )
    return len(rows)


def _kept(session: Session, now: datetime, row: Consultation) -> Kept:
    assert row.concluded_at is not None, "only concluded ones are asked about"
    days = consultations.form_terms(session, row.id).keeps_days
    ends_at = row.concluded_at + timedelta(days=days)
    return Kept(row.id, row.slug, row.concluded_at, days, ends_at, _standing(session, row.id, now, ends_at))


def _standing(session: Session, consultation_id: uuid.UUID, now: datetime, ends_at: datetime) -> Standing:
    if now < ends_at:
        return Standing.NOT_YET
    if archives.is_held(session, consultation_id):
        return Standing.LEGAL_HOLD
    return Standing.DUE if archives.is_archived(session, consultation_id) else Standing.NOT_ARCHIVED


def _has_senders() -> ColumnElement[bool]:
    return exists().where(SubmitterIdentity.consultation_id == Consultation.id, *_may_go())


def _may_go() -> tuple[ColumnElement[bool], ...]:
    in_case = exists().where(
        ReferralCase.submission_id == SubmitterIdentity.submission_id, ReferralCase.state.in_(STANDING)
    )
    asked = exists().where(
        RightsRequest.submission_id == SubmitterIdentity.submission_id, RightsRequest.state == RequestState.OPEN
    )
    return (SubmitterIdentity.name != vault.ERASED, ~in_case, ~asked)


def _together(session: Session, consultation_id: uuid.UUID) -> Sequence[SubmitterIdentity]:
    """The next senders with all submissions of each that may go; whoever is held back keeps the old mark."""
    mine = SubmitterIdentity.consultation_id == consultation_id
    next_ones = select(SubmitterIdentity.person_index).where(mine, *_may_go()).limit(PORTION)
    indexes = set(session.scalars(next_ones))
    rows = select(SubmitterIdentity).where(mine, SubmitterIdentity.person_index.in_(indexes), *_may_go())
    return session.scalars(rows.with_for_update(of=SubmitterIdentity)).all()
