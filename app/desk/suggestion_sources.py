"""Where the rows of a list of suggestions come from; see sources.py. They are few beside submissions."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from app.assignments.lifecycle import ACTIVE
from app.assignments.models import Assignment
from app.campaigns.models import CampaignMember
from app.desk.filters import NOBODY, Filters
from app.desk.sources import Entries, Source, scopes
from app.screening.lifecycle import SuggestionStage
from app.screening.models import Passage, Suggestion, SuggestionPassage
from app.submissions.models import Submission


def source(stage: SuggestionStage, filters: Filters, within: frozenset[uuid.UUID] | None) -> Source:
    """Suggestions at that stage; `within` as in Reader."""
    entries = select(Suggestion.id.label("id"), Suggestion.created_at.label("at")).where(Suggestion.stage == stage)
    where = scopes(filters, within)
    every: list[Entries] = [entries]
    if where is not None:
        every = [entries.where(Suggestion.consultation_id == one) for one in where]
    return Source(every, list(_checks(filters)))


def joined(query: Entries, id: Any) -> Entries:
    return query.join(Suggestion, Suggestion.id == id)


def _checks(filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.clause is not None:
        yield Suggestion.clause_id == filters.clause
    if filters.theme is not None:
        yield Suggestion.theme_id == filters.theme
    if filters.department:
        held = select(Assignment.id).where(
            Assignment.suggestion_id == Suggestion.id,
            Assignment.department_id == filters.department,
            Assignment.state.in_(ACTIVE),
        )
        yield held.exists()
    if filters.campaign is not None:
        member = _gathered().join(CampaignMember, CampaignMember.submission_id == Passage.submission_id)
        yield member.where(CampaignMember.campaign_id == filters.campaign).exists()
    if filters.channel is not None:
        yield _of_submission(Submission.channel == filters.channel)
    if filters.allocated_to == NOBODY:
        yield _of_submission(Submission.allocated_to.is_(None))
    elif filters.allocated_to:
        yield _of_submission(Submission.allocated_to == filters.allocated_to)


def _of_submission(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return _gathered().join(Submission, Submission.id == Passage.submission_id).where(condition).exists()


def _gathered() -> Select[uuid.UUID]:
    return (
        select(Passage.id)
        .join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
        .where(SuggestionPassage.suggestion_id == Suggestion.id)
    )
