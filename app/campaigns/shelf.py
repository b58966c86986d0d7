"""The shelf of one consultation in the store. Whoever uses it holds the consultation's progress (`hold`)."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.campaigns.additions import additions
from app.campaigns.grouping import ALGORITHM, GROWTH
from app.campaigns.models import (
    Campaign,
    CampaignBand,
    CampaignDecision,
    CampaignMember,
    CampaignProgress,
    CampaignSignature,
)
from app.campaigns.wording import Wording
from app.submissions.models import Submission, SubmitterIdentity
from app.submissions.unnumbered import is_unnumbered

CROWD = 100
"""Under a key that so many have no further one is put: a search under it would find everybody."""
SETTLED_AT = 300
"""From so many members on the common text stands: working it out anew means looking at all of them."""
CONTENT_KEPT = 2000
"""As many texts are kept ready for comparing."""


def hold(session: Session, consultation_id: uuid.UUID) -> CampaignProgress:
    """Nobody else changes the consultation's campaigns until this transaction ends."""
    progress = session.get(CampaignProgress, consultation_id, with_for_update=True, populate_existing=True)
    if progress is None:
        progress = CampaignProgress(consultation_id=consultation_id)
        session.add(progress)
        session.flush()
    return progress


class StoredShelf:
    """Texts are known by their submission's id, campaigns by their own."""

    def __init__(self, session: Session, consultation_id: uuid.UUID, at: datetime) -> None:
        self._session, self._consultation_id, self._at = session, consultation_id, at
        self._texts: dict[uuid.UUID, str] = {}
        self._wordings: dict[uuid.UUID, Wording] = {}
        self._commons: dict[uuid.UUID, Wording] = {}

    def text(self, id: uuid.UUID) -> str:
        if id not in self._texts:
            if len(self._texts) >= CONTENT_KEPT:
                self._texts.clear()
                self._wordings.clear()
            self._texts[id] = self._session.scalars(select(Submission.comment).where(Submission.id == id)).one()
        return self._texts[id]

    def wording(self, id: uuid.UUID) -> Wording:
        text = self.text(id)
        if id not in self._wordings:
            self._wordings[id] = Wording(text)
        return self._wordings[id]

    def group_of(self, id: uuid.UUID) -> uuid.UUID | None:
        member = self._session.get(CampaignMember, id)
        return member.campaign_id if member else None

    def is_centre(self, group: uuid.UUID, id: uuid.UUID) -> bool:
        return self._campaign(group).centre_id == id

    def copy_of(self, id: uuid.UUID, own_hash: str) -> tuple[uuid.UUID, uuid.UUID | None] | None:
        same = (
            select(CampaignSignature.submission_id, CampaignMember.campaign_id)
            .outerjoin(CampaignMember, CampaignMember.submission_id == CampaignSignature.submission_id)
            .where(
                CampaignSignature.consultation_id == self._consultation_id,
                CampaignSignature.own_hash == own_hash,
                CampaignSignature.submission_id != id,
                CampaignSignature.apart_by.is_(None),
            )
            .order_by(CampaignSignature.submission_id)
            .limit(1)
        )
        found = self._session.execute(same).one_or_none()
        return (found[0], found[1]) if found else None

    def near(self, sought: frozenset[int], most: int) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
        if not sought:
            return []
        shared = func.count()
        nearest = (
            select(CampaignBand.submission_id, shared.label("shared"))
            .where(CampaignBand.consultation_id == self._consultation_id, CampaignBand.band.in_(sought))
            .group_by(CampaignBand.submission_id)
            .order_by(shared.desc(), CampaignBand.submission_id)
            .limit(most)
            .subquery()
        )
        rows = self._session.execute(
            select(nearest.c.submission_id, CampaignMember.campaign_id)
            .outerjoin(CampaignMember, CampaignMember.submission_id == nearest.c.submission_id)
            .order_by(nearest.c.shared.desc(), nearest.c.submission_id)
        )
        return [(id, group) for id, group in rows]

    def keep_single(self, id: uuid.UUID, found_under: frozenset[int]) -> None:
        self._sign(id)
        self._unlist(id)
        self._list(id, found_under)

    def take(self, id: uuid.UUID) -> None:
        self._unlist(id)

    def found(self, members: Sequence[uuid.UUID]) -> uuid.UUID:
        first = members[0]
        campaign = Campaign(
            consultation_id=self._consultation_id,
            centre_id=first,
            algorithm=ALGORITHM,
            common_text=self.text(first),
            members=0,
            with_additions=0,
            persons=0,
            unnumbered=0,
            worked_out_at=0,
            found_at=self._at,
        )
        self._session.add(campaign)
        self._session.flush()
        for id in members:
            self.join(campaign.id, id)
        return campaign.id

    def join(self, group: uuid.UUID, id: uuid.UUID, added_by: str | None = None) -> None:
        self._sign(id)
        self._unlist(id)
        campaign, person = self._campaign(group), self._person(id)
        if person is None:
            campaign.unnumbered += 1
        elif not self._is_of(group, person):
            campaign.persons += 1
        campaign.members += 1
        own = additions(self.text(id), self.wording(id), self.common(group))
        campaign.with_additions += bool(own)
        self._session.add(
            CampaignMember(
                submission_id=id,
                campaign_id=group,
                has_addition=bool(own),
                additions=[list(place) for place in own],
                person_index=person,
                joined_at=self._at,
                added_by=added_by,
            )
        )
        self._session.flush()

    def leave(self, group: uuid.UUID, id: uuid.UUID) -> None:
        campaign, member = self._campaign(group), self._session.get_one(CampaignMember, id)
        self._session.delete(member)
        self._session.flush()
        campaign.members -= 1
        campaign.with_additions -= member.has_addition
        if member.person_index is None:
            campaign.unnumbered -= 1
        elif not self._is_of(group, member.person_index):
            campaign.persons -= 1
        self._session.flush()

    def merge(self, group: uuid.UUID, into: uuid.UUID) -> None:
        for member in self._members(group):
            added_by = member.added_by
            self.leave(group, member.submission_id)
            self.join(into, member.submission_id, added_by)
        decided = update(CampaignDecision).where(CampaignDecision.campaign_id == group)
        self._session.execute(decided.values(campaign_id=into))
        self.dissolve(group)

    def dissolve(self, group: uuid.UUID) -> list[uuid.UUID]:
        freed = [member.submission_id for member in self._members(group)]
        campaign = self._campaign(group)
        if campaign.centre_id in freed:
            self._unlist(campaign.centre_id)
        for id in freed:
            self.leave(group, id)
        self._session.execute(delete(CampaignDecision).where(CampaignDecision.campaign_id == group))
        self._session.delete(campaign)
        self._session.flush()
        return freed

    def size(self, group: uuid.UUID) -> int:
        return self._campaign(group).members

    def is_due(self, group: uuid.UUID) -> bool:
        campaign = self._campaign(group)
        return campaign.members <= SETTLED_AT and campaign.members >= GROWTH * campaign.worked_out_at

    def sample(self, group: uuid.UUID, most: int) -> list[tuple[uuid.UUID, int]]:
        same = CampaignSignature.own_hash
        ranked = (
            select(
                CampaignSignature.submission_id,
                same.label("own_hash"),
                func.count().over(partition_by=same).label("copies"),
                func.row_number().over(partition_by=same, order_by=CampaignSignature.submission_id).label("place"),
            )
            .join(CampaignMember, CampaignMember.submission_id == CampaignSignature.submission_id)
            .where(CampaignMember.campaign_id == group)
            .subquery()
        )
        rows = self._session.execute(
            select(ranked.c.submission_id, ranked.c.copies)
            .where(ranked.c.place == 1)
            .order_by(ranked.c.copies.desc(), ranked.c.own_hash)
            .limit(most)
        )
        return [(id, number) for id, number in rows]

    def common(self, group: uuid.UUID) -> Wording:
        if group not in self._commons:
            self._commons[group] = Wording(self._campaign(group).common_text)
        return self._commons[group]

    def settle(self, group: uuid.UUID, centre: uuid.UUID, common_text: str, found_under: frozenset[int]) -> None:
        campaign = self._campaign(group)
        if self.group_of(campaign.centre_id) == group:
            self._unlist(campaign.centre_id)
        self._unlist(centre)
        self._list(centre, found_under)
        changed = campaign.common_text != common_text
        campaign.centre_id, campaign.common_text, campaign.algorithm = centre, common_text, ALGORITHM
        campaign.worked_out_at = campaign.members
        self._commons[group] = Wording(common_text)
        if changed or campaign.members <= 2:
            self.look_for_additions(group)

    def look_for_additions(self, group: uuid.UUID) -> None:
        """Of every member once more, against the common text as it is now."""
        campaign, common = self._campaign(group), self.common(group)
        campaign.with_additions = 0
        for member in self._members(group):
            id = member.submission_id
            own = additions(self.text(id), self.wording(id), common)
            member.has_addition, member.additions = bool(own), [list(place) for place in own]
            campaign.with_additions += bool(own)
        self._session.flush()

    def _campaign(self, group: uuid.UUID) -> Campaign:
        return self._session.get_one(Campaign, group)

    def _members(self, group: uuid.UUID) -> Sequence[CampaignMember]:
        query = select(CampaignMember).where(CampaignMember.campaign_id == group)
        return self._session.scalars(query.order_by(CampaignMember.submission_id)).all()

    def _is_of(self, group: uuid.UUID, person: bytes) -> bool:
        same = select(CampaignMember.submission_id).where(
            CampaignMember.campaign_id == group, CampaignMember.person_index == person
        )
        return self._session.scalar(same.limit(1)) is not None

    def _person(self, id: uuid.UUID) -> bytes | None:
        """None where the sender left no number: an index of one's own would count as a person."""
        whose = SubmitterIdentity
        return self._session.scalar(select(whose.person_index).where(whose.submission_id == id, ~is_unnumbered()))

    def _sign(self, id: uuid.UUID) -> None:
        own_hash = self.wording(id).own_hash
        row = self._session.get(CampaignSignature, id)
        if row is None:
            row = CampaignSignature(submission_id=id, consultation_id=self._consultation_id)
            self._session.add(row)
        row.algorithm, row.own_hash = ALGORITHM, own_hash

    def _list(self, id: uuid.UUID, found_under: frozenset[int]) -> None:
        crowded = self._crowded(found_under)
        self._session.flush()
        self._session.add_all(
            CampaignBand(consultation_id=self._consultation_id, band=band, submission_id=id)
            for band in sorted(found_under - crowded)
        )
        self._session.flush()

    def _unlist(self, id: uuid.UUID) -> None:
        self._session.flush()
        gone = delete(CampaignBand).where(CampaignBand.submission_id == id)
        self._session.execute(gone, execution_options={"synchronize_session": "fetch"})

    def _crowded(self, found_under: frozenset[int]) -> frozenset[int]:
        full = (
            select(CampaignBand.band)
            .where(CampaignBand.consultation_id == self._consultation_id, CampaignBand.band.in_(found_under))
            .group_by(CampaignBand.band)
            .having(func.count() >= CROWD)
        )
        return frozenset(self._session.scalars(full)) if found_under else frozenset()
