"""What the page of one suggestion shows: its words, where they come from, who holds it, what became of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.assignments import queries as assignments
from app.assignments.lifecycle import ACTIVE, AssignmentRole
from app.consultations.lifecycle import DisplayRegime
from app.consultations.models import Consultation
from app.dispositions import queries as dispositions
from app.documents import queries as documents
from app.documents import versions
from app.documents.queries import ReadClause
from app.kit.paging import Key
from app.masking.anonymise import anonymise
from app.permissions import Actor, Permission
from app.publication import queries as publication
from app.publication.models import PublishedSuggestion
from app.screening import queries as screening
from app.screening.lifecycle import LIFECYCLE, SuggestionEvent, SuggestionState
from app.screening.models import Suggestion
from app.web.i18n import gettext as _
from app.web.public.views import clause_name
from app.web.staff import assignment_part, history, outcome_part, suggestion_parts, whereabouts


@dataclass(frozen=True)
class SuggestionView:
    id: uuid.UUID
    text: str
    theme: str
    state: SuggestionState
    revision: int
    clause: ReadClause | None
    clause_id: uuid.UUID | None
    consultation_title: str
    slug: str
    distinct_persons: int
    edited_by: str
    approved_by: str | None
    return_remark: str | None
    handed_over_at: datetime | None


@dataclass(frozen=True)
class PublishedView:
    text: str
    published_at: datetime
    retracted_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class Option:
    id: uuid.UUID
    text: str


def context(
    session: Session, actor: Actor, now: datetime, suggestion: Suggestion, after: Key | None = None
) -> dict[str, object]:
    """Everything that the page shows, by a fixed number of queries; its passages from behind `after` on."""
    consultation = session.get_one(Consultation, suggestion.consultation_id)
    clause = _clause(session, suggestion)
    held = assignments.of_suggestions(session, [suggestion.id])[suggestion.id]
    led = any(row.assignment.role is AssignmentRole.LEAD and row.assignment.state in ACTIVE for row in held)
    decided = dispositions.of_suggestions(session, [suggestion.id]).get(suggestion.id)
    shown = publication.published(session, suggestion.id)
    publishable = _publishable(actor, suggestion, consultation, shown)
    own = screening.has_edited(session, suggestion.id, actor.id)
    return {
        "g": _view(session, suggestion, consultation, clause),
        **suggestion_parts.context(session, suggestion, after),
        "clause_options": _options(session, suggestion),
        "whereabouts": whereabouts.views(session, [suggestion.clause_id] if suggestion.clause_id else []),
        "may_decide": actor.may(Permission.EDIT_SUGGESTIONS),
        **assignment_part.context(session, actor, now, suggestion, held),
        "disposition": outcome_part.view(session, decided) if decided else None,
        "published": _published(shown),
        "publish_text": anonymise(suggestion.text, contacts(session, suggestion)).text,
        "may": _may(actor, suggestion, own, led, shown) | {"publish": publishable},
        "why_not": _why_not(actor, suggestion, own),
        "history": history.of_record(session, "suggestion", suggestion.id),
        "error": None,
    }


def contacts(session: Session, suggestion: Suggestion) -> list[str]:
    """The consultation's own contacts, which masking leaves alone."""
    consultation = session.get_one(Consultation, suggestion.consultation_id)
    return [contact for contact in (consultation.contact_phone, consultation.contact_email) if contact]


def _clause(session: Session, suggestion: Suggestion) -> ReadClause | None:
    """Its clause in the version that it was written on, which may be an earlier one than is out for comment now."""
    if suggestion.clause_id is None:
        return None
    return documents.clauses_by_id(session, [suggestion.clause_id])[0]


def _options(session: Session, suggestion: Suggestion) -> list[Option]:
    """The clauses that it can be about; where its senders had several versions before them, each says which."""
    known = [versions.version(session, one) for one in screening.versions_of_sources(session, suggestion.id)]
    known.sort(key=lambda version: version.number)
    return [
        Option(clause.id, _option_name(clause, version.number if len(known) > 1 else None))
        for version in known
        for clause in documents.clauses_of(session, version.id)
        if clause.text
    ]


def _option_name(clause: ReadClause, number: int | None) -> str:
    name = clause_name(clause.number, clause.heading)
    return name if number is None else _("%(clause)s (version %(number)s)") % {"clause": name, "number": number}


def _view(
    session: Session, suggestion: Suggestion, consultation: Consultation, clause: ReadClause | None
) -> SuggestionView:
    names = accounts.names_of(session, [suggestion.edited_by, suggestion.approved_by or ""])
    return SuggestionView(
        id=suggestion.id,
        text=suggestion.text,
        theme=suggestion.theme,
        state=suggestion.state,
        revision=suggestion.revision,
        clause=clause,
        clause_id=suggestion.clause_id,
        consultation_title=consultation.title,
        slug=consultation.slug,
        distinct_persons=suggestion.distinct_persons,
        edited_by=names.get(suggestion.edited_by, suggestion.edited_by),
        approved_by=names.get(suggestion.approved_by or "", suggestion.approved_by),
        return_remark=suggestion.return_remark,
        handed_over_at=suggestion.handed_over_at,
    )


def _published(shown: PublishedSuggestion | None) -> PublishedView | None:
    if shown is None:
        return None
    return PublishedView(shown.text, shown.published_at, shown.retracted_at, shown.retraction_reason)


def _may(
    actor: Actor, suggestion: Suggestion, own: bool, led: bool, shown: PublishedSuggestion | None
) -> dict[str, bool]:
    editor = actor.may(Permission.EDIT_SUGGESTIONS)
    second = actor.may(Permission.APPROVE_SUGGESTIONS) and not own
    approved = suggestion.state is SuggestionState.APPROVED
    public = shown is not None and shown.retracted_at is None
    return {
        "edit": editor and suggestion.state is SuggestionState.EDITING,
        "submit": editor and LIFECYCLE.allows(suggestion.state, SuggestionEvent.SUBMIT),
        "approve": second and LIFECYCLE.allows(suggestion.state, SuggestionEvent.APPROVE),
        "return": second and LIFECYCLE.allows(suggestion.state, SuggestionEvent.RETURN),
        "assign": actor.may(Permission.ASSIGN) and approved and not led,
        "retract": actor.may(Permission.PUBLISH) and public,
    }


def _publishable(
    actor: Actor, suggestion: Suggestion, consultation: Consultation, shown: PublishedSuggestion | None
) -> bool:
    """Where comments are displayed at once there is nothing to publish."""
    screened = consultation.display_regime is DisplayRegime.SCREENED
    hidden = shown is None or shown.retracted_at is not None
    approved = suggestion.state is SuggestionState.APPROVED
    return screened and hidden and approved and actor.may(Permission.PUBLISH)


def _why_not(actor: Actor, suggestion: Suggestion, own: bool) -> dict[str, str]:
    waiting = suggestion.state is SuggestionState.AWAITING_APPROVAL
    if waiting and actor.may(Permission.APPROVE_SUGGESTIONS) and own:
        return {"approve": _("You edited this yourself; a second person has to decide.")}
    return {}
