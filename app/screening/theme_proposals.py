"""Groups of submissions that are alike: kept by the worker, shown to editors, named by people.

A submission joins a group that is there, or waits with others in none until some of them are alike enough. Groups don't
change by themselves: their members only grow in number, so that what a person named stays what they saw.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.identifiers import new_id, shortly_before
from app.screening.models import SubmissionTheme, ThemeGroup
from app.screening.proposing import LATE_COMMIT
from app.submissions.models import Submission

MOST_GROUPS = 300
"""So many of a consultation's groups, the largest, can be joined."""


@dataclass(frozen=True)
class Placed:
    """A submission that was looked at; `group_id` None where it is like none, and `vector` then for the next look."""

    submission_id: uuid.UUID
    consultation_id: uuid.UUID
    group_id: uuid.UUID | None
    likeness: float | None
    vector: bytes | None


@dataclass(frozen=True)
class Grouped:
    """A new group: its submissions with how much each is like the centre."""

    consultation_id: uuid.UUID
    members: Mapping[uuid.UUID, float]
    centre: bytes
    words: tuple[str, ...]


@dataclass(frozen=True)
class Loose:
    """A submission that is in no group yet."""

    submission_id: uuid.UUID
    vector: bytes
    comment: str


def waiting(session: Session, most: int) -> Sequence[Submission]:
    """Submissions that have not been looked at, in the order of arrival. What it costs doesn't grow with the store."""
    newest = select(SubmissionTheme.submission_id).order_by(SubmissionTheme.submission_id.desc()).limit(1)
    last = session.scalar(newest)
    looked_at = select(SubmissionTheme).where(SubmissionTheme.submission_id == Submission.id).exists()
    query = select(Submission).where(~looked_at).order_by(Submission.id).limit(most)
    if last is not None:
        query = query.where(Submission.id > shortly_before(last, LATE_COMMIT))
    return session.scalars(query).all()


def centres(session: Session, consultation_id: uuid.UUID, method: str) -> list[tuple[uuid.UUID, bytes]]:
    """The groups that can be joined, dismissed ones too: what is like them is not to be proposed again."""
    query = (
        select(ThemeGroup.id, ThemeGroup.centre)
        .where(ThemeGroup.consultation_id == consultation_id, ThemeGroup.method == method)
        .order_by(ThemeGroup.members.desc(), ThemeGroup.id)
        .limit(MOST_GROUPS)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def loose(session: Session, consultation_id: uuid.UUID, method: str, most: int) -> list[Loose]:
    """The newest submissions that are in no group, in the order of arrival."""
    query = (
        select(SubmissionTheme.submission_id, SubmissionTheme.vector, Submission.comment)
        .join(Submission, Submission.id == SubmissionTheme.submission_id)
        .where(
            SubmissionTheme.consultation_id == consultation_id,
            SubmissionTheme.group_id.is_(None),
            SubmissionTheme.method == method,
            SubmissionTheme.vector.is_not(None),
        )
        .order_by(SubmissionTheme.submission_id.desc())
        .limit(most)
    )
    return [Loose(row[0], row[1], row[2]) for row in session.execute(query) if row[1] is not None][::-1]


def keep(session: Session, at: datetime, method: str, placed: Sequence[Placed], grouped: Sequence[Grouped]) -> None:
    """Keeps what was found. A submission that was looked at meanwhile stays as it is."""
    known = {one.submission_id for one in placed}
    stored = set(session.scalars(select(SubmissionTheme.submission_id).where(SubmissionTheme.submission_id.in_(known))))
    joined = {one.group_id for one in placed if one.group_id is not None}
    groups = {group.id: group for group in session.scalars(select(ThemeGroup).where(ThemeGroup.id.in_(joined)))}
    for one in placed:
        if one.submission_id not in stored:
            session.add(_row(one, method, groups.get(one.group_id) if one.group_id else None))
    session.flush()
    for found in grouped:
        _keep_group(session, at, method, found)


def _row(one: Placed, method: str, group: ThemeGroup | None) -> SubmissionTheme:
    if group is not None:
        group.members += 1
    return SubmissionTheme(
        submission_id=one.submission_id,
        consultation_id=one.consultation_id,
        group_id=group.id if group else None,
        theme_id=group.theme_id if group else None,
        likeness=one.likeness,
        vector=one.vector,
        method=method,
    )


def _keep_group(session: Session, at: datetime, method: str, found: Grouped) -> None:
    rows = session.scalars(
        select(SubmissionTheme).where(
            SubmissionTheme.submission_id.in_(found.members), SubmissionTheme.group_id.is_(None)
        )
    ).all()
    group = ThemeGroup(
        id=new_id(),
        consultation_id=found.consultation_id,
        words=list(found.words),
        members=len(rows),
        centre=found.centre,
        method=method,
        found_at=at,
    )
    session.add(group)
    session.flush()
    for row in rows:
        row.group_id, row.vector, row.likeness = group.id, None, found.members[row.submission_id]
