"""Gathering passages into suggestions (整理编辑) and having them approved by a second person (审核把关)."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app import audit
from app.documents import examples
from app.documents.examples import Decision
from app.documents.matching.kinds import Kind
from app.documents.models import Clause
from app.kit.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.screening import proposing, queries
from app.screening.lifecycle import LIFECYCLE, SuggestionEvent, SuggestionState
from app.screening.models import Passage, Suggestion, SuggestionEditor, SuggestionPassage
from app.screening.passages import Span, joined
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission

TEXT_LIMIT = 10_000


@dataclass(frozen=True)
class Wording:
    """How a suggestion is put. `clause_id` is None for a general opinion on the whole draft."""

    text: str
    theme: str
    clause_id: uuid.UUID | None


def gather(
    session: Session, actor: Actor, at: datetime, submission_id: uuid.UUID, spans: Sequence[Span], wording: Wording
) -> Suggestion:
    """A new suggestion from passages of an accepted submission.

    Raises NotFound, Conflict unless the submission is accepted, Unprocessable without passages or words.
    """
    require(actor, Permission.EDIT_SUGGESTIONS)
    submission = _accepted(session, submission_id)
    suggestion = Suggestion(
        consultation_id=submission.consultation_id,
        created_at=at,
        edited_by=actor.id,
        **_checked(session, {submission.version_id}, wording),
    )
    session.add(suggestion)
    session.flush()
    _attach(session, suggestion, submission, spans)
    _sign(session, suggestion, actor)
    _remember(session, actor, at, suggestion, submission, spans)
    audit.record(
        session, actor, at, "suggestion.gathered", ("suggestion", suggestion.id), submission=str(submission.id)
    )
    return suggestion


def gather_into(
    session: Session,
    actor: Actor,
    at: datetime,
    submission_id: uuid.UUID,
    spans: Sequence[Span],
    suggestion_id: uuid.UUID,
) -> Suggestion:
    """Adds passages of another submission to a suggestion that is still being edited; every sender is kept."""
    require(actor, Permission.EDIT_SUGGESTIONS)
    submission = _accepted(session, submission_id)
    suggestion = find(session, suggestion_id)
    if suggestion.state is not SuggestionState.EDITING or suggestion.consultation_id != submission.consultation_id:
        raise Conflict("not_being_edited")
    _attach(session, suggestion, submission, spans)
    _sign(session, suggestion, actor)
    _remember(session, actor, at, suggestion, submission, spans)
    audit.record(session, actor, at, "suggestion.joined", ("suggestion", suggestion.id), submission=str(submission.id))
    return suggestion


def edit(
    session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, revision: int, wording: Wording
) -> None:
    """Puts the suggestion in other words; who edited it can't approve it."""
    require(actor, Permission.EDIT_SUGGESTIONS)
    suggestion = _at_revision(session, suggestion_id, revision)
    if suggestion.state is not SuggestionState.EDITING:
        raise Conflict("not_being_edited")
    moved = suggestion.clause_id != wording.clause_id
    for name, value in _checked(session, queries.versions_of_sources(session, suggestion.id), wording).items():
        setattr(suggestion, name, value)
    if moved:
        clause = session.get(Clause, wording.clause_id) if wording.clause_id else None
        version_id = clause.version_id if clause else None
        examples.correct(session, suggestion.id, version_id, _decision(actor, at, suggestion))
    suggestion.edited_by = actor.id
    _sign(session, suggestion, actor)
    audit.record(session, actor, at, "suggestion.edited", ("suggestion", suggestion.id))


def submit_for_approval(session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, revision: int) -> None:
    require(actor, Permission.EDIT_SUGGESTIONS)
    suggestion = _at_revision(session, suggestion_id, revision)
    suggestion.state = LIFECYCLE.after(suggestion.state, SuggestionEvent.SUBMIT)
    suggestion.return_remark = None
    audit.record(session, actor, at, "suggestion.submitted", ("suggestion", suggestion.id))


def approve(session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, revision: int) -> None:
    """A second person's yes. Raises Forbidden (`own_edit`) for everybody who had a hand in it."""
    require(actor, Permission.APPROVE_SUGGESTIONS)
    suggestion = _at_revision(session, suggestion_id, revision)
    _refuse_own(session, suggestion, actor)
    suggestion.state = LIFECYCLE.after(suggestion.state, SuggestionEvent.APPROVE)
    suggestion.approved_by = actor.id
    audit.record(session, actor, at, "suggestion.approved", ("suggestion", suggestion.id))


