"""What the store's own lists and counts should be, worked out anew: to check them, never for a page."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Select, String, cast, func, literal, literal_column, select
from sqlalchemy.orm import Session

from app.amendments import links
from app.amendments.models import AmendmentLink
from app.assignments import board
from app.campaigns.models import CampaignMember
from app.clarifications.lifecycle import OPEN
from app.clarifications.models import Clarification
from app.dispositions import actions as outcomes
from app.dispositions.models import Disposition
from app.screening.models import Coverage, ScreeningDecision, SecondLook, SubmissionTheme, Suggestion
from app.screening.second_look import SecondLookState
from app.submissions.lifecycle import DisplayState
from app.submissions.models import DisplayedComment, Submission, SubmissionClause
from app.teamwork.models import Flag
from app.teamwork.records import RecordKind

Listed = Select[str, str, datetime, uuid.UUID]


def lists(session: Session) -> dict[str, Listed]:
    """List → the value, state, instant and id of every submission that should stand in it."""
    scope = _digits(session, Submission.consultation_id)

    def by(value: Any) -> Listed:
        parts = (cast(Submission.state, String).label("state"), Submission.received_at.label("at"))
        return select(value.label("value"), *parts, Submission.id.label("id"))

    def of_rows(kind: Any, value: Any) -> Listed:
        named = by(_digits(session, value)).join(kind, kind.submission_id == Submission.id)
        return named.where(value.is_not(None))

    def of(ids: Select[uuid.UUID]) -> Listed:
        return by(scope).where(Submission.id.in_(ids))

    open_flags = Flag.resolved_at.is_(None) & (Flag.record_kind == RecordKind.SUBMISSION)
    return {
        "clause": of_rows(SubmissionClause, SubmissionClause.clause_id),
        "campaign": of_rows(CampaignMember, CampaignMember.campaign_id),
        "theme": of_rows(SubmissionTheme, SubmissionTheme.theme_id),
        "held": of(select(DisplayedComment.submission_id).where(DisplayedComment.state == DisplayState.WAITING)),
        "flagged": of(select(Flag.record_id).where(open_flags)),
        "clarifying": of(select(Clarification.submission_id).where(Clarification.state.in_(OPEN))),
        "second_look": of(select(SecondLook.submission_id).where(SecondLook.state == SecondLookState.WAITING)),
        "to_gather": of(select(Coverage.submission_id).where(Coverage.is_open)),
    }


def tallies(session: Session) -> Sequence[Executable]:
    """Name, scope, value, state and how many, of everything that is counted; to be read in one state of the store."""
    scope, place = _digits(session, Submission.consultation_id), _digits(session, Suggestion.consultation_id)
    nothing = literal_column("''", String)
    counted: list[tuple[Any, ...]] = [
        ("submissions.channel", scope, cast(Submission.channel, String), cast(Submission.state, String)),
        ("submissions.day", scope, _beijing_day(session, Submission.received_at), cast(Submission.state, String)),
        ("submissions.person", scope, func.coalesce(Submission.allocated_to, ""), cast(Submission.state, String)),
        (outcomes.COUNTED, _digits(session, Disposition.consultation_id), nothing, cast(Disposition.state, String)),
        _links(session),
        ("suggestions", place, nothing, cast(Suggestion.stage, String)),
        ("suggestions.clause", place, _or_nothing(session, Suggestion.clause_id), cast(Suggestion.stage, String)),
        ("suggestions.theme", place, _or_nothing(session, Suggestion.theme_id), cast(Suggestion.stage, String)),
    ]
    for name, query in lists(session).items():
        part = query.subquery()
        counted.append((f"submissions.{name}", nothing, part.c.value, part.c.state))
    decided = (scope, _beijing_day(session, ScreeningDecision.decided_at), cast(ScreeningDecision.decision, String))
    standing = (
        _tally("decisions.day", decided)
        .select_from(ScreeningDecision)
        .join(Submission, Submission.id == ScreeningDecision.submission_id)
        .where(ScreeningDecision.undone_at.is_(None))
    )
    return [*(_tally(name, cell) for name, *cell in counted), standing, board.tally(session)]


def _links(session: Session) -> tuple[Any, ...]:
    columns = (_digits(session, AmendmentLink.consultation_id), _digits(session, AmendmentLink.comparison_id))
    return (links.COUNTED, *columns, cast(AmendmentLink.state, String))


def _tally(name: str, cell: Sequence[Any]) -> Select[Any]:
    cells = (one.label(f"c{n}") for n, one in enumerate(cell))
    return select(literal(name), *cells, func.count()).group_by("c0", "c1", "c2")


def _or_nothing(session: Session, column: Any) -> ColumnElement[str]:
    return func.coalesce(_digits(session, column), "")


def _digits(session: Session, column: Any) -> ColumnElement[str]:
    """An id as the store's triggers write it: 32 digits."""
    if session.get_bind().dialect.name == "sqlite":
        return cast(column, String)
    return func.replace(cast(column, String), "-", "", type_=String)


def _beijing_day(session: Session, at: Any) -> ColumnElement[str]:
    if session.get_bind().dialect.name == "sqlite":
        return func.date(at, literal_column("'+8 hours'"), type_=String)
    local = func.timezone(literal_column("'Asia/Shanghai'"), at)
    return func.to_char(local, literal_column("'YYYY-MM-DD'"), type_=String)
