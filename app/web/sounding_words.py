"""Words about letters to other organs: states, what was done to them, and why something is refused."""

from enum import StrEnum

from app.soundings.lifecycle import Adoption, Disagreement, OrganState, SoundingState, Standing
from app.web.i18n import N_

SOUNDING_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (SoundingState.DRAFTED, N_("Letter being drafted")),
    (SoundingState.SENT, N_("Letter sent")),
    (SoundingState.CLOSED, N_("Letter closed")),
    (OrganState.WAITING, N_("Waiting for its reply")),
    (OrganState.NO_OPINIONS, N_("Replied: no opinions")),
    (OrganState.WITH_OPINIONS, N_("Replied with opinions")),
    (Standing.NOT_SENT, N_("Letter not sent yet")),
    (Standing.WAITING, N_("Waiting for its reply")),
    (Standing.OVERDUE, N_("No reply by the due day")),
    (Standing.TAKEN_AS_NONE, N_("No reply, taken as no opinions")),
    (Standing.NO_OPINIONS, N_("Replied: no opinions")),
    (Standing.WITH_OPINIONS, N_("Replied with opinions")),
    (Adoption.ADOPTED, N_("Adopted")),
    (Adoption.PARTLY_ADOPTED, N_("Partly adopted")),
    (Adoption.NOT_ADOPTED, N_("Not adopted")),
    (Disagreement.NONE, N_("No disagreement noted")),
    (Disagreement.REMAINS, N_("Disagreement remains")),
    (Disagreement.SETTLED, N_("Agreed after coordination")),
)
SOUNDING_HISTORY = {
    "sounding.drafted": N_("Letter to other organs drafted"),
    "sounding.edited": N_("Letter to other organs changed"),
    "sounding.invited": N_("Organs invited"),
    "sounding.uninvited": N_("Organ taken off the letter"),
    "sounding.sent": N_("Letter to other organs sent"),
    "sounding.extended": N_("Time for replies extended"),
    "sounding.closed": N_("Letter to other organs closed"),
    "sounding.reopened": N_("Letter to other organs reopened"),
    "organ_reply.entered": N_("Reply of an organ entered"),
    "organ_reply.corrected": N_("Reply of an organ corrected"),
    "organ_reply.scan_opened": N_("Scan of a reply saved by a person"),
    "sounded_organ.reminded": N_("Organ reminded in writing"),
    "organ_opinion.entered": N_("Opinion of an organ entered"),
    "organ_opinion.corrected": N_("Opinion of an organ corrected"),
    "organ_opinion.withdrawn": N_("Opinion of an organ taken out"),
    "organ_opinion.handled": N_("Said what was made of the opinion"),
    "organ_opinion.disputed": N_("Disagreement with the organ noted"),
}
SOUNDING_KINDS = {
    "sounding": N_("Letter to other organs"),
    "sounded_organ": N_("Organ asked by letter"),
    "organ_opinion": N_("Opinion of an organ"),
    "sounding_file": N_("Scan of a reply"),
}
SOUNDING_REFUSALS = {
    "no_such_sounding": N_("There is no such letter, or nothing of that kind in it."),
    "sounding_title_required": N_("Please enter the title of the letter."),
    "sounding_version_wrong": N_("Choose a text of this consultation's own draft."),
    "sounding_number_required": N_("Enter the document number before the letter is noted as sent."),
    "sounding_issue_day_wrong": N_("Enter the day of issue before the letter is noted as sent; it can't lie ahead."),
    "sounding_due_day_wrong": N_("The due day can't be before the day of issue."),
    "due_day_not_later": N_("The new due day must be later than the present one."),
    "organ_required": N_("Invite at least one organ."),
    "organ_invited_already": N_("One of the organs is on this letter already."),
    "organ_ended": N_("One of the departments no longer exists; choose who took over."),
    "too_many_organs": N_("One letter goes to at most 300 organs."),
    "too_many_opinions": N_("At most 500 opinions of one organ can be entered."),
    "reply_day_wrong": N_("The day of the reply can't be before the day of the letter, or ahead."),
    "reminder_day_wrong": N_("The day of the reminder can't be before the day of the letter, or ahead."),
    "opinions_standing": N_("Opinions of this organ have been entered. Take them out first, each with its reason."),
    "no_opinions_replied": N_("Enter a reply with opinions first; then its opinions one by one."),
    "opinion_withdrawn": N_("This opinion was taken out."),
    "replied_already": N_("This organ has replied already."),
    "handling_reason_required": N_("Please give the reason: the opinion isn't adopted in full."),
    "nothing_to_dispute": N_("A disagreement can only remain about what was adopted in part or not at all."),
    "coordination_required": N_("Please say what the coordination came to."),
}
