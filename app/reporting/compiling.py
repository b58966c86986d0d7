"""The disposition report of a consultation as it stands now, compiled from the store."""

import uuid
from collections.abc import Iterator, Mapping
from itertools import islice

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.lifecycle import DisplayRegime
from app.consultations.models import Consultation
from app.departments.models import Department
from app.dispositions.models import Disposition, ReleasedOutcome
from app.documents import versions
from app.masking.anonymise import anonymise
from app.publication.models import PublishedSuggestion
from app.records import queries as records
from app.reporting import counting
from app.reporting.report import (
    ClauseFigures,
    DispositionReport,
    Occupations,
    PointLine,
    ReportFigures,
    ReportRow,
    SubmissionLine,
    submission_lines,
)
from app.reporting.result_rows import ROWS_AT_ONCE, ResultRow, result_rows
from app.screening.lifecycle import SuggestionState
from app.screening.models import Coverage, Passage, Suggestion, SuggestionPassage
from app.submissions import queries as submissions
from app.submissions.fields import OCCUPATIONS
from app.submissions.lifecycle import UNCOUNTED, DisplayState, SubmissionState
from app.submissions.models import DisplayedComment, Submission, SubmitterIdentity
from app.submissions.vault import Vault

Points = Mapping[uuid.UUID | None, Mapping[PointLine, int]]


def compile_report(session: Session, consultation: Consultation, vault: Vault) -> DispositionReport:
    """All that the public may know; the words masked once more, with the consultation's own contacts left in them.

    Persons are named by their masked names, and only those whose own comment is displayed with its name; under the
    screened regime nobody is, and words are shown of published suggestions alone.
    """
    return DispositionReport(figures_of(session, consultation), tuple(_public_rows(session, consultation, vault)))


def first_rows(session: Session, consultation: Consultation, vault: Vault, limit: int) -> list[ReportRow]:
    """The first rows of the report, for a look at it; however many there are, no more are read."""
    return list(islice(_public_rows(session, consultation, vault), limit))


def figures_of(session: Session, consultation: Consultation) -> ReportFigures:
    """The counts alone, in the same number of statements however many there are."""
    totals, points = counting.totals(session, consultation.id), _points(session, consultation.id)
    merged = _merged(session, consultation.id)
    lines = dict.fromkeys(PointLine, 0)
    for of_clause in points.values():
        for line, number in of_clause.items():
            lines[line] += number
    table = counting.persons_by_occupation(session, consultation)
    ended = records.conclusion(session, consultation.id)
    return ReportFigures(
        slug=consultation.slug,
        title=consultation.title,
        drafting_department=session.get_one(Department, consultation.drafting_department_id).name,
        opens_at=consultation.opens_at,
        closes_at=consultation.closes_at,
        submissions=totals.submissions,
        persons=totals.persons,
        organisations=totals.organisations,
        unnumbered=totals.unnumbered,
        lines=_lines(session, consultation.id),
        channels={channel: n for channel, n in counting.by_channel(session, consultation.id).items() if n},
        suggestions_made=_made(session, consultation.id),
        points=lines | {PointLine.MERGED: merged},
        clauses=_clauses(session, consultation, points),
        occupations=Occupations(
            shown={name: table.shown[name] for name in OCCUPATIONS if table.shown.get(name)},
            hidden=tuple(name for name in OCCUPATIONS if name in table.hidden),
            hidden_sum=table.hidden_sum,
        ),
        note=ended.note if ended else "",
    )


def _lines(session: Session, consultation_id: uuid.UUID) -> dict[SubmissionLine, int]:
    counted = (Submission.consultation_id == consultation_id, Submission.state.not_in(UNCOUNTED))
    rows = session.execute(select(Submission.state, func.count()).where(*counted).group_by(Submission.state))
    states = {row[0]: row[1] for row in rows}
    accepted = (Submission.consultation_id == consultation_id, Submission.state == SubmissionState.ACCEPTED)
    held = (
        select(SuggestionPassage.passage_id)
        .join(Passage, Passage.id == SuggestionPassage.passage_id)
        .where(Passage.submission_id == Submission.id)
        .exists()
    )
    closed = select(Coverage.submission_id).where(Coverage.submission_id == Submission.id, Coverage.is_open.is_(False))
    number = select(func.count(Submission.id)).where(*accepted)
    gathered = session.scalar(number.where(held)) or 0
    return submission_lines(states, gathered, session.scalar(number.where(~held, closed.exists())) or 0)


