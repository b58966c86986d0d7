"""One submission: the original on the left, what can be decided on the right."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.assignments.proposals import ProposedDepartment, propose
from app.consultations.models import Consultation, LateCode
from app.departments import queries as departments
from app.desk import queries as desk
from app.documents import queries as documents
from app.documents.queries import ReadClause
from app.documents.text_difference import Piece
from app.permissions import Actor, Permission
from app.screening import queries as screening
from app.screening.lifecycle import UnsuitableClass
from app.screening.passages import Span, passages
from app.submissions import queries as submissions
from app.submissions.identity import mask_name
from app.submissions.lifecycle import LIFECYCLE, Channel, ScreeningEvent, SubmissionState
from app.submissions.models import Submission
from app.submissions.organisation import OrganisationType, SubmitterKind
from app.web import labels
from app.web.public.views import clause_name
from app.web.said import changes_of, clause_texts
from app.web.services import Services
from app.web.staff import clause_proposals, display_view, files, history, whereabouts
from app.web.staff.clause_proposals import ProposalsView


@dataclass(frozen=True)
class SubmissionView:
    id: uuid.UUID
    receipt_number: str
    title: str
    comment: str
    received_at: datetime
    state: SubmissionState
    revision: int
    consultation_title: str
    slug: str
    channel: Channel


@dataclass(frozen=True)
class Identity:
    """What a screener may know of who wrote: a masked name or, of an organisation, its kind."""

    name: str
    organisation_type: OrganisationType | None = None
    has_guardian: bool = False


@dataclass(frozen=True)
class LateView:
    """Who let it in after the window had ended, and why (逾期凭码提交)."""

    issued_by: str
    issued_at: datetime
    reason: str


@dataclass(frozen=True)
class DepartmentView:
    name: str
    role: str
    why: str
    standing: bool


@dataclass(frozen=True)
class ClauseView:
    id: uuid.UUID
    label: str
    number: str
    heading: str
    text: str
    departments: list[DepartmentView]


@dataclass(frozen=True)
class Sentence:
    """A passage that can be gathered; proposed wording has its difference to the clause in `changes`."""

    start: int
    end: int
    text: str
    covered: bool
    changes: Sequence[Piece] = ()


@dataclass(frozen=True)
class DecisionView:
    decision: ScreeningEvent
    reason: str | None
    unsuitable_class: UnsuitableClass | None
    decided_at: datetime
    by: str


@dataclass(frozen=True)
class Option:
    """A clause that a suggestion can be about; `selected` if the sender chose it first or the comment names it."""

    id: uuid.UUID
    text: str
    selected: bool


def context(session: Session, services: Services, actor: Actor, submission: Submission) -> dict[str, object]:
    """Everything that the page shows; the identity only masked."""
    consultation = session.get_one(Consultation, submission.consultation_id)
    cut = _sentences(session, submission)
    chosen = submissions.clause_ids(session, [submission.id])[submission.id]
    drafting = departments.names(session)[consultation.drafting_department_id]
    clauses = documents.clauses_of(session, submission.version_id)
    proposals = clause_proposals.view(session, submission.id, clauses)
    return {
        "s": _view(submission, consultation),
        "identity": _identity(session, services, submission),
        "late": _late(session, submission),
        "clauses": [
            _clause(clause, consultation.drafting_department_id, drafting)
            for clause in documents.clauses_by_id(session, chosen)
        ],
        "whereabouts": whereabouts.views(session, chosen),
        "may_decide": actor.may(Permission.EDIT_SUGGESTIONS),
        **display_view.context(session, submission),
        **files.context(session, actor, submission.id),
        "decision": _decision(session, submission),
        "suggestions": screening.suggestions_of(session, [submission.id]),
        "sentences": cut,
        "uncovered": sum(not sentence.covered for sentence in cut),
        "open_suggestions": screening.being_edited(session, submission.consultation_id),
        "clause_options": _options(clauses, chosen, proposals),
        "proposals": proposals,
        "unsuitable_classes": list(UnsuitableClass),
        "may": _may(session, actor, submission),
        "history": history.of_record(session, "submission", submission.id),
        "error": None,
    }


def next_id(session: Session, submission: Submission) -> uuid.UUID | None:
    return desk.next_after(session, submission)


def _view(submission: Submission, consultation: Consultation) -> SubmissionView:
    return SubmissionView(
        id=submission.id,
        receipt_number=submission.receipt_number,
        title=submission.title,
        comment=submission.comment,
        received_at=submission.received_at,
        state=submission.state,
        revision=submission.revision,
        consultation_title=consultation.title,
        slug=consultation.slug,
        channel=submission.channel,
    )


def _identity(session: Session, services: Services, submission: Submission) -> Identity:
    sealed = submissions.sealed_identity(session, submission.id)
    if sealed is None or services.vault.is_erased(sealed):
        return Identity("", submission.organisation_type)
    who = services.vault.open(sealed)
    if submission.submitter_kind is SubmitterKind.ORGANISATION:
        return Identity("", submission.organisation_type)
    return Identity(mask_name(who.name), has_guardian=who.guardian is not None)


def _late(session: Session, submission: Submission) -> LateView | None:
    code_id = submissions.late_code_id(session, submission.id)
    if code_id is None:
        return None
    code = session.get_one(LateCode, code_id)
    names = accounts.names_of(session, [code.issued_by])
    return LateView(names.get(code.issued_by, code.issued_by), code.issued_at, code.reason)


def _clause(clause: ReadClause, drafting_id: str, drafting: str) -> ClauseView:
    proposed = propose(clause.units, drafting_id, drafting)
    return ClauseView(
        clause.id, clause.label, clause.number, clause.heading, clause.text, [_department(row) for row in proposed]
    )


def _department(row: ProposedDepartment) -> DepartmentView:
    role = "lead" if row.lead else "responsible"
    return DepartmentView(row.name, role, labels.why(row.why), row.standing)


def _sentences(session: Session, submission: Submission) -> list[Sentence]:
    gathered = screening.gathered_spans(session, submission.id)
    places = submissions.clause_places(session, submission.id)
    texts = clause_texts(session, [place.clause_id for place in places])
    wordings = {place.wording.start: texts[place.clause_id].text for place in places if place.wording}
    return [
        _sentence(span, submission.comment[span.start : span.end], gathered, wordings.get(span.start))
        for span in passages(submission.comment, places)
    ]


def _sentence(span: Span, text: str, gathered: list[Span], clause: str | None) -> Sentence:
    changes = changes_of(clause, text) if clause is not None else ()
    return Sentence(span.start, span.end, text, _is_covered(span, gathered), changes)


def _is_covered(span: Span, gathered: list[Span]) -> bool:
    return any(span.overlaps(other) for other in gathered)


def _decision(session: Session, submission: Submission) -> DecisionView | None:
    found = screening.decision_on(session, submission.id)
    if found is None:
        return None
    names = accounts.names_of(session, [found.decided_by])
    by = names.get(found.decided_by, found.decided_by)
    return DecisionView(found.decision, found.reason, found.unsuitable_class, found.decided_at, by)


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


def _may(session: Session, actor: Actor, submission: Submission) -> dict[str, bool]:
    open_to_screen = LIFECYCLE.allows(submission.state, ScreeningEvent.ACCEPT) and actor.may(Permission.SCREEN)
    return {
        "accept": open_to_screen,
        "close": open_to_screen,
        "gather": submission.state is SubmissionState.ACCEPTED and actor.may(Permission.EDIT_SUGGESTIONS),
        **display_view.may(session, actor, submission),
    }
