import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import Session

from app.assignments import queries as assignments
from app.assignments.lifecycle import ACTIVE
from app.consultations.models import Consultation
from app.dispositions import queries as dispositions
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Disposition, ReleasedOutcome
from app.documents.compared import ComparedRow, read
from app.documents.models import StoredComparison
from app.documents.versions import Version, version
from app.kit.paging import Key, Page, page_of
from app.publication.models import ComparisonRelease, PublishedSuggestion
from app.screening import queries as screening
from app.screening import tracking
from app.screening.lifecycle import Pointer
from app.screening.models import Passage, Suggestion, SuggestionPassage
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission

OF_ONE_PERSON = 50
"""So many submissions of one person are told of together."""


class Progress(StrEnum):
    """How far a suggestion has come, in steps that mean something to the person who wrote."""

    BEING_EDITED = "being_edited"
    WITH_DEPARTMENTS = "with_departments"
    DECIDED = "decided"


@dataclass(frozen=True)
class Outcome:
    """What became of one suggestion. Disposition, reason and instant are None until its outcome has been released.

    `own_words` are the passages of the reader's own submission; a repetition has none in it. `number` counts how often
    it was told, `before` is what was told the time before.
    """

    suggestion_id: uuid.UUID
    own_words: tuple[str, ...]
    text: str
    clause_id: uuid.UUID | None
    progress: Progress
    departments: tuple[str, ...]
    disposition: DispositionKind | None
    reason: str
    decided_at: datetime | None
    released_at: datetime | None = None
    number: int = 0
    before: DispositionKind | None = None


