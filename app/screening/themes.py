"""Themes (主题) of a consultation: named by people, proposed by likeness.

The verbs take no actor: the actions of this area call them in their own transaction.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.kit.errors import NotFound
from app.screening.lifecycle import ThemeGroupState
from app.screening.models import SubmissionTheme, Suggestion, Theme, ThemeGroup
from app.submissions.models import Submission

LONGEST_NAME = 100
MOST_SHOWN = 300
EXAMPLES = 3


@dataclass(frozen=True)
class ThemeRow:
    """A theme with the number of its suggestions, and of the submissions that its groups hold."""

    theme: Theme
    suggestions: int
    submissions: int


@dataclass(frozen=True)
class GroupRow:
    """A proposed group with those of its submissions that are most like all of them."""

    group: ThemeGroup
    examples: Sequence[Submission]


def find(session: Session, theme_id: uuid.UUID) -> Theme:
    """Raises NotFound."""
    theme = session.get(Theme, theme_id)
    if theme is None:
        raise NotFound("no_such_theme")
    return theme


def find_group(session: Session, group_id: uuid.UUID) -> ThemeGroup:
    """Raises NotFound."""
    group = session.get(ThemeGroup, group_id)
    if group is None:
        raise NotFound("no_such_group")
    return group


def bearing(session: Session, consultation_id: uuid.UUID, name: str) -> Theme | None:
    """The theme of exactly that name, though it may have been merged into another."""
    return session.scalar(select(Theme).where(Theme.consultation_id == consultation_id, Theme.name == name))


def by_name(session: Session, consultation_id: uuid.UUID, name: str) -> Theme | None:
    """The theme that goes by this name now: where it was merged, the one that it was merged into."""
    theme = bearing(session, consultation_id, name)
    while theme is not None and theme.merged_into_id is not None:
        theme = session.get_one(Theme, theme.merged_into_id)
    return theme


def named(session: Session, at: datetime, by: str, consultation_id: uuid.UUID, name: str) -> Theme | None:
    """The theme of that name, made if nobody has named one so; None for no name."""
    words = " ".join(name.split())[:LONGEST_NAME]
    if not words:
        return None
    known = by_name(session, consultation_id, words)
    if known is not None:
        return known
    made = Theme(consultation_id=consultation_id, name=words, named_by=by, named_at=at)
    session.add(made)
    session.flush()
    return made


def give_name(session: Session, group: ThemeGroup, theme_id: uuid.UUID | None) -> None:
    """From now on the group's submissions, present and coming, have this theme proposed; None takes it away."""
    group.theme_id = theme_id
    own = SubmissionTheme.consultation_id == group.consultation_id, SubmissionTheme.group_id == group.id
    session.execute(update(SubmissionTheme).where(*own).values(theme_id=theme_id))


def rename(session: Session, theme: Theme, name: str) -> None:
    """The theme and every suggestion that has it bear the new name."""
    theme.name = name
    _rewrite(session, theme.id, theme)


def move_all(session: Session, origin: Theme, target: Theme) -> None:
    """What had the one theme has the other; the one's name leads to the other from now on."""
    origin.merged_into_id = target.id
    _rewrite(session, origin.id, target)
    session.execute(update(ThemeGroup).where(ThemeGroup.theme_id == origin.id).values(theme_id=target.id))
    session.execute(update(SubmissionTheme).where(SubmissionTheme.theme_id == origin.id).values(theme_id=target.id))


def _rewrite(session: Session, theme_id: uuid.UUID, target: Theme) -> None:
    """A theme is no part of a suggestion's words: their revision stays, and what was approved stays approved."""
    session.execute(
        update(Suggestion).where(Suggestion.theme_id == theme_id).values(theme_id=target.id, theme=target.name)
    )


def names(session: Session, consultation_id: uuid.UUID) -> list[str]:
    """The names in use, in order, at most MOST_SHOWN."""
    return [theme.name for theme in of_consultation(session, consultation_id)]


def of_consultation(session: Session, consultation_id: uuid.UUID) -> Sequence[Theme]:
    """The themes in use, by name, at most MOST_SHOWN."""
    query = select(Theme).where(Theme.consultation_id == consultation_id, Theme.merged_into_id.is_(None))
    return session.scalars(query.order_by(Theme.name, Theme.id).limit(MOST_SHOWN)).all()


def counted(session: Session, consultation_id: uuid.UUID) -> list[ThemeRow]:
    """The themes in use with what they hold, by three queries."""
    themes = of_consultation(session, consultation_id)
    ids = [theme.id for theme in themes]
    suggestions = session.execute(
        select(Suggestion.theme_id, func.count()).where(Suggestion.theme_id.in_(ids)).group_by(Suggestion.theme_id)
    )
    submissions = session.execute(
        select(ThemeGroup.theme_id, func.sum(ThemeGroup.members))
        .where(ThemeGroup.consultation_id == consultation_id, ThemeGroup.theme_id.is_not(None))
        .group_by(ThemeGroup.theme_id)
    )
    held = {row[0]: row[1] for row in suggestions}
    grouped = {theme_id: int(count) for theme_id, count in submissions}
    return [ThemeRow(theme, held.get(theme.id, 0), grouped.get(theme.id, 0)) for theme in themes]


def groups(session: Session, consultation_id: uuid.UUID, state: ThemeGroupState, most: int) -> list[GroupRow]:
    """The largest groups in one state, each with EXAMPLES submissions, by two queries."""
    query = select(ThemeGroup).where(ThemeGroup.consultation_id == consultation_id, ThemeGroup.state == state)
    found = session.scalars(query.order_by(ThemeGroup.members.desc(), ThemeGroup.id).limit(most)).all()
    shown = _examples(session, consultation_id, [group.id for group in found])
    return [GroupRow(group, shown.get(group.id, ())) for group in found]


def _examples(
    session: Session, consultation_id: uuid.UUID, group_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[Submission]]:
    place = func.row_number().over(
        partition_by=SubmissionTheme.group_id,
        order_by=(SubmissionTheme.likeness.desc(), SubmissionTheme.submission_id),
    )
    ranked = (
        select(SubmissionTheme.group_id, SubmissionTheme.submission_id, place.label("place"))
        .where(SubmissionTheme.consultation_id == consultation_id, SubmissionTheme.group_id.in_(group_ids))
        .subquery()
    )
    query = (
        select(ranked.c.group_id, Submission)
        .join(Submission, Submission.id == ranked.c.submission_id)
        .where(ranked.c.place <= EXAMPLES)
        .order_by(ranked.c.place)
    )
    shown: dict[uuid.UUID, list[Submission]] = {}
    for group_id, submission in session.execute(query):
        shown.setdefault(group_id, []).append(submission)
    return shown


def proposed(session: Session, submission_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Submission id → the name of the theme proposed for it, of those that have one."""
    query = (
        select(SubmissionTheme.submission_id, Theme.name)
        .join(Theme, Theme.id == SubmissionTheme.theme_id)
        .where(SubmissionTheme.submission_id.in_(set(submission_ids)))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def group_of(session: Session, submission_id: uuid.UUID) -> ThemeGroup | None:
    """The group that a submission is in, dismissed ones left out."""
    return session.scalar(
        select(ThemeGroup)
        .join(SubmissionTheme, SubmissionTheme.group_id == ThemeGroup.id)
        .where(SubmissionTheme.submission_id == submission_id, ThemeGroup.state != ThemeGroupState.DISMISSED)
    )
