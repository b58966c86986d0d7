"""What the inner side tells the outer one: texts and windows, what receipts and public pages show, and whom to tell.

Nothing goes out that the public or the sender of a comment isn't shown: names of staff, remarks, answers that weren't
released and what was sent in inside stay.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, case, null, or_, select, union

from app.amendments.lifecycle import LinkState
from app.amendments.models import AmendmentLink
from app.assignments.lifecycle import ACTIVE, AssignmentState
from app.assignments.models import Assignment
from app.bundles.kinds import How, Kind, altered, kept, table_of
from app.bundles.models import BundleArrival
from app.calendars.models import CalendarDay
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import (
    ColumnRule,
    Consultation,
    ConsultationNote,
    ConsultationRound,
    ConsultationTerms,
)
from app.departments.models import Department
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Disposition, ReleasedOutcome
from app.documents.models import Clause, ClauseUnit, Document, DocumentVersion, StoredComparison
from app.jobs.models import Job
from app.publication.models import ComparisonRelease, PublishedSuggestion
from app.records.models import Conclusion, ResultReport
from app.reporting.models import ReportEdition, ReportLine
from app.screening.models import Coverage, Passage, ScreeningDecision, Suggestion, SuggestionPassage
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import (
    DisplayedComment,
    DisplayObjection,
    DisplaySwitch,
    GuardWord,
    QuarantinedSubmission,
    Submission,
    SubmissionFile,
)
from app.transparency.models import EntryKind, LogEntry

TOLD_OUTSIDE = (
    *("tell_affected", "tell_second_round", "tell_results", "tell_decision"),
    *("tell_closed", "tell_repetitions", "tell_reopening"),
)
"""Jobs by which people are told: the outer side does them, because mail goes out there."""

PUBLIC = select(Consultation.id).where(Consultation.state != ConsultationState.DRAFT)
ARRIVED = select(BundleArrival.submission_id)
RELEASED = select(ComparisonRelease.comparison_id).where(ComparisonRelease.withdrawn_at.is_(None))
VERSIONS: CompoundSelect[Any] = union(
    select(Consultation.version_id).where(Consultation.state != ConsultationState.DRAFT),
    select(ConsultationNote.version_before).where(ConsultationNote.version_before.is_not(None)),
    select(ConsultationNote.version_after).where(ConsultationNote.version_after.is_not(None)),
    select(StoredComparison.draft_version_id).where(StoredComparison.id.in_(RELEASED)),
    select(StoredComparison.final_version_id).where(StoredComparison.id.in_(RELEASED)),
)
SUGGESTIONS = select(Suggestion.id).where(Suggestion.consultation_id.in_(PUBLIC))
PASSAGES = select(Passage.id).where(Passage.submission_id.in_(ARRIVED))


def _texts() -> Sequence[Kind]:
    versions = select(VERSIONS.subquery().c[0])
    documents = select(DocumentVersion.document_id).where(DocumentVersion.id.in_(versions))
    clauses = select(Clause.id).where(Clause.version_id.in_(versions))
    return (
        kept(Department, fixed={"ended_reason": None, "source": None}),
        kept(CalendarDay, fixed={"note": "", "source": ""}),
        kept(Document, Document.id.in_(documents)),
        kept(DocumentVersion, DocumentVersion.id.in_(versions), fixed={"doubts": []}),
        kept(Clause, Clause.version_id.in_(versions)),
        kept(ClauseUnit, ClauseUnit.clause_id.in_(clauses)),
        kept(
            Consultation,
            Consultation.id.in_(PUBLIC),
            fixed=dict.fromkeys(("prepared_by", "opened_by", "override_reason", "override_by")),
        ),
        kept(ConsultationTerms, ConsultationTerms.consultation_id.in_(PUBLIC)),
        kept(ConsultationRound, ConsultationRound.consultation_id.in_(PUBLIC)),
        kept(ConsultationNote, ConsultationNote.consultation_id.in_(PUBLIC), fixed={"actor_id": ""}),
        kept(ColumnRule, or_(ColumnRule.consultation_id.is_(None), ColumnRule.consultation_id.in_(PUBLIC))),
        kept(GuardWord, fixed={"remark": ""}),
        kept(DisplaySwitch, fixed={"reason": None}),
    )


def _of_comments() -> Sequence[Kind]:
    """What staff decide about what came from outside."""
    return (
        altered(Submission, ["state"], "id", Submission.id.in_(ARRIVED)),
        altered(
            DisplayedComment,
            [
                *("state", "displayed_at", "masked_name", "title", "text", "wordings"),
                *("held_for", "taken_down_at", "taken_down_reason", "taken_down_class"),
            ],
            "submission_id",
            DisplayedComment.submission_id.in_(ARRIVED),
        ),
        altered(
            DisplayObjection,
            ["verdict", "answer", "decided_at"],
            "submission_id",
            DisplayObjection.submission_id.in_(ARRIVED),
            DisplayObjection.verdict.is_not(None),
        ),
        altered(
            QuarantinedSubmission,
            ["verdict", "decided_at"],
            "submission_id",
            QuarantinedSubmission.submission_id.in_(ARRIVED),
        ),
        altered(
            SubmissionFile,
            ["released_at", "released_sha256", "released_size"],
            "submission_id",
            SubmissionFile.submission_id.in_(ARRIVED),
            contents=["released_sha256"],
        ),
    )


def _outcomes() -> Sequence[Kind]:
    of_public = Suggestion.consultation_id.in_(PUBLIC)
    referred = select(Submission.id).where(Submission.state == SubmissionState.REFERRED)
    is_referred = ScreeningDecision.submission_id.in_(referred)
    repeats_one_of_outside = ScreeningDecision.duplicate_of_id.in_(ARRIVED)
    return (
        kept(
            Suggestion,
            of_public,
            fixed={
                **dict.fromkeys(("approved_by", "return_remark", "theme_id", "merged_into_id", "approved_at", "stage")),
                "theme": "",
                "edited_by": "",
                "distinct_persons": 0,
                "persons_without_number": 0,
            },
        ),
        kept(Passage, Passage.submission_id.in_(ARRIVED)),
        kept(
            SuggestionPassage,
            SuggestionPassage.passage_id.in_(PASSAGES),
            SuggestionPassage.suggestion_id.in_(SUGGESTIONS),
        ),
        kept(
            Coverage,
            Coverage.submission_id.in_(ARRIVED),
            Coverage.settled_at.is_not(None),
            fixed={"uncovered": None, "settled_by": None, "remark": None},
        ),
        kept(
            ScreeningDecision,
            ScreeningDecision.submission_id.in_(ARRIVED),
            fixed={"decided_by": "", **dict.fromkeys(("undone_by", "undone_for", "gathered_at", "referral_class"))},
            instead={
                "reason": case((is_referred, null()), else_=ScreeningDecision.reason),
                "pointer": case((is_referred, null()), else_=ScreeningDecision.pointer),
                "duplicate_of_id": case((repeats_one_of_outside, ScreeningDecision.duplicate_of_id), else_=null()),
            },
        ),
        _assignments(),
        _dispositions(),
        kept(ReleasedOutcome, ReleasedOutcome.suggestion_id.in_(SUGGESTIONS), fixed={"reason": "", "release_id": None}),
    )


def _assignments() -> Kind:
    """Which departments have a suggestion now, and nothing of what they do with it."""
    names = ("id", "suggestion_id", "department_id", "role", "assigned_at", "consultation_id")
    table = table_of(Assignment)
    now = (Assignment.suggestion_id.in_(SUGGESTIONS), Assignment.state.in_(ACTIVE))
    fixed = {"state": AssignmentState.DELIVERED, "why": "", "assigned_by": "", "revision": 1}
    return Kind(table.name, table, names, select(*(table.c[name] for name in names)).where(*now), How.KEEP, fixed)


def _dispositions() -> Kind:
    """Which of the released outcomes counts; what was answered and not released yet stays inside."""
    table, told = table_of(Disposition), table_of(ReleasedOutcome)
    said = {name: told.c[name] for name in ("department_id", "kind", "decided_at")}
    names = ["suggestion_id", *said, "consultation_id", "released_number"]
    last = and_(told.c.suggestion_id == table.c.suggestion_id, told.c.number == table.c.released_number)
    rows: Select[tuple[object, ...]] = (
        select(*(said.get(name, table.c[name]) for name in names))
        .join_from(table, told, last)
        .where(table.c.suggestion_id.in_(SUGGESTIONS))
    )
    fixed = {"reason": "", "state": DispositionState.RELEASED, "revision": 1}
    return Kind(table.name, table, names, rows, How.KEEP, fixed)


def _results() -> Sequence[Kind]:
    return (
        kept(StoredComparison, StoredComparison.id.in_(RELEASED), fixed={"rows": None}),
        kept(
            ComparisonRelease,
            ComparisonRelease.comparison_id.in_(RELEASED),
            fixed={
                **dict.fromkeys(("reference", "confirmed_by", "released_by"), ""),
                **dict.fromkeys(("withdrawn_by", "withdrawal_reason")),
            },
        ),
        kept(
            AmendmentLink,
            AmendmentLink.comparison_id.in_(RELEASED),
            AmendmentLink.state == LinkState.CONFIRMED,
            fixed={
                "words": [],
                "score": 0.0,
                "remark": "",
                **dict.fromkeys(("decided_by", "letter_number", "letter_dated_on", "letter_signed_by")),
            },
        ),
        kept(PublishedSuggestion, PublishedSuggestion.consultation_id.in_(PUBLIC), fixed={"published_by": ""}),
        kept(ResultReport, fixed={"published_by": ""}),
        kept(Conclusion, fixed={"concluded_by": ""}),
        kept(ReportEdition, fixed={"published_by": ""}),
        kept(ReportLine),
    )


def _log() -> Kind:
    """What was decided about comments: the outer log has the same entries, salts and all, so that receipts prove it."""
    decided: ColumnElement[bool] = LogEntry.kind.in_([EntryKind.OUTCOME, EntryKind.REOPENED])
    of_outside = and_(decided, LogEntry.subject.in_(ARRIVED))
    return kept(LogEntry, or_(of_outside, LogEntry.kind == EntryKind.TALLY), how=How.ONCE)


def _messages() -> Kind:
    table = table_of(Job)
    names = ("id", "name", "payload", "due_at")
    rows = select(*(table.c[name] for name in names)).where(Job.name.in_(TOLD_OUTSIDE)).order_by(Job.due_at, Job.id)
    return Kind(table.name, table, names, rows, How.ONCE, {"attempts": 0})


OUTWARD: Sequence[Kind] = (*_texts(), *_of_comments(), *_outcomes(), *_results(), _log())
"""In an order in which each record comes after those that it refers to."""
MESSAGES = _messages()
"""The last of all: who is told finds what to read."""