@dataclass(frozen=True)
class PersonsOutcome:
    """All that the person is told: where the submission stands, why it was closed, and each suggestion's outcome.

    `pointer` says where else to turn. Of one that was referred only that it was is told, never why nor where to.

    For a repetition (`duplicate`) all of it is that of the submission that it repeats. `noted`: somebody declared that
    there is nothing to gather of it, and since the consultation is concluded nobody will.
    """

    state: SubmissionState
    closing_reason: str | None
    duplicate: bool
    outcomes: tuple[Outcome, ...]
    pointer: Pointer | None = None
    noted: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether there are suggestions and every one of them has its disposition, or it was taken note of."""
        if self.noted:
            return True
        return bool(self.outcomes) and all(outcome.progress is Progress.DECIDED for outcome in self.outcomes)

    @property
    def is_closed(self) -> bool:
        """Whether a screener ended it, so that no suggestion is made of it."""
        return self.state in (SubmissionState.OUT_OF_SCOPE, SubmissionState.UNSUITABLE, SubmissionState.REFERRED)


def outcome_of(session: Session, submission: Submission) -> PersonsOutcome:
    """The caller has verified that the reader may see this submission."""
    answered, decision = submission, screening.decision_on(session, submission.id)
    # What it repeats may have been closed as a repetition later; no two submissions ever repeat each other.
    while decision is not None and decision.duplicate_of_id is not None:
        answered = submissions.get(session, decision.duplicate_of_id)
        decision = screening.decision_on(session, answered.id)
    spoken_of = decision if answered.state is not SubmissionState.REFERRED else None
    outcomes = _outcomes(
        session,
        screening.suggestions_of(session, [answered.id]),
        screening.gathered_words(session, submission.id),
    )
    return PersonsOutcome(
        state=answered.state,
        noted=not outcomes and _is_noted(session, answered),
        closing_reason=spoken_of.reason if spoken_of is not None else None,
        pointer=spoken_of.pointer if spoken_of is not None else None,
        duplicate=answered is not submission,
        outcomes=outcomes,
    )


def _is_noted(session: Session, submission: Submission) -> bool:
    if submission.state is not SubmissionState.ACCEPTED:
        return False
    coverage = tracking.of_submission(session, submission.id)
    is_settled = coverage is not None and coverage.settled_at is not None
    return is_settled and session.get_one(Consultation, submission.consultation_id).concluded_at is not None


def of_person(session: Session, submission: Submission) -> tuple[tuple[Submission, PersonsOutcome], ...]:
    """All that the sender of this submission is told in its consultation: each of theirs with its outcome, oldest
    first; at most OF_ONE_PERSON. Also when nothing else is known of the sender, the submission itself is there."""
    theirs = submissions.of_same_sender(session, submission, OF_ONE_PERSON)
    if all(each.id != submission.id for each in theirs):
        theirs = [submission]
    return tuple((each, outcome_of(session, each)) for each in theirs)


def _outcomes(
    session: Session, suggestions: Sequence[Suggestion], own_words: Mapping[uuid.UUID, tuple[str, ...]]
) -> tuple[Outcome, ...]:
    ids = [suggestion.id for suggestion in suggestions]
    told = dispositions.told(session, ids)
    handed = assignments.of_suggestions(session, ids)
    return tuple(
        _outcome(
            suggestion,
            own_words.get(suggestion.id, ()),
            tuple(row.department for row in handed[suggestion.id] if row.assignment.state in ACTIVE),
            told.get(suggestion.id),
        )
        for suggestion in suggestions
    )


def _outcome(
    suggestion: Suggestion, own_words: tuple[str, ...], departments: tuple[str, ...], told: dispositions.Told | None
) -> Outcome:
    return Outcome(
        suggestion_id=suggestion.id,
        own_words=own_words,
        text=suggestion.text,
        clause_id=suggestion.clause_id,
        progress=_progress(suggestion, decided=told is not None),
        departments=departments,
        disposition=told.outcome.kind if told else None,
        reason=told.outcome.words if told else "",
        decided_at=told.outcome.decided_at if told else None,
        released_at=told.outcome.released_at if told else None,
        number=told.outcome.number if told else 0,
        before=told.before.kind if told and told.before else None,
    )


def _progress(suggestion: Suggestion, decided: bool) -> Progress:
    if decided:
        return Progress.DECIDED
    return Progress.WITH_DEPARTMENTS if suggestion.handed_over_at else Progress.BEING_EDITED


def published(session: Session, suggestion_id: uuid.UUID) -> PublishedSuggestion | None:
    return session.get(PublishedSuggestion, suggestion_id)


@dataclass(frozen=True)
class PublicSuggestion:
    """A published suggestion with its clause, for the public list."""

    text: str
    published_at: datetime
    clause_id: uuid.UUID | None
    disposition: DispositionKind | None
    key: Key


def published_page(
    session: Session, consultation_id: uuid.UUID, before: Key | None, limit: int
) -> Page[PublicSuggestion]:
    """Suggestions that are public now, newest first."""
    query = (
        select(PublishedSuggestion, Suggestion)
        .join(Suggestion, Suggestion.id == PublishedSuggestion.suggestion_id)
        .where(PublishedSuggestion.consultation_id == consultation_id, PublishedSuggestion.retracted_at.is_(None))
        .order_by(PublishedSuggestion.published_at.desc(), PublishedSuggestion.suggestion_id.desc())
        .limit(limit + 1)
    )
    if before:
        place = tuple_(PublishedSuggestion.published_at, PublishedSuggestion.suggestion_id)
        query = query.where(place < tuple_(before.at, before.id))
    rows = [(row[0], row[1]) for row in session.execute(query)]
    told = dispositions.told(session, [suggestion.id for _, suggestion in rows])
    items = [
        PublicSuggestion(
            text=shown.text,
            published_at=shown.published_at,
            clause_id=suggestion.clause_id,
            disposition=told[suggestion.id].outcome.kind if suggestion.id in told else None,
            key=Key(shown.published_at, shown.suggestion_id),
        )
        for shown, suggestion in rows
    ]
    return page_of(items, limit, lambda item: item.key)


def count_retracted(session: Session, consultation_id: uuid.UUID) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(PublishedSuggestion)
            .where(
                PublishedSuggestion.consultation_id == consultation_id, PublishedSuggestion.retracted_at.is_not(None)
            )
        )
        or 0
    )


@dataclass(frozen=True)
class ReleasedChanges:
    """What the public may see of two versions: `rows` as they were confirmed."""

    draft: Version
    final: Version
    rows: tuple[ComparedRow, ...]
    released_at: datetime


def released_changes(session: Session, consultation_id: uuid.UUID) -> ReleasedChanges | None:
    """The comparison whose release stands, if one does."""
    release = release_of(session, consultation_id)
    if release is None or release.withdrawn_at is not None:
        return None
    draft, final = released_pair(session, release)
    return ReleasedChanges(draft, final, read(release.rows), release.released_at)


def released_pair(session: Session, release: ComparisonRelease) -> tuple[Version, Version]:
    """The two versions that were released, the earlier one first."""
    comparison = session.get_one(StoredComparison, release.comparison_id)
    return version(session, comparison.draft_version_id), version(session, comparison.final_version_id)


def release_of(session: Session, consultation_id: uuid.UUID) -> ComparisonRelease | None:
    """The latest release, also one that was withdrawn."""
    return session.get(ComparisonRelease, consultation_id)


def released_text(session: Session, consultation_id: uuid.UUID) -> Version | None:
    """The later version of the comparison whose release stands: the public may know what it says."""
    release = release_of(session, consultation_id)
    if release is None or release.withdrawn_at is not None:
        return None
    return released_pair(session, release)[1]


def are_changes_released(session: Session, consultation_id: uuid.UUID) -> bool:
    """Whether `released_changes` has something to show."""
    standing = select(ComparisonRelease.consultation_id).where(
        ComparisonRelease.consultation_id == consultation_id, ComparisonRelease.withdrawn_at.is_(None)
    )
    return session.scalar(standing) is not None


def outcome_kinds(session: Session, submission_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[DispositionKind]]:
    """Submission id → what was told about the suggestions made of it, each kind once; without those not released."""
    last = and_(
        ReleasedOutcome.suggestion_id == Disposition.suggestion_id,
        ReleasedOutcome.number == Disposition.released_number,
    )
    rows = session.execute(
        select(Passage.submission_id, ReleasedOutcome.kind)
        .join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
        .join(Disposition, Disposition.suggestion_id == SuggestionPassage.suggestion_id)
        .join(ReleasedOutcome, last)
        .where(Passage.submission_id.in_(set(submission_ids)))
        .distinct()
    )
    kinds: dict[uuid.UUID, list[DispositionKind]] = {}
    for submission_id, kind in rows:
        kinds.setdefault(submission_id, []).append(kind)
    return {submission_id: sorted(found, key=list(DispositionKind).index) for submission_id, found in kinds.items()}