def _made(session: Session, consultation_id: uuid.UUID) -> int:
    return session.scalar(select(func.count()).where(Suggestion.consultation_id == consultation_id)) or 0


def _merged(session: Session, consultation_id: uuid.UUID) -> int:
    gone = (Suggestion.consultation_id == consultation_id, Suggestion.state == SuggestionState.MERGED)
    return session.scalar(select(func.count()).where(*gone)) or 0


def _points(session: Session, consultation_id: uuid.UUID) -> Points:
    """Clause (None for the whole draft) → how many suggestions on it by what was told of them, without merged ones."""
    last = and_(
        ReleasedOutcome.suggestion_id == Disposition.suggestion_id,
        ReleasedOutcome.number == Disposition.released_number,
    )
    rows = session.execute(
        select(Suggestion.clause_id, ReleasedOutcome.kind, func.count())
        .outerjoin(Disposition, Disposition.suggestion_id == Suggestion.id)
        .outerjoin(ReleasedOutcome, last)
        .where(Suggestion.consultation_id == consultation_id, Suggestion.state != SuggestionState.MERGED)
        .group_by(Suggestion.clause_id, ReleasedOutcome.kind)
    )
    found: dict[uuid.UUID | None, dict[PointLine, int]] = {}
    for clause_id, kind, number in rows:
        found.setdefault(clause_id, {})[PointLine(kind.value) if kind else PointLine.OPEN] = number
    return found


def _clauses(session: Session, consultation: Consultation, points: Points) -> tuple[ClauseFigures, ...]:
    """Those that somebody wrote about, in the order of the draft, and last the draft as a whole."""
    chosen = submissions.clause_counts(session, consultation.id)
    named = versions.named_clauses(session, {*chosen, *(one for one in points if one is not None)})
    found = [
        ClauseFigures(
            clause.label, clause.number, clause.heading, chosen.get(clause.id, 0), _ordered(points.get(clause.id, {}))
        )
        for clause, _version in named
    ]
    whole = counting.without_clause(session, consultation.id)
    return (*found, ClauseFigures("", "", "", whole, _ordered(points.get(None, {}))))


def _ordered(points: Mapping[PointLine, int]) -> dict[PointLine, int]:
    return {line: points[line] for line in PointLine if line in points}


def _public_rows(session: Session, consultation: Consultation, vault: Vault) -> Iterator[ReportRow]:
    named = _named(session, consultation)
    rows = result_rows(
        session, consultation.id, released_only=True, vault=None if named is None else vault, named=named
    )
    keep = [contact for contact in (consultation.contact_phone, consultation.contact_email) if contact]
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        texts = _texts(session, consultation, chunk)
        for row in chunk:
            yield _public(row, texts.get(row.suggestion_id), keep)


def _named(session: Session, consultation: Consultation) -> ColumnElement[bool] | None:
    """Whose name may stand there: it stands beside the comment already. None where nobody's may."""
    terms = consultations.display_terms(session, consultation.id)
    if consultation.display_regime is not DisplayRegime.INSTANT or not terms.shows_names:
        return None
    displayed = select(DisplayedComment.submission_id).where(
        DisplayedComment.submission_id == Submission.id, DisplayedComment.state == DisplayState.DISPLAYED
    )
    return and_(displayed.exists(), SubmitterIdentity.guardian_name.is_(None))


def _texts(session: Session, consultation: Consultation, rows: list[ResultRow]) -> dict[uuid.UUID, str]:
    """Suggestion id → the words that the public may read."""
    if consultation.display_regime is DisplayRegime.INSTANT:
        return {row.suggestion_id: row.text for row in rows}
    published = session.execute(
        select(PublishedSuggestion.suggestion_id, PublishedSuggestion.text).where(
            PublishedSuggestion.suggestion_id.in_([row.suggestion_id for row in rows]),
            PublishedSuggestion.retracted_at.is_(None),
        )
    )
    return {row[0]: row[1] for row in published}


def _public(row: ResultRow, text: str | None, keep: list[str]) -> ReportRow:
    if row.disposition is None:
        raise ValueError("a row whose outcome was never told")
    shown = text is not None
    return ReportRow(
        number=row.number,
        clause_label=row.clause_label,
        clause_number=row.clause_number,
        clause_heading=row.clause_heading,
        shown=shown,
        text=anonymise(text, keep).text if text is not None else "",
        merged=row.merged,
        submissions=row.submissions,
        persons=row.persons,
        proposers=row.proposers if shown else (),
        disposition=row.disposition,
        reason=anonymise(row.words, keep).text if shown else "",
        department=row.department,
        amended=row.amended if shown else (),
    )
