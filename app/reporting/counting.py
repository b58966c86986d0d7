"""What is counted of one consultation: submissions (份), suggestions (条) and persons (人), which differ.

What waits in quarantine or was discarded is in none of the figures. Persons are told apart by the blind index of the
ID number that they entered; nobody has verified it. No query here answers an occupation together with a clause.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, String, case, func, literal_column, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.kit.clock import beijing_day
from app.reporting.suppression import Protected, protect
from app.screening.lifecycle import SuggestionState
from app.screening.models import Suggestion
from app.submissions.fields import OCCUPATIONS
from app.submissions.lifecycle import UNCOUNTED, Channel
from app.submissions.models import Submission, SubmissionClause, SubmitterIdentity
from app.submissions.organisation import SubmitterKind
from app.submissions.unnumbered import has_code, is_unnumbered


@dataclass(frozen=True)
class Totals:
    """`persons` and `organisations` each count a number or code once; `unnumbered` are submissions without either."""

    submissions: int
    suggestions: int
    persons: int
    organisations: int
    unnumbered: int


def totals(session: Session, consultation_id: uuid.UUID) -> Totals:
    numbered = case((SubmitterIdentity.id_number.is_not(None), SubmitterIdentity.person_index))
    registered = case((has_code(), SubmitterIdentity.person_index))
    neither = case((is_unnumbered(), Submission.id))
    counted = (
        select(
            func.count(Submission.id),
            func.count(func.distinct(numbered)),
            func.count(func.distinct(registered)),
            func.count(neither),
        )
        .outerjoin(SubmitterIdentity, SubmitterIdentity.submission_id == Submission.id)
        .where(*_counted(consultation_id))
    )
    sent, persons, organisations, unnumbered = session.execute(counted).one()
    approved = select(func.count()).where(
        Suggestion.consultation_id == consultation_id, Suggestion.state == SuggestionState.APPROVED
    )
    return Totals(sent, session.scalar(approved) or 0, persons, organisations, unnumbered)


def by_day(session: Session, consultation: Consultation, until: datetime) -> dict[date, int]:
    """Beijing's day → submissions received on it, every day of the window up to `until`, in order.

    What came later by a code of its own has its day too.
    """
    day = _beijing_date(session)
    query = select(day, func.count()).where(*_counted(consultation.id)).group_by(day)
    found = {date.fromisoformat(row[0]): row[1] for row in session.execute(query)}
    last = min(consultation.closes_at - timedelta(microseconds=1), until)
    days = _days(beijing_day(consultation.opens_at), beijing_day(last))
    return dict(sorted((dict.fromkeys(days, 0) | found).items()))


def by_channel(session: Session, consultation_id: uuid.UUID) -> dict[Channel, int]:
    """The web form's first, and of the others those by which something came."""
    query = select(Submission.channel, func.count()).where(*_counted(consultation_id)).group_by(Submission.channel)
    found = {row[0]: row[1] for row in session.execute(query)}
    return {channel: found.get(channel, 0) for channel in Channel if channel is Channel.WEB or channel in found}


def without_clause(session: Session, consultation_id: uuid.UUID) -> int:
    """Submissions that are about the whole draft."""
    chose = select(SubmissionClause.clause_id).where(SubmissionClause.submission_id == Submission.id).exists()
    query = select(func.count(Submission.id)).where(*_counted(consultation_id), ~chose)
    return session.scalar(query) or 0


def persons_by_occupation(session: Session, consultation: Consultation) -> Protected[str]:
    """Persons by the occupation of their newest submission, each once, without what could be told of a few of them.

    Only what came within the window: where one more comment comes late, no figure moves that it could be told by.
    """
    newest_first = (Submission.received_at.desc(), Submission.id.desc())
    place = func.row_number().over(partition_by=SubmitterIdentity.person_index, order_by=newest_first)
    ranked = (
        select(Submission.occupation, place.label("place"))
        .join(SubmitterIdentity, SubmitterIdentity.submission_id == Submission.id)
        .where(*_counted(consultation.id), Submission.submitter_kind == SubmitterKind.INDIVIDUAL)
        .where(Submission.received_at < consultation.closes_at)
        .subquery()
    )
    query = select(ranked.c.occupation, func.count()).where(ranked.c.place == 1).group_by(ranked.c.occupation)
    found: Mapping[str, int] = {row[0]: row[1] for row in session.execute(query)}
    return protect(dict.fromkeys(OCCUPATIONS, 0) | dict(found))


def _counted(consultation_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    return (Submission.consultation_id == consultation_id, Submission.state.not_in(UNCOUNTED))


def _beijing_date(session: Session) -> ColumnElement[str]:
    """The day on which it was received, as YYYY-MM-DD; Beijing's time has had no summer time since 1991."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(Submission.received_at, literal_column("'+8 hours'"), type_=String)
    local = func.timezone(literal_column("'Asia/Shanghai'"), Submission.received_at)
    return func.to_char(local, literal_column("'YYYY-MM-DD'"), type_=String)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]
