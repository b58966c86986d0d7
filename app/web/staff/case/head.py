"""Number, title, state and channel of the submission, how it came in late, and what it lacks from another channel."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.accounts import queries as accounts
from app.consultations.models import LateCode
from app.mail import queries as mails
from app.mail.lifecycle import MailSource
from app.mail.taking import WORKER
from app.submissions import queries as submissions
from app.submissions.lifecycle import Channel, SubmissionState
from app.submissions.models import SubmissionOrigin
from app.web import labels
from app.web.public.person_fields import listed
from app.web.staff.case.subject import Case


@dataclass(frozen=True)
class SubmissionView:
    id: uuid.UUID
    receipt_number: str
    title: str
    comment: str
    received_at: datetime
    state: SubmissionState
    revision: int
    consultation_title: str
    slug: str
    channel: Channel


@dataclass(frozen=True)
class LateView:
    """Who let it in after the window had ended, and why (逾期凭码提交)."""

    issued_by: str
    issued_at: datetime
    reason: str


@dataclass(frozen=True)
class OriginView:
    """Who entered it, the labels of the fields that it came without, and what they noted for colleagues.

    `mail_id` is the mail that it came in, where it came by mail.
    """

    entered_by: str
    entered_at: datetime
    missing: str
    remark: str
    mail_id: uuid.UUID | None


def context(case: Case) -> dict[str, object]:
    return {"s": _view(case), "late": _late(case), "origin": _origin(case)}


def _view(case: Case) -> SubmissionView:
    submission = case.submission
    return SubmissionView(
        id=submission.id,
        receipt_number=submission.receipt_number,
        title=submission.title,
        comment=submission.comment,
        received_at=submission.received_at,
        state=submission.state,
        revision=submission.revision,
        consultation_title=case.consultation.title,
        slug=case.consultation.slug,
        channel=submission.channel,
    )


def _late(case: Case) -> LateView | None:
    code_id = submissions.late_code_id(case.session, case.submission.id)
    if code_id is None:
        return None
    code = case.session.get_one(LateCode, code_id)
    names = accounts.names_of(case.session, [code.issued_by])
    return LateView(names.get(code.issued_by, code.issued_by), code.issued_at, code.reason)


def _origin(case: Case) -> OriginView | None:
    """None for what came by the form itself, of which nothing is asked."""
    if case.submission.channel is Channel.WEB:
        return None
    origin = case.session.get(SubmissionOrigin, case.submission.id)
    if origin is None:
        return None
    names = accounts.names_of(case.session, [origin.entered_by]) | {WORKER.id: labels.label(MailSource.IMAP)}
    return OriginView(
        names.get(origin.entered_by, origin.entered_by),
        origin.entered_at,
        listed(origin.missing),
        origin.remark,
        mails.of_submission(case.session, case.submission.id) if case.submission.channel is Channel.EMAIL else None,
    )
