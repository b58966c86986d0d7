"""Making suggestions of the submission: those made, those that can take more, and the clauses they can be about."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.accounts import queries as accounts
from app.documents import queries as documents
from app.documents.queries import ReadClause
from app.permissions import Permission
from app.screening import queries as screening
from app.screening import themes, tracking
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.web.public.views import clause_name
from app.web.staff import clause_proposals
from app.web.staff.case.subject import Case
from app.web.staff.clause_proposals import ProposalsView


@dataclass(frozen=True)
class Option:
    """A clause that a suggestion can be about; `selected` if the sender chose it first or the comment names it."""

    id: uuid.UUID
    text: str
    selected: bool


@dataclass(frozen=True)
class Settled:
    """Who declared that there is nothing further to gather, when and why."""

    by: str
    at: datetime
    remark: str


def context(case: Case) -> dict[str, object]:
    session, submission = case.session, case.submission
    chosen = submissions.clause_ids(session, [submission.id])[submission.id]
    clauses = documents.clauses_of(session, submission.version_id)
    proposals = clause_proposals.view(session, submission.id, clauses)
    return {
        "suggestions": screening.suggestions_of(session, [submission.id]),
        "clause_options": _options(clauses, chosen, proposals),
        "proposals": proposals,
        "settled": _settled(case),
        "theme_names": themes.names(session, submission.consultation_id),
        "theme_proposed": themes.proposed(session, [submission.id]).get(submission.id, ""),
        "theme_group": themes.group_of(session, submission.id),
        "slug": case.consultation.slug,
    }


def may(case: Case) -> dict[str, bool]:
    accepted = case.submission.state is SubmissionState.ACCEPTED
    return {"gather": accepted and case.actor.may(Permission.EDIT_SUGGESTIONS)}


def _settled(case: Case) -> Settled | None:
    coverage = tracking.of_submission(case.session, case.submission.id)
    if coverage is None or coverage.settled_at is None:
        return None
    by = coverage.settled_by or ""
    names = accounts.names_of(case.session, [by])
    return Settled(names.get(by, by), coverage.settled_at, coverage.remark or "")


def _options(clauses: tuple[ReadClause, ...], chosen: list[uuid.UUID], proposals: ProposalsView | None) -> list[Option]:
    """Clauses with words of their own: those that the sender chose first, then those proposed, then the others."""
    first = [*chosen, *(proposals.first if proposals else ())]
    beforehand = {*chosen, *([proposals.beforehand] if proposals and proposals.beforehand else ())}
    own = [clause for clause in clauses if clause.text]
    own.sort(key=lambda clause: first.index(clause.id) if clause.id in first else len(first))
    return [
        Option(clause.id, clause_name(clause.number, clause.heading), place == 0 and clause.id in beforehand)
        for place, clause in enumerate(own)
    ]
