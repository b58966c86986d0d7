"""Counting what came in to one consultation in one hour, by everything that alerts look at."""

import json
import uuid
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, and_, cast, func, select
from sqlalchemy.orm import Session

from app.alerts.spikes import AlertKind
from app.campaigns.models import CampaignMember
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import DisplayedComment, Submission, SubmissionClause

HOUR = timedelta(hours=1)
Counts = dict[tuple[AlertKind, str], int]


def counts(session: Session, consultation_id: uuid.UUID, hour: datetime) -> Counts:
    """Four queries, each over what came in this hour and no more. The volume is there with 0, too."""
    came = _came(consultation_id, hour)
    found: Counts = {(AlertKind.VOLUME, ""): session.scalar(select(func.count(Submission.id)).where(came)) or 0}
    if not found[AlertKind.VOLUME, ""]:
        return found
    by_clause = (
        select(SubmissionClause.clause_id, func.count())
        .join(Submission, Submission.id == SubmissionClause.submission_id)
        .where(came)
        .group_by(SubmissionClause.clause_id)
    )
    by_campaign = (
        select(CampaignMember.campaign_id, func.count())
        .join(Submission, Submission.id == CampaignMember.submission_id)
        .where(came)
        .group_by(CampaignMember.campaign_id)
    )
    found |= {(AlertKind.CLAUSE, str(id)): number for id, number in session.execute(by_clause)}
    found |= {(AlertKind.CAMPAIGN, str(id)): number for id, number in session.execute(by_campaign)}
    return found | {(AlertKind.HELD, reason): number for reason, number in _held(session, came).items()}


def _held(session: Session, came: ColumnElement[bool]) -> Counter[str]:
    reasons = cast(DisplayedComment.held_for, Text)
    some = (
        select(reasons, func.count())
        .join(Submission, Submission.id == DisplayedComment.submission_id)
        .where(came, reasons != "[]")
        .group_by(reasons)
    )
    held: Counter[str] = Counter()
    for together, number in session.execute(some):
        for reason in json.loads(together):
            held[reason] += number
    return held


def _came(consultation_id: uuid.UUID, hour: datetime) -> ColumnElement[bool]:
    """Names all states, so that the index of the queue, which has the state before the instant, serves."""
    return and_(
        Submission.consultation_id == consultation_id,
        Submission.state.in_(list(SubmissionState)),
        Submission.received_at >= hour,
        Submission.received_at < hour + HOUR,
    )
