"""What was done to a record, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.audit import queries as audit
from app.audit.models import AuditEntry
from app.permissions import ActorKind
from app.web import labels
from app.web.amendment_words import AMENDMENT_HISTORY
from app.web.assignment_words import ASSIGNMENT_HISTORY
from app.web.department_words import COLUMNS, column
from app.web.display_words import HISTORY
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.mail_words import MAIL_HISTORY
from app.web.outcome_words import OUTCOME_HISTORY
from app.web.paper_words import PAPER_HISTORY
from app.web.reports.words import REPORT_HISTORY
from app.web.sounding_words import SOUNDING_HISTORY

ACTIONS = {
    "submission.received": N_("Received"),
    "batch.kept": N_("File of comments looked through"),
    "batch.entered": N_("File of comments entered"),
    "submission.entered": N_("Entered by staff or by a program"),
    "submission.accepted": N_("Accepted"),
    "submission.out_of_scope": N_("Closed as out of scope"),
    "submission.duplicate": N_("Closed as a duplicate"),
    "submission.unsuitable": N_("Closed as unsuitable"),
    "submission.referred": N_("Referred to another body"),
    "submission.undone": N_("Decision undone"),
    "submission.reopened": N_("Reopened"),
    "submissions.decided": N_("Several decided together"),
    "submissions.undone": N_("Decisions on several undone together"),
    "submission.taken_out_of_campaign": N_("Taken out of those with the same content"),
    "submission.put_into_campaign": N_("Put to those with the same content"),
    "campaign.decided": N_("Decided for all with the same content"),
    "campaign.gathered": N_("Common text gathered"),
    "campaign.display_ended": N_("Copies taken off display"),
    "referral.opened": N_("Case of a referral opened"),
    "referral.cancelled": N_("Referral cancelled"),
    "referral.taken_on": N_("Taken on"),
    "referral.handed_over": N_("Handed over to another body"),
    "referral.closed": N_("Case closed"),
    "referral.returned": N_("Returned to the desk"),
    "reason.added": N_("Prepared reason added"),
    "reason.changed": N_("Prepared reason changed"),
    "reason.retired": N_("Prepared reason retired"),
    "clarification.asked": N_("Sender asked"),
    "clarification.answered": N_("Sender answered"),
    "clarification.settled": N_("Answer settled"),
    "clarification.dropped": N_("Question withdrawn"),
    "submission.claimed": N_("Claimed"),
    "submission.given_back": N_("Given back"),
    "lease.taken_over": N_("Taken over from a colleague who had it open"),
    "note.written": N_("Internal note written"),
    "flag.raised": N_("Put up for discussion"),
    "flag.resolved": N_("Discussion settled"),
    "work.allocated": N_("Work allocated"),
    "work.evened_out": N_("Work evened out"),
    "work.handed_over": N_("Work of an absent colleague handed over"),
    "work.claimed": N_("Work claimed"),
    "work.given_back": N_("Work given back"),
    "coding_rules.written": N_("Coding rules written"),
    "view.saved": N_("View saved"),
    "view.renamed": N_("View renamed"),
    "view.shared": N_("View shared"),
    "view.withdrawn": N_("View shared no longer"),
    "view.deleted": N_("View deleted"),
    "rights_request.received": N_("Asked by the person"),
    "rights_request.granted": N_("Granted"),
    "rights_request.refused": N_("Refused"),
    "rights_request.contact_viewed": N_("Contact looked at"),
    "file.opened": N_("File saved by a person"),
    "file.released": N_("File made public"),
    "file.withdrawn": N_("File taken back from the public"),
    "consultation.prepared": N_("Prepared"),
    "consultation.opened": N_("Opened"),
    "consultation.rescheduled": N_("Opening moved"),
    "consultation.extended": N_("Extended"),
    "consultation.suspended": N_("Suspended"),
    "consultation.resumed": N_("Resumed"),
    "consultation.corrected": N_("Mistakes corrected"),
    "consultation.replaced": N_("Replaced by another text"),
    "consultation.withdrawn": N_("Withdrawn"),
    "consultation.closed": N_("Closed"),
    "consultation.terms_set": N_("Form and display decided"),
    "consultation.second_look_set": N_("Share of second looks set"),
    "second_look.made": N_("Looked at a second time"),
    "second_look.settled": N_("Difference settled"),
    "consultation.round_prepared": N_("Prepared as a further round"),
    "late_code.issued": N_("Late code given out"),
    "late_code.revoked": N_("Late code made void"),
    "delivery.retried": N_("Message sent again by hand"),
    "deliveries.retried": N_("Given-up messages sent again by hand"),
    "suggestion.gathered": N_("Made from a submission"),
    "suggestion.joined": N_("Passages of another submission added"),
    "suggestion.edited": N_("Edited"),
    "suggestion.passage_removed": N_("A passage was taken out"),
    "suggestion.divided": N_("Some passages became a suggestion of their own"),
    "suggestion.divided_off": N_("Divided off another suggestion"),
    "suggestion.merged": N_("Another suggestion was merged into it"),
    "suggestion.merged_away": N_("Merged into another suggestion"),
    "submission.rest_settled": N_("Declared that nothing further is to be gathered"),
    "submission.rest_reopened": N_("That declaration was taken back"),
    "theme.named": N_("Theme named"),
    "theme.renamed": N_("Theme renamed"),
    "theme.merged": N_("Theme merged into another"),
    "theme.dismissed": N_("Group of comments dismissed as no theme"),
    "suggestion.submitted": N_("Submitted for approval"),
    "suggestion.approved": N_("Approved"),
    "suggestion.returned": N_("Returned for editing"),
    "suggestion.assigned": N_("Assigned to departments"),
    "suggestion.published": N_("Published"),
    "suggestion.retracted": N_("Retracted from the public list"),
    "department.added": N_("Entered in the directory"),
    "department.edited": N_("Entry changed"),
    "department.retired": N_("No longer exists"),
    "department.merged": N_("Merged into another department"),
    "department.reinstated": N_("Reinstated"),
    "comparison.released": N_("What changed was released to the public"),
    "comparison.withdrawn": N_("What changed was withdrawn from the public"),
} | {
    **AMENDMENT_HISTORY,
    **HISTORY,
    **PAPER_HISTORY,
    **SOUNDING_HISTORY,
    **MAIL_HISTORY,
    **ASSIGNMENT_HISTORY,
    **OUTCOME_HISTORY,
    **REPORT_HISTORY,
}


@dataclass(frozen=True)
class HistoryEntry:
    at: datetime
    action: str
    actor: str
    detail: str


def of_record(session: Session, kind: str, record_id: object, said: Mapping[str, str] = ACTIONS) -> list[HistoryEntry]:
    """All entries of a record, oldest first."""
    entries = audit.of_record(session, kind, record_id)
    names = accounts.names_of(session, [entry.actor_id for entry in entries])
    return [
        HistoryEntry(entry.at, _(said.get(entry.action, entry.action)), _actor(entry, names), _detail(entry))
        for entry in entries
    ]


def _actor(entry: AuditEntry, names: dict[str, str]) -> str:
    if entry.actor_kind is ActorKind.STAFF:
        return names.get(entry.actor_id, entry.actor_id)
    return labels.label(entry.actor_kind)


def _detail(entry: AuditEntry) -> str:
    said = str(entry.detail.get("reason") or entry.detail.get("remark") or "")
    return "; ".join(filter(None, (said, *map(_change, entry.detail.get("changes", ())))))


def _change(told: str) -> str:
    """What an action told of a column, with the column in the reader's language."""
    name, mark, values = told.partition(": ")
    return (column(name) if name in COLUMNS else name) + mark + values
