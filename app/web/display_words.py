"""Words of public display: why a comment waits or isn't shown, and why something can't be done with it."""

from enum import StrEnum

from app.submissions.lifecycle import DisplayState, EndedClass, HoldReason, ObjectionVerdict, QuarantineVerdict
from app.web.i18n import N_

DISPLAY_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (DisplayState.WAITING, N_("Waits for a person")),
    (DisplayState.DISPLAYED, N_("Displayed")),
    (DisplayState.WITHHELD, N_("Withheld")),
    (DisplayState.TAKEN_DOWN, N_("Taken down")),
    (DisplayState.FROZEN, N_("Stopped for a report")),
    (HoldReason.ADVERTISING, N_("Advertising")),
    (HoldReason.ABUSE, N_("Abuse")),
    (HoldReason.THREAT, N_("Threat")),
    (HoldReason.OFF_TOPIC, N_("Perhaps off topic")),
    (HoldReason.COPIES, N_("Many of the same words")),
    (HoldReason.CHECKER, N_("Marked by the checker")),
    (HoldReason.REVIEWED_FIRST, N_("Reviewed before display")),
    (HoldReason.UNDER_14, N_("Sender under 14")),
    (HoldReason.QUARANTINE, N_("In quarantine")),
    (EndedClass.ADVERTISING, N_("Advertising")),
    (EndedClass.ABUSE, N_("Abuse or threats")),
    (EndedClass.PRIVACY, N_("Exposes personal data")),
    (EndedClass.UNLAWFUL, N_("Against the law")),
    (EndedClass.OFF_TOPIC, N_("Not about this draft")),
    (EndedClass.COPY, N_("The same words are displayed already")),
    (EndedClass.UNDER_14, N_("Written by a child")),
    (EndedClass.MACHINE_MADE, N_("Taken for machine-made")),
    (EndedClass.BY_AUTHOR, N_("At its author's request")),
    (EndedClass.MISUSE, N_("Sent in another person's name")),
    (EndedClass.OTHER, N_("Against the column's rules")),
    (ObjectionVerdict.UPHELD, N_("The decision stands")),
    (ObjectionVerdict.RESTORED, N_("Restored")),
    (QuarantineVerdict.RELEASED, N_("Released")),
    (QuarantineVerdict.DISCARDED, N_("Discarded as machine-made")),
)

DISPLAY_REFUSALS = {
    "not_displayed": N_("This submission isn't on display."),
    "no_such_opinion": N_("There is no such comment, or it isn't displayed."),
    "in_quarantine": N_("This submission waits in quarantine; decide first whether it counts."),
    "never_displayed": N_("Its sender is under 14: it is never displayed."),
    "own_decision": N_("You decided this yourself; a second person answers the objection."),
    "no_such_objection": N_("There is no objection to this."),
    "objection_answered": N_("This objection was answered already."),
    "no_objection": N_("There is nothing to object to, or you have objected already."),
    "objection_required": N_("Please say what you object to."),
    "objection_too_long": N_("An objection may have at most 1,000 characters."),
    "switched_already": N_("It stands like that already."),
    "guard_word_form": N_("A pattern has a part of at least two letters, at most four parts and 60 characters."),
    "guard_remark_too_long": N_("Choose a reason; a remark may have at most 200 characters."),
    "no_such_guard_word": N_("That pattern isn't on the list."),
    "nothing_chosen": N_("Choose at least one."),
}

DOUBTS = {
    "captcha_failed": N_("Captcha not solved"),
    "no_script_rate": N_("Rush without a script"),
    "too_fast": N_("Sent within seconds"),
    "honeypot": N_("Hidden field filled in"),
    "captcha_broken": N_("Captcha out of order"),
}
"""Why the captcha doubts that a person sent it."""

HISTORY = {
    "submission.displayed": N_("Displayed on the public list"),
    "submission.withheld": N_("Withheld from the public list"),
    "submission.taken_down": N_("Taken down from the public list"),
    "submission.restored": N_("Displayed again"),
    "submission.objected": N_("Its author objected"),
    "submission.objection_answered": N_("The objection was answered"),
    "submission.released": N_("Released from quarantine"),
    "submission.discarded": N_("Discarded as machine-made"),
    "display.copies_taken_down": N_("The same words taken down"),
}
