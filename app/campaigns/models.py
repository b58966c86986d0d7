import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Instant, Model
from app.kit.identifiers import new_id


class Campaign(Model):
    """Submissions of one consultation with the same content (内容相同意见), whoever sent them and why.

    `common_text` is what they share, in the words of one of them, `centre_id`. The counts are of its members now:
    `persons` of distinct senders with an ID number or an organisation's code, `unnumbered` of submissions that came
    with neither, each of which may be anybody's.
    """

    __tablename__ = "campaigns"
    __table_args__ = (Index("ix_campaigns_size", "consultation_id", "members", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    centre_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), unique=True)
    algorithm: Mapped[int]
    common_text: Mapped[str] = mapped_column(Text)
    members: Mapped[int]
    with_additions: Mapped[int]
    persons: Mapped[int]
    unnumbered: Mapped[int]
    worked_out_at: Mapped[int]
    """How many members there were when `common_text` was last worked out."""
    found_at: Mapped[datetime] = mapped_column(Instant)


class CampaignMember(Model):
    """A submission of a campaign; it is of one at most.

    `additions` are the places of the sender's own words, `[start, end]` in code points of the comment, the end
    exclusive. `person_index` is that of the sender, None without a number. `added_by` is the person who put it in;
    the machine never takes such a one out.
    """

    __tablename__ = "campaign_members"
    __table_args__ = (
        Index("ix_campaign_members_page", "campaign_id", "submission_id"),
        Index("ix_campaign_members_additions", "campaign_id", "has_addition", "submission_id"),
        Index("ix_campaign_members_person", "campaign_id", "person_index"),
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id"))
    has_addition: Mapped[bool]
    additions: Mapped[list[Any]] = mapped_column(JSON)
    person_index: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    joined_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[str | None] = mapped_column(String(80))


class CampaignSignature(Model):
    """That the machine has looked at a submission, by which version of its rules; `own_hash` is equal for equal words.

    `apart_by` is the person who took it out of a campaign: the machine puts it into none again.
    """

    __tablename__ = "campaign_signatures"
    __table_args__ = (Index("ix_campaign_signatures_copies", "consultation_id", "own_hash", "submission_id"),)

    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"))
    algorithm: Mapped[int]
    own_hash: Mapped[str] = mapped_column(String(32))
    apart_by: Mapped[str | None] = mapped_column(String(80))


class CampaignBand(Model):
    """A key under which a text is looked up by those that may be like it.

    Only centres of campaigns and submissions that are in no campaign have any.
    """

    __tablename__ = "campaign_bands"

    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True, index=True)


class CampaignProgress(Model):
    """How far the machine is in one consultation; whoever changes its campaigns holds this row.

    `rebuilt_until` is the last submission that a rebuild has looked at anew, None while none is going on.
    """

    __tablename__ = "campaign_progress"

    consultation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    rebuilt_until: Mapped[uuid.UUID | None]


class CampaignDecision(Model):
    """One decision for all of a campaign that waited (一次决定), and how far it has been carried out.

    `treatment` and `detail` say what is decided; `going_on_after` is the last member that was decided.
    """

    __tablename__ = "campaign_decisions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id"), index=True)
    treatment: Mapped[str] = mapped_column(String(40))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    waiting: Mapped[int]
    done: Mapped[int]
    refused: Mapped[int]
    going_on_after: Mapped[uuid.UUID | None]
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
