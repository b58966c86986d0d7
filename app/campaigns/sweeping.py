"""Looking at what has come in, in portions and off the request path, and looking at all of it again."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns.grouping import Grouping
from app.campaigns.models import CampaignMember, CampaignSignature
from app.campaigns.shelf import StoredShelf, hold
from app.submissions.models import Submission

LATE_COMMIT = timedelta(minutes=10)
"""Ids are in order of time, commits nearly: so far back one is looked for that was stored after a later one."""


def sweep(session: Session, at: datetime, most: int) -> int:
    """Puts up to `most` submissions that nobody has looked at where they belong; how many. Each is put once.

    What it costs doesn't grow with the store. Two at once wait for each other, consultation by consultation.
    """
    found = waiting(session, most)
    for consultation_id in sorted({consultation for _, consultation in found}):
        hold(session, consultation_id)
        grouping = Grouping(StoredShelf(session, consultation_id, at))
        for id in [id for id, consultation in found if consultation == consultation_id]:
            if session.get(CampaignSignature, id, populate_existing=True) is None:
                grouping.place(id)
    return len(found)


def waiting(session: Session, most: int) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Submission and consultation, in the order of arrival."""
    seen = CampaignSignature.submission_id
    last = session.scalar(select(seen).order_by(seen.desc()).limit(1))
    query = select(Submission.id, Submission.consultation_id)
    query = query.where(~select(CampaignSignature).where(seen == Submission.id).exists())
    if last is not None:
        query = query.where(Submission.id > _shortly_before(last))
    return [(id, consultation) for id, consultation in session.execute(query.order_by(Submission.id).limit(most))]


def look_again(session: Session, at: datetime, consultation_id: uuid.UUID, most: int) -> bool:
    """One portion of a rebuild; False when there was nothing left to look at. Goes on where the last one ended.

    What people put in or took out stays where they put it.
    """
    progress = hold(session, consultation_id)
    query = select(Submission.id).where(Submission.consultation_id == consultation_id)
    if progress.rebuilt_until is not None:
        query = query.where(Submission.id > progress.rebuilt_until)
    ids = session.scalars(query.order_by(Submission.id).limit(most)).all()
    if not ids:
        progress.rebuilt_until = None
        return False
    shelf = StoredShelf(session, consultation_id, at)
    grouping = Grouping(shelf)
    for id in ids:
        if not _is_peoples(session, id):
            grouping.look_again(id)
    progress.rebuilt_until = ids[-1]
    return True


def _is_peoples(session: Session, id: uuid.UUID) -> bool:
    signature, member = session.get(CampaignSignature, id), session.get(CampaignMember, id)
    return bool(signature and signature.apart_by) or bool(member and member.added_by)


def _shortly_before(id: uuid.UUID) -> uuid.UUID:
    """The smallest id of LATE_COMMIT before (RFC 9562 §5.7: the first 48 bits are milliseconds)."""
    milliseconds = (id.int >> 80) - int(LATE_COMMIT.total_seconds() * 1000)
    return uuid.UUID(int=max(0, milliseconds) << 80)
