"""What people put right about what the machine found."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.campaigns import queries
from app.campaigns.grouping import Grouping
from app.campaigns.models import CampaignMember, CampaignSignature
from app.campaigns.shelf import StoredShelf, hold
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.submissions import queries as submissions
from app.submissions.actions import AT_ONCE, take_down
from app.submissions.lifecycle import EndedClass


def take_out(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, reason: str) -> uuid.UUID:
    """The submission stands alone from now on; the machine puts it into no campaign again. Answers where it was.

    A campaign of which one is left ends. Raises NotFound, Conflict("in_no_campaign"), Unprocessable without a reason.
    """
    require(actor, Permission.SCREEN)
    submission = submissions.get(session, submission_id)
    words = due(reason)
    hold(session, submission.consultation_id)
    member = session.get(CampaignMember, submission_id, populate_existing=True)
    if member is None:
        raise Conflict("in_no_campaign")
    campaign_id = member.campaign_id
    shelf = StoredShelf(session, submission.consultation_id, at)
    Grouping(shelf).part(campaign_id, submission_id)
    _keep_apart(session, shelf, submission_id, actor.id)
    audit.record(
        session,
        actor,
        at,
        "submission.taken_out_of_campaign",
        ("submission", submission_id),
        within=submission.consultation_id,
        campaign=str(campaign_id),
        reason=words,
    )
    return campaign_id


def put_in(
    session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, campaign_id: uuid.UUID, reason: str
) -> None:
    """The submission is of that campaign from now on, whatever the machine thinks.

    Raises NotFound, Unprocessable("other_consultation"), Conflict("in_it_already"), Unprocessable without a reason.
    """
    require(actor, Permission.SCREEN)
    submission = submissions.get(session, submission_id)
    words = due(reason)
    hold(session, submission.consultation_id)
    campaign = queries.get(session, campaign_id)
    if campaign.consultation_id != submission.consultation_id:
        raise Unprocessable("other_consultation")
    member = session.get(CampaignMember, submission_id, populate_existing=True)
    if member is not None and member.campaign_id == campaign_id:
        raise Conflict("in_it_already")
    shelf = StoredShelf(session, submission.consultation_id, at)
    if member is not None:
        Grouping(shelf).part(member.campaign_id, submission_id)
    shelf.join(campaign_id, submission_id, added_by=actor.id)
    _keep_apart(session, shelf, submission_id, None)
    audit.record(
        session,
        actor,
        at,
        "submission.put_into_campaign",
        ("submission", submission_id),
        within=submission.consultation_id,
        campaign=str(campaign_id),
        reason=words,
    )


def take_down_copies(
    session: Session, actor: Actor, at: datetime, campaign_id: uuid.UUID, keep: int, reason: str
) -> int:
    """Ends the display of copies, as such: the `keep` that are displayed longest stay, and all with words of their own.

    At most AT_ONCE of one call; answers how many. The authors are told the class, the submissions are handled as any
    other. Raises NotFound, Unprocessable without a reason or ("bad_number") for a negative `keep`.
    """
    require(actor, Permission.TAKE_DOWN)
    campaign = queries.get(session, campaign_id)
    words = due(reason)
    if keep < 0:
        raise Unprocessable("bad_number")
    copies = queries.displayed_copies(session, campaign_id, keep, AT_ONCE)
    for submission_id in copies:
        take_down(session, actor, at, submission_id, EndedClass.COPY, words)
    audit.record(
        session,
        actor,
        at,
        "campaign.display_ended",
        ("campaign", campaign.id),
        within=campaign.consultation_id,
        count=len(copies),
        kept=keep,
    )
    return len(copies)


def _keep_apart(session: Session, shelf: StoredShelf, submission_id: uuid.UUID, apart_by: str | None) -> None:
    shelf.take(submission_id)
    signature = session.get(CampaignSignature, submission_id)
    if signature is None:
        raise NotFound("no_such_submission")
    signature.apart_by = apart_by
