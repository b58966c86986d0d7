"""Gathering passages into suggestions (整理编辑) and having them approved by a second person (审核把关)."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.documents import examples
from app.documents.examples import Decision
from app.documents.matching.kinds import Kind
from app.documents.models import Clause
from app.kit.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.kit.reasons import due, optional
from app.permissions import Actor, Permission, require
from app.screening import proposing, queries, sources, themes, tracking
from app.screening.lifecycle import LIFECYCLE, RemarkKind, SuggestionChange, SuggestionEvent, SuggestionState
from app.screening.models import Suggestion, SuggestionRemark
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
    _put_theme(session, actor, at, suggestion, wording.theme)
    session.add(suggestion)
    session.flush()
    sources.attach(session, suggestion, submission, spans)
    _sign(session, suggestion, actor)
    sources.keep_version(session, at, actor.id, suggestion, SuggestionChange.GATHERED)
    tracking.recount(session, at, submission)
    _remember(session, actor, at, suggestion, submission, spans)
    audit.record(
        session,
        actor,
        at,
        "suggestion.gathered",
        ("suggestion", suggestion.id),
        within=suggestion.consultation_id,
        submission=str(submission.id),
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
    sources.attach(session, suggestion, submission, spans)
    _sign(session, suggestion, actor)
    tracking.recount(session, at, submission)
    _remember(session, actor, at, suggestion, submission, spans)
    audit.record(
        session,
        actor,
        at,
        "suggestion.joined",
        ("suggestion", suggestion.id),
        within=suggestion.consultation_id,
        submission=str(submission.id),
    )
    return suggestion


def edit(
    session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, revision: int, wording: Wording
) -> None:
    """Puts the suggestion in other words; who edited it can't approve it. The words before are kept as a version."""
    require(actor, Permission.EDIT_SUGGESTIONS)
    suggestion = being_edited(session, suggestion_id, revision)
    moved = suggestion.clause_id != wording.clause_id
    for name, value in _checked(session, queries.versions_of_sources(session, suggestion.id), wording).items():
        setattr(suggestion, name, value)
    _put_theme(session, actor, at, suggestion, wording.theme)
    if moved:
        clause = session.get(Clause, wording.clause_id) if wording.clause_id else None
        version_id = clause.version_id if clause else None
        examples.correct(session, suggestion.id, version_id, _decision(actor, at, suggestion))
    suggestion.edited_by = actor.id
    _sign(session, suggestion, actor)
    sources.keep_version(session, at, actor.id, suggestion, SuggestionChange.EDITED)
    audit.record(
        session, actor, at, "suggestion.edited", ("suggestion", suggestion.id), within=suggestion.consultation_id
    )


def submit_for_approval(
    session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, revision: int, answer: str = ""
) -> None:
    """Hands it to a second person; after a return, with what the editor answers to the remark, if anything."""
    require(actor, Permission.EDIT_SUGGESTIONS)
    suggestion = at_revision(session, suggestion_id, revision)
    suggestion.state = LIFECYCLE.after(suggestion.state, SuggestionEvent.SUBMIT)
    suggestion.return_remark = None
    words = optional(answer)
    if words is not None:
        session.add(_remark(suggestion, actor, at, RemarkKind.ANSWERED, words))
    audit.record(
        session, actor, at, "suggestion.submitted", ("suggestion", suggestion.id), within=suggestion.consultation_id
    )


def approve(session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, revision: int) -> None:
    """A second person's yes. Raises Forbidden (`own_edit`) for everybody who had a hand in it."""
    require(actor, Permission.APPROVE_SUGGESTIONS)
    suggestion = at_revision(session, suggestion_id, revision)
    _refuse_own(session, suggestion, actor)
    suggestion.state = LIFECYCLE.after(suggestion.state, SuggestionEvent.APPROVE)
    suggestion.approved_by, suggestion.approved_at = actor.id, at
    audit.record(
        session, actor, at, "suggestion.approved", ("suggestion", suggestion.id), within=suggestion.consultation_id
    )


def return_for_editing(
    session: Session, actor: Actor, at: datetime, suggestion_id: uuid.UUID, revision: int, remark: str
) -> None:
    """A second person's no, with a remark for the editor."""
    require(actor, Permission.APPROVE_SUGGESTIONS)
    suggestion = at_revision(session, suggestion_id, revision)
    _refuse_own(session, suggestion, actor)
    suggestion.state = LIFECYCLE.after(suggestion.state, SuggestionEvent.RETURN)
    words = due(remark, missing="remark_required")
    suggestion.return_remark = words
    session.add(_remark(suggestion, actor, at, RemarkKind.RETURNED, words))
    audit.record(
        session,
        actor,
        at,
        "suggestion.returned",
        ("suggestion", suggestion.id),
        within=suggestion.consultation_id,
        remark=words,
    )


def mark_handed_over(suggestion: Suggestion, at: datetime) -> None:
    """From now on a department holds it: called by the area that assigns, in its transaction."""
    suggestion.handed_over_at = at


def find(session: Session, suggestion_id: uuid.UUID) -> Suggestion:
    """Raises NotFound."""
    suggestion = session.get(Suggestion, suggestion_id)
    if suggestion is None:
        raise NotFound("no_such_suggestion")
    return suggestion


def at_revision(session: Session, suggestion_id: uuid.UUID, revision: int) -> Suggestion:
    """The suggestion as the person saw it. Raises NotFound, Conflict (`changed_meanwhile`)."""
    suggestion = find(session, suggestion_id)
    if suggestion.revision != revision:
        raise Conflict("changed_meanwhile")
    return suggestion


def being_edited(session: Session, suggestion_id: uuid.UUID, revision: int) -> Suggestion:
    """The same where its words and passages may still change. Raises Conflict (`not_being_edited`) besides."""
    suggestion = at_revision(session, suggestion_id, revision)
    if suggestion.state is not SuggestionState.EDITING:
        raise Conflict("not_being_edited")
    return suggestion


def checked_text(text: str) -> str:
    """A suggestion's words as they are kept. Raises Unprocessable without any, or beyond TEXT_LIMIT code points."""
    words = text.strip()
    if not words:
        raise Unprocessable("text_required")
    if len(words) > TEXT_LIMIT:
        raise Unprocessable("text_too_long", limit=TEXT_LIMIT)
    return words


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


def _remark(suggestion: Suggestion, actor: Actor, at: datetime, kind: RemarkKind, words: str) -> SuggestionRemark:
    return SuggestionRemark(suggestion_id=suggestion.id, kind=kind, words=words, written_by=actor.id, written_at=at)


def _put_theme(session: Session, actor: Actor, at: datetime, suggestion: Suggestion, name: str) -> None:
    theme = themes.named(session, at, actor.id, suggestion.consultation_id, name)
    suggestion.theme, suggestion.theme_id = (theme.name, theme.id) if theme else ("", None)


def _sign(session: Session, suggestion: Suggestion, actor: Actor) -> None:
    sources.sign(session, suggestion, actor.id)


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
    text = checked_text(wording.text)
    if wording.clause_id is not None:
        clause = session.get(Clause, wording.clause_id)
        if clause is None or clause.version_id not in version_ids:
            raise Unprocessable("no_such_clause")
    return {"text": text, "clause_id": wording.clause_id}
