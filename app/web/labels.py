"""Words for the values of the domain, in the reader's language."""

from enum import StrEnum

from app.assignments.lifecycle import AssignmentRole, AssignmentState
from app.consultations.effects import NoteKind
from app.consultations.lifecycle import ConsultationState, DisplayRegime, Kind, LegalNature, Phase
from app.consultations.places import Part
from app.consultations.preparation import PreparationState, TextPart
from app.deliveries.lifecycle import DeliveryState
from app.departments.importing import Outcome
from app.departments.lifecycle import DepartmentState, ProposalState
from app.departments.units import HandingOver, Level, Relationship
from app.dispositions.kinds import DispositionKind
from app.documents.unit_names import Role as UnitRole
from app.permissions import ActorKind, Role
from app.rights.lifecycle import RequestKind, RequestState
from app.screening.lifecycle import SuggestionState, UnsuitableClass
from app.submissions.guardian import GuardianRelation
from app.submissions.lifecycle import Channel, ScreeningEvent, SubmissionState
from app.submissions.organisation import OrganisationType, SubmitterKind
from app.web.display_words import DISPLAY_LABELS
from app.web.i18n import N_, gettext

LABELS: tuple[tuple[StrEnum, str], ...] = (
    (Kind.GOVERNMENT_DOCUMENT, N_("Government document")),
    (Kind.GOVERNMENT_RULE, N_("Government rule")),
    (Kind.LOCAL_REGULATION, N_("Local regulation")),
    (Kind.MAJOR_DECISION, N_("Major decision")),
    (DisplayRegime.INSTANT, N_("Shown at once")),
    (DisplayRegime.SCREENED, N_("Published after review")),
    (LegalNature.NORMATIVE_DOCUMENT, N_("Administrative normative document")),
    (LegalNature.NORMATIVE_DOCUMENT_MARKET, N_("Administrative normative document concerning businesses")),
    (LegalNature.GOVERNMENT_RULE, N_("Government rule")),
    (LegalNature.LOCAL_REGULATION, N_("Local regulation")),
    (LegalNature.MAJOR_DECISION, N_("Major administrative decision")),
    (Phase.COMING, N_("Opens soon")),
    (Phase.OPEN, N_("Open for comment")),
    (Phase.SUSPENDED, N_("Suspended")),
    (Phase.CLOSED, N_("Closed")),
    (Phase.WITHDRAWN, N_("Withdrawn")),
    (PreparationState.IN_PROGRESS, N_("Being prepared")),
    (PreparationState.HANDED_OVER, N_("Waits for a second person")),
    (PreparationState.DISCARDED, N_("Discarded")),
    (TextPart.DRAFT, N_("Draft")),
    (TextPart.NOTICE, N_("Notice")),
    (TextPart.EXPLANATION, N_("Explanation")),
    (UnitRole.LEAD, N_("Lead")),
    (UnitRole.PARTICIPANT, N_("With")),
    (UnitRole.RESPONSIBLE, N_("Responsible")),
    (ConsultationState.DRAFT, N_("In preparation")),
    (ConsultationState.OPENED, N_("Opened")),
    (ConsultationState.SUSPENDED, N_("Suspended")),
    (ConsultationState.CLOSED, N_("Closed")),
    (ConsultationState.WITHDRAWN, N_("Withdrawn")),
    (Part.NOTICE, N_("Notice")),
    (Part.DRAFT, N_("Draft")),
    (Part.EXPLANATION, N_("Explanation")),
    (Part.FORM, N_("Form")),
    (Part.CONTACTS, N_("Contacts")),
    (NoteKind.RESCHEDULE, N_("Opening moved")),
    (NoteKind.EXTENSION, N_("Extended")),
    (NoteKind.EARLY_CLOSING, N_("Closed early")),
    (NoteKind.SUSPENSION, N_("Suspended")),
    (NoteKind.RESUMPTION, N_("Resumed")),
    (NoteKind.CORRECTION, N_("Mistakes corrected")),
    (NoteKind.SUBSTANTIVE_CORRECTION, N_("Corrected in substance")),
    (NoteKind.REPLACEMENT, N_("Replaced by another text")),
    (NoteKind.WITHDRAWAL, N_("Withdrawn")),
    (Channel.WEB, N_("Web form")),
    (SubmitterKind.INDIVIDUAL, N_("A person")),
    (SubmitterKind.ORGANISATION, N_("An organisation")),
    (OrganisationType.ENTERPRISE, N_("Enterprise")),
    (OrganisationType.TRADE_ASSOCIATION, N_("Trade association or chamber of commerce")),
    (OrganisationType.SOCIAL_GROUP, N_("Social organisation")),
    (OrganisationType.PUBLIC_INSTITUTION, N_("Public institution")),
    (OrganisationType.STATE_ORGAN, N_("State organ")),
    (OrganisationType.OTHER, N_("Other organisation")),
    (GuardianRelation.PARENT, N_("Father or mother")),
    (GuardianRelation.GRANDPARENT, N_("Grandparent")),
    (GuardianRelation.SIBLING, N_("Brother or sister of age")),
    (GuardianRelation.OTHER, N_("Other guardian")),
    (SubmissionState.RECEIVED, N_("To be screened")),
    (SubmissionState.ACCEPTED, N_("Accepted")),
    (SubmissionState.OUT_OF_SCOPE, N_("Out of scope")),
    (SubmissionState.DUPLICATE, N_("Duplicate")),
    (SubmissionState.UNSUITABLE, N_("Unsuitable")),
    (SubmissionState.QUARANTINED, N_("To be verified")),
    (SubmissionState.DISCARDED, N_("Discarded as machine-made")),
    (ScreeningEvent.RELEASE, N_("Released")),
    (ScreeningEvent.DISCARD, N_("Discarded as machine-made")),
    (SubmissionState.WITHDRAWN, N_("Withdrawn by its sender")),
    (ScreeningEvent.WITHDRAW, N_("Withdrawn by its sender")),
    (ScreeningEvent.ACCEPT, N_("Accepted")),
    (ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, N_("Closed as out of scope")),
    (ScreeningEvent.CLOSE_AS_DUPLICATE, N_("Closed as a duplicate")),
    (ScreeningEvent.CLOSE_AS_UNSUITABLE, N_("Closed as unsuitable")),
    (UnsuitableClass.ABUSE, N_("Abuse or threats")),
    (UnsuitableClass.ADVERTISING, N_("Advertising")),
    (UnsuitableClass.ILLEGAL_CONTENT, N_("Illegal content")),
    (UnsuitableClass.PRIVACY_OF_OTHERS, N_("Exposes other people's privacy")),
    (UnsuitableClass.NO_CONTENT, N_("No readable content")),
    (SuggestionState.EDITING, N_("Being edited")),
    (SuggestionState.AWAITING_APPROVAL, N_("Awaiting approval")),
    (SuggestionState.APPROVED, N_("Approved")),
    (SuggestionState.MERGED, N_("Merged into another suggestion")),
    (RemarkKind.RETURNED, N_("Returned for editing")),
    (RemarkKind.ANSWERED, N_("The editor answered")),
    (SuggestionChange.GATHERED, N_("First wording")),
    (SuggestionChange.EDITED, N_("Edited")),
    (SuggestionChange.SPLIT, N_("Divided")),
    (SuggestionChange.MERGED, N_("Merged")),
    (AssignmentRole.LEAD, N_("Lead")),
    (AssignmentRole.COOPERATING, N_("Cooperating")),
    (AssignmentState.DELIVERED, N_("Delivered")),
    (AssignmentState.ACKNOWLEDGED, N_("Acknowledged")),
    (AssignmentState.ANSWERED, N_("Answered")),
    (AssignmentState.SENT_BACK, N_("Sent back")),
    (DispositionKind.ADOPTED, N_("Adopted")),
    (DispositionKind.PARTLY_ADOPTED, N_("Partly adopted")),
    (DispositionKind.NOT_ADOPTED, N_("Not adopted")),
    (DispositionKind.ALREADY_PROVIDED, N_("Already provided for")),
    (DispositionKind.NOTED, N_("Noted for reference")),
    (DispositionKind.OUT_OF_SCOPE, N_("Outside the scope of this draft")),
    (DeliveryState.PENDING, N_("Waiting to be sent")),
    (DeliveryState.SENT, N_("Sent")),
    (DeliveryState.FAILED, N_("Refused")),
    (DeliveryState.DEAD, N_("Given up")),
    (DeliveryState.NOT_POSSIBLE, N_("No address")),
    (Level.PROVINCE, N_("Provincial department")),
    (Level.CITY, N_("City")),
    (Level.CENTRAL_BRANCH, N_("Central body in the province")),
    (Level.PARTY_ORGAN, N_("Party organ")),
    (Level.MASS_ORGANISATION, N_("Mass organisation")),
    (Level.ENTERPRISE, N_("Enterprise")),
    (Level.OTHER_PROVINCE, N_("Another province")),
    (Level.STANDING_SCOPE, N_("Scope of many bodies")),
    (Relationship.SUBORDINATE, N_("Subordinate")),
    (Relationship.NOT_SUBORDINATE, N_("Not subordinate")),
    (HandingOver.ASSIGN, N_("by assignment")),
    (HandingOver.CONSULT, N_("by letter")),
    (DepartmentState.ACTIVE, N_("In existence")),
    (DepartmentState.RETIRED, N_("No longer exists")),
    (DepartmentState.MERGED, N_("Merged into another department")),
    (Outcome.ADDED, N_("To be added")),
    (Outcome.CHANGED, N_("To be changed")),
    (Outcome.UNCHANGED, N_("As in the directory")),
    (Outcome.REFUSED, N_("Can't be imported")),
    (ProposalState.OPEN, N_("To be decided")),
    (ProposalState.ACCEPTED_AS_NEW, N_("Accepted as a new department")),
    (ProposalState.ACCEPTED_AS_ALIAS, N_("Accepted as another name")),
    (ProposalState.REJECTED, N_("No unit")),
    (RequestKind.WITHDRAW, N_("Withdrawal of a comment")),
    (RequestKind.CORRECT, N_("Correction of contact data")),
    (RequestKind.COPY, N_("Copy of personal data")),
    (RequestKind.DELETE, N_("Deletion of personal data")),
    (RequestKind.MISUSE, N_("Report of a misused ID number")),
    (RequestState.OPEN, N_("Waits for an answer")),
    (RequestState.GRANTED, N_("Granted")),
    (RequestState.REFUSED, N_("Declined")),
    (Role.SCREENER, N_("Screener")),
    (Role.LEAD, N_("Team lead")),
    (Role.EDITOR, N_("Editor")),
    (Role.APPROVER, N_("Approver")),
    (Role.PUBLISHER, N_("Publisher")),
    (Role.MANAGER, N_("Manager")),
    (Role.ADMINISTRATOR, N_("Administrator")),
    (Role.AUDITOR, N_("Auditor")),
    (ActorKind.STAFF, N_("Staff")),
    (ActorKind.CLIENT, N_("Department's program")),
    (ActorKind.OPERATOR, N_("Operator")),
    (ActorKind.CITIZEN, N_("Citizen")),
    (ActorKind.WORKER, N_("Worker")),
    *DISPLAY_LABELS,
)
# StrEnum members of two enums with the same value ("closed") are equal, so the type is part of the key.
_BY_TYPE = {(type(value), value.value): words for value, words in LABELS}

WHY = {
    "named_as_lead": N_("The clause names it as the lead."),
    "named_first": N_("The clause names it first."),
    "named_by_clause": N_("The clause names it."),
    "standing_scope": N_("Named as a standing scope; not assigned by itself."),
    "ended": N_("This body has ended; choose who took over."),
    "not_recognised": N_("Not in the directory of departments."),
    "general_opinion": N_("A general comment goes to the drafting department."),
    "no_department_named": N_("The clause names no department, so the drafting department answers."),
    "chosen_by_approver": N_("Chosen by the approver."),
}


def label(value: StrEnum) -> str:
    """The words for a value. Raises KeyError for a value that nobody has given words to."""
    return gettext(_BY_TYPE[type(value), value.value])


def why(reason: str) -> str:
    """The words for the reason of a proposal."""
    return gettext(WHY[reason])
