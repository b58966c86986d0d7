"""Putting passages where they belong while suggestions are edited; and settling what is left of a submission.

Whatever is done here, every passage and every sender stays in some suggestion, but for a passage that an editor takes
out: that is counted as uncovered again.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import audit
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.screening import sources, tracking
from app.screening.editing import at_revision, being_edited, checked_text
from app.screening.lifecycle import LIFECYCLE, SuggestionChange, SuggestionEvent
from app.screening.models import Passage, Suggestion, SuggestionPassage
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState


def remove_passage(
    session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, revision: int, passage_id: uuid.UUID
) -> None:
    """Takes a passage out of a suggestion that is being edited; what only it covered is uncovered from now on.

    Raises NotFound, Conflict (`last_passage`) for the only one: a suggestion that nobody made is none.
    """
    require(actor, Permission.EDIT_SUGGESTIONS)
    suggestion = being_edited(session, suggestion_id, revision)
    held = session.get(SuggestionPassage, (suggestion.id, passage_id))
    if held is None:
        raise NotFound("no_such_passage")
    if len(_passage_ids(session, suggestion.id, most=2)) < 2:
        raise Conflict("last_passage")
    passage = session.get_one(Passage, passage_id)
    submission = submissions.get(session, passage.submission_id)
    session.delete(held)
    session.flush()
    _drop_if_unheld(session, passage)
    sources.recount(session, suggestion)
    sources.sign(session, suggestion, actor.id)
    tracking.recount(session, at, submission)
    audit.record(
        session,
        actor,
        at,
        "suggestion.passage_removed",
        ("suggestion", suggestion.id),
        within=suggestion.consultation_id,
        submission=str(submission.id),
        start=passage.start,
        end=passage.end,
    )


def split(
    session: Session,
    actor: Actor,
    at: datetime,
    suggestion_id: uuid.UUID,
    revision: int,
    passage_ids: Collection[uuid.UUID],
    text: str,
) -> Suggestion:
    """Some of its passages become a suggestion of their own, on the same clause and theme, in the words of `text`.

    Raises Unprocessable (`passage_required`) unless some go and some stay, NotFound for one that it doesn't hold.
    """
    require(actor, Permission.EDIT_SUGGESTIONS)
    origin = being_edited(session, suggestion_id, revision)
    held, going = set(_passage_ids(session, origin.id)), set(passage_ids)
    if going - held:
        raise NotFound("no_such_passage")
    if not going or going == held:
        raise Unprocessable("passage_required")
    made = Suggestion(
        consultation_id=origin.consultation_id,
        created_at=at,
        edited_by=actor.id,
        text=checked_text(text),
        theme=origin.theme,
        theme_id=origin.theme_id,
        clause_id=origin.clause_id,
    )
    session.add(made)
    session.flush()
    sources.copy_editors(session, origin, made)
    for suggestion in (origin, made):
        sources.sign(session, suggestion, actor.id)
    sources.move(session, sorted(going), origin, made)
    sources.keep_version(session, at, actor.id, made, SuggestionChange.SPLIT)
    audit.record(
        session,
        actor,
        at,
        "suggestion.divided",
        ("suggestion", origin.id),
        within=origin.consultation_id,
        into=str(made.id),
    )
    audit.record(
        session,
        actor,
        at,
        "suggestion.divided_off",
        ("suggestion", made.id),
        within=made.consultation_id,
        origin=str(origin.id),
    )
    return made


def merge(
    session: Session,
    actor: Actor,
    at: datetime,
    kept: tuple[uuid.UUID, int],
    other: tuple[uuid.UUID, int],
) -> Suggestion:
    """The other suggestion's passages, senders and editors become the kept one's, whose words stay.

    Both are told as (id, revision). Raises Conflict (`not_being_edited`, `changed_meanwhile`) and InvalidTransition
    unless both are being edited, Unprocessable (`no_such_suggestion`) for two consultations or the same one twice.
    """
    require(actor, Permission.EDIT_SUGGESTIONS)
    target, origin = being_edited(session, *kept), at_revision(session, *other)
    if target.id == origin.id or target.consultation_id != origin.consultation_id:
        raise Unprocessable("no_such_suggestion")
    origin.state = LIFECYCLE.after(origin.state, SuggestionEvent.MERGE)
    origin.merged_into_id = target.id
    sources.move_all(session, origin, target)
    sources.sign(session, target, actor.id)
    sources.keep_version(session, at, actor.id, target, SuggestionChange.MERGED)
    audit.record(
        session,
        actor,
        at,
        "suggestion.merged_away",
        ("suggestion", origin.id),
        within=origin.consultation_id,
        into=str(target.id),
    )
    audit.record(
        session,
        actor,
        at,
        "suggestion.merged",
        ("suggestion", target.id),
        within=target.consultation_id,
        origin=str(origin.id),
    )
    return target


def settle_rest(
    session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, uncovered: int, remark: str
) -> None:
    """Declares that nothing further is to be gathered of a submission, though something is left.

    `uncovered` is the number of passages that the person saw as left. Raises Conflict unless the submission is
    accepted, when another number is left by now, or when nothing is; Unprocessable without a remark.
    """
    require(actor, Permission.EDIT_SUGGESTIONS)
    submission = submissions.get(session, submission_id)
    if submission.state is not SubmissionState.ACCEPTED:
        raise Conflict("not_accepted")
    words = due(remark, missing="remark_required")
    coverage = tracking.recount(session, at, submission)
    if coverage.uncovered == 0:
        raise Conflict("nothing_left")
    if coverage.uncovered != uncovered:
        raise Conflict("changed_meanwhile")
    tracking.settle(session, at, actor.id, coverage, words)
    audit.record(
        session,
        actor,
        at,
        "submission.rest_settled",
        ("submission", submission.id),
        within=submission.consultation_id,
        remark=words,
        uncovered=uncovered,
    )


def reopen_rest(session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID) -> None:
    """Takes that declaration back. Raises Conflict (`nothing_settled`) where there is none."""
    require(actor, Permission.EDIT_SUGGESTIONS)
    submission = submissions.get(session, submission_id)
    coverage = tracking.of_submission(session, submission.id)
    if coverage is None or coverage.settled_at is None:
        raise Conflict("nothing_settled")
    tracking.unsettle(coverage)
    audit.record(
        session, actor, at, "submission.rest_reopened", ("submission", submission.id), within=submission.consultation_id
    )


def _passage_ids(session: Session, suggestion_id: uuid.UUID, most: int | None = None) -> list[uuid.UUID]:
    query = select(SuggestionPassage.passage_id).where(SuggestionPassage.suggestion_id == suggestion_id)
    return list(session.scalars(query.limit(most) if most else query))


def _drop_if_unheld(session: Session, passage: Passage) -> None:
    held = select(func.count()).where(SuggestionPassage.passage_id == passage.id)
    if not session.scalar(held):
        session.execute(delete(Passage).where(Passage.id == passage.id))
