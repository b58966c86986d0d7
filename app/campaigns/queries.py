import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.orm import Session

from app.campaigns.models import Campaign, CampaignDecision, CampaignMember
from app.kit.errors import NotFound
from app.submissions.lifecycle import DisplayState, SubmissionState
from app.submissions.models import DisplayedComment, Submission

LEAST_memberS = 2
_member = CampaignMember.submission_id
SHOWN = 30


@dataclass(frozen=True)
class Sent:
    """A member with what it says and where its sender's own words stand; `again` where this person sent others, too."""

    submission: Submission
    additions: Sequence[tuple[int, int]]
    is_numbered: bool
    again: bool
    added_by: str | None


@dataclass(frozen=True)
class Standing:
    """How many of a campaign wait for a decision, and how many of these have an addition."""

    waiting: int
    waiting_with_addition: int


def get(session: Session, campaign_id: uuid.UUID) -> Campaign:
    """Raises NotFound."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound("no_such_campaign")
    return campaign


def of_submission(session: Session, submission_id: uuid.UUID) -> tuple[Campaign, CampaignMember] | None:
    """The campaign that a submission is of, and its place in it."""
    found = session.execute(
        select(Campaign, CampaignMember)
        .join(CampaignMember, CampaignMember.campaign_id == Campaign.id)
        .where(CampaignMember.submission_id == submission_id)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def largest(
    session: Session, consultation_id: uuid.UUID, after: tuple[int, uuid.UUID] | None = None, most: int = SHOWN
) -> Sequence[Campaign]:
    """The campaigns of a consultation, the largest first, from behind the one with that size and id on."""
    query = select(Campaign).where(Campaign.consultation_id == consultation_id, Campaign.members >= LEAST_memberS)
    if after is not None:
        query = query.where(tuple_(Campaign.members, Campaign.id) < after)
    return session.scalars(query.order_by(Campaign.members.desc(), Campaign.id.desc()).limit(most)).all()


def sent(
    session: Session, campaign_id: uuid.UUID, *, with_addition: bool = False, after: uuid.UUID | None = None
) -> list[Sent]:
    """SHOWN members and one more, in the order of arrival, from behind `after` on; in two queries."""
    query = (
        select(CampaignMember, Submission)
        .join(Submission, Submission.id == CampaignMember.submission_id)
        .where(CampaignMember.campaign_id == campaign_id)
    )
    if with_addition:
        query = query.where(CampaignMember.has_addition)
    if after is not None:
        query = query.where(CampaignMember.submission_id > after)
    rows = session.execute(query.order_by(CampaignMember.submission_id).limit(SHOWN + 1)).all()
    several = _several(session, campaign_id, {member.person_index for member, _ in rows})
    return [
        Sent(
            submission,
            [(start, end) for start, end in member.additions],
            member.person_index is not None,
            member.person_index in several,
            member.added_by,
        )
        for member, submission in rows
    ]


def standing(session: Session, campaign_id: uuid.UUID) -> Standing:
    """Reads all members of the campaign, of none other."""
    waiting = Submission.state == SubmissionState.RECEIVED
    row = session.execute(
        select(func.count(), func.coalesce(func.sum(case((CampaignMember.has_addition, 1), else_=0)), 0))
        .join(Submission, Submission.id == CampaignMember.submission_id)
        .where(CampaignMember.campaign_id == campaign_id, waiting)
    ).one()
    return Standing(row[0], row[1])


def number_waiting(session: Session, campaign_id: uuid.UUID, until: uuid.UUID, *, with_additions: bool) -> int:
    """How many members up to `until` wait for a decision; without `with_additions`, of those that have none."""
    query = select(func.count()).select_from(CampaignMember).join(Submission, Submission.id == _member)
    return session.scalar(query.where(*_waiting(campaign_id, until, with_additions=with_additions))) or 0


def waiting(
    session: Session,
    campaign_id: uuid.UUID,
    after: uuid.UUID | None,
    until: uuid.UUID,
    most: int,
    *,
    with_additions: bool,
) -> list[tuple[uuid.UUID, int]]:
    """Id and revision of the next of them, in the order of arrival."""
    query = select(Submission.id, Submission.revision).join(CampaignMember, Submission.id == _member)
    query = query.where(*_waiting(campaign_id, until, with_additions=with_additions))
    if after is not None:
        query = query.where(_member > after)
    return [(id, revision) for id, revision in session.execute(query.order_by(_member).limit(most))]


def last_member(session: Session, campaign_id: uuid.UUID) -> uuid.UUID | None:
    """The submission that arrived last."""
    query = select(_member).where(CampaignMember.campaign_id == campaign_id)
    return session.scalar(query.order_by(_member.desc()).limit(1))


def accepted(
    session: Session, campaign_id: uuid.UUID, after: uuid.UUID | None, most: int
) -> list[tuple[CampaignMember, Submission]]:
    """Members that have been accepted, in the order of arrival, from behind `after` on."""
    query = (
        select(CampaignMember, Submission)
        .join(Submission, Submission.id == _member)
        .where(CampaignMember.campaign_id == campaign_id, Submission.state == SubmissionState.ACCEPTED)
    )
    if after is not None:
        query = query.where(_member > after)
    return [(member, submission) for member, submission in session.execute(query.order_by(_member).limit(most))]


def displayed_copies(session: Session, campaign_id: uuid.UUID, keep: int, most: int) -> Sequence[uuid.UUID]:
    """Members without an addition that the public sees, but for the `keep` that are displayed longest."""
    query = (
        select(DisplayedComment.submission_id)
        .join(CampaignMember, _member == DisplayedComment.submission_id)
        .where(
            CampaignMember.campaign_id == campaign_id,
            CampaignMember.has_addition.is_(False),
            DisplayedComment.state == DisplayState.DISPLAYED,
        )
        .order_by(DisplayedComment.displayed_at, DisplayedComment.submission_id)
    )
    return session.scalars(query.offset(keep).limit(most)).all()


def number_displayed(session: Session, campaign_id: uuid.UUID) -> int:
    """How many members without an addition the public sees."""
    shown = DisplayedComment.state == DisplayState.DISPLAYED
    query = (
        select(func.count())
        .select_from(DisplayedComment)
        .join(CampaignMember, _member == DisplayedComment.submission_id)
    )
    of = CampaignMember.campaign_id == campaign_id, CampaignMember.has_addition.is_(False)
    return session.scalar(query.where(shown, *of)) or 0


def _waiting(campaign_id: uuid.UUID, until: uuid.UUID, *, with_additions: bool) -> list[ColumnElement[bool]]:
    conditions = [CampaignMember.campaign_id == campaign_id, _member <= until]
    conditions.append(Submission.state == SubmissionState.RECEIVED)
    return conditions if with_additions else [*conditions, CampaignMember.has_addition.is_(False)]


def decisions(session: Session, campaign_id: uuid.UUID) -> Sequence[CampaignDecision]:
    """What was decided for all, the newest first."""
    made = select(CampaignDecision).where(CampaignDecision.campaign_id == campaign_id)
    return session.scalars(made.order_by(CampaignDecision.decided_at.desc(), CampaignDecision.id)).all()


def _several(session: Session, campaign_id: uuid.UUID, persons: set[bytes | None]) -> set[bytes | None]:
    """Those of whom there is more than one submission in the campaign."""
    of = (CampaignMember.campaign_id == campaign_id, CampaignMember.person_index.in_(persons))
    person = CampaignMember.person_index
    return set(session.scalars(select(person).where(*of).group_by(person).having(func.count() > 1)))