def return_for_editing(
    session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, revision: int, remark: str
) -> None:
    """A second person's no, with a remark for the editor."""
    require(actor, Permission.APPROVE_SUGGESTIONS)
    suggestion = _at_revision(session, suggestion_id, revision)
    _refuse_own(session, suggestion, actor)
    suggestion.state = LIFECYCLE.after(suggestion.state, SuggestionEvent.RETURN)
    words = due(remark, missing="remark_required")
    suggestion.return_remark = words
    audit.record(session, actor, at, "suggestion.returned", ("suggestion", suggestion.id), remark=words)


def mark_handed_over(suggestion: Suggestion, at: datetime) -> None:
    """From now on a department holds it: called by the area that assigns, in its transaction."""
    suggestion.handed_over_at = at


def find(session: Session, suggestion_id: uuid.UUID) -> Suggestion:
    """Raises NotFound."""
    suggestion = session.get(Suggestion, suggestion_id)
    if suggestion is None:
        raise NotFound("no_such_suggestion")
    return suggestion


def _remember(
    session: Session,
    actor: Actor,
    at: datetime,
    suggestion: Suggestion,
    submission: Submission,
    spans: Sequence[Span],
) -> None:
    """Which clause the passages were taken to be about, for the comments to come."""
    clause = session.get(Clause, suggestion.clause_id) if suggestion.clause_id else None
    if clause is not None and clause.version_id != submission.version_id:
        return
    words = "".join(submission.comment[span.start : span.end] for span in joined(submission.comment, spans))
    proposed = proposing.labels_of(session, submission.id)
    decision = _decision(actor, at, suggestion)
    examples.remember(session, submission.version_id, suggestion.id, words, proposed, decision)


def _decision(actor: Actor, at: datetime, suggestion: Suggestion) -> Decision:
    kind = Kind.CLAUSE if suggestion.clause_id else Kind.GENERAL
    return Decision(kind, suggestion.clause_id, actor.id, at)


def _at_revision(session: Session, suggestion_id: uuid.UUID, revision: int) -> Suggestion:
    suggestion = find(session, suggestion_id)
    if suggestion.revision != revision:
        raise Conflict("changed_meanwhile")
    return suggestion


def _sign(session: Session, suggestion: Suggestion, actor: Actor) -> None:
    """Remembers who had a hand in it, for good: none of them may approve it."""
    session.merge(SuggestionEditor(suggestion_id=suggestion.id, staff_id=actor.id))


def _refuse_own(session: Session, suggestion: Suggestion, actor: Actor) -> None:
    if queries.has_edited(session, suggestion.id, actor.id):
        raise Forbidden("own_edit")


def _accepted(session: Session, submission_id: uuid.UUID) -> Submission:
    submission = submissions.get(session, submission_id)
    if submission.state is not SubmissionState.ACCEPTED:
        raise Conflict("not_accepted")
    return submission


def _checked(session: Session, version_ids: Collection[uuid.UUID], wording: Wording) -> dict[str, object]:
    """A suggestion is about a clause of a version that one of its senders had before them."""
    text, theme = wording.text.strip(), wording.theme.strip()
    if not text:
        raise Unprocessable("text_required")
    if len(text) > TEXT_LIMIT:
        raise Unprocessable("text_too_long", limit=TEXT_LIMIT)
    if wording.clause_id is not None:
        clause = session.get(Clause, wording.clause_id)
        if clause is None or clause.version_id not in version_ids:
            raise Unprocessable("no_such_clause")
    return {"text": text, "theme": theme[:100], "clause_id": wording.clause_id}


def _attach(session: Session, suggestion: Suggestion, submission: Submission, spans: Sequence[Span]) -> None:
    length = len(submission.comment)
    if not spans or any(not 0 <= span.start < span.end <= length for span in spans):
        raise Unprocessable("passage_required")
    for span in joined(submission.comment, spans):
        passage = Passage(submission_id=submission.id, start=span.start, end=span.end)
        session.add(passage)
        session.flush()
        session.add(SuggestionPassage(suggestion_id=suggestion.id, passage_id=passage.id))
    session.flush()
    senders = (
        select(Passage.submission_id)
        .join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
        .where(SuggestionPassage.suggestion_id == suggestion.id)
    )
    suggestion.distinct_persons = submissions.distinct_persons(session, session.scalars(senders))
    # What is approved is the words with their sources: the revision moves on even when the count stays.
    flag_modified(suggestion, "distinct_persons")
