"""What can be done to a consultation after its opening, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.consultations.lifecycle import ConsultationEvent
from app.web.i18n import N_

E = ConsultationEvent


@dataclass(frozen=True)
class ChangeWords:
    """`what` tells what it does to the window and to people who are writing just then."""

    title: str
    what: str


WORDS: Mapping[ConsultationEvent, ChangeWords] = {
    E.RESCHEDULE: ChangeWords(
        N_("Move the opening"),
        N_(
            "Possible until it begins. Put off, it closes as many days later; brought forward, it closes when it was "
            "announced."
        ),
    ),
    E.EXTEND: ChangeWords(
        N_("Extend the time for comments"),
        N_("The new closing time must be later than the present one. After the end, a second round follows instead."),
    ),
    E.SUSPEND: ChangeWords(
        N_("Suspend"),
        N_(
            "From the moment you confirm, no comments are taken; whoever is writing gets the words back with your "
            "reason. When you resume, the lost days are added."
        ),
    ),
    E.RESUME: ChangeWords(
        N_("Resume"),
        N_(
            "Comments are taken again at once. The closing time moves by the days that were lost, a begun one counted "
            "whole."
        ),
    ),
    E.CORRECT: ChangeWords(
        N_("Correct mistakes in the text"),
        N_(
            "The corrected text takes the place of the present one. Comments stay with the text that their senders "
            "read. Where the meaning of a clause changes, the statutory window is counted anew."
        ),
    ),
    E.REPLACE: ChangeWords(
        N_("Replace the text"),
        N_(
            "Another text takes the place of the present one, and a suspension ends. The statutory window is counted "
            "anew from today. Comments stay with the text that their senders read."
        ),
    ),
    E.WITHDRAW: ChangeWords(
        N_("Withdraw the draft"),
        N_(
            "For good: from the moment you confirm, no comments are taken; whoever is writing gets the words back with "
            "your reason. The page stays, with your reason on it."
        ),
    ),
    E.CLOSE: ChangeWords(
        N_("Close before its time"),
        N_(
            "From the moment you confirm, no comments are taken, and the window doesn't open again. Where it has ended "
            "by itself, the public is told nothing."
        ),
    ),
}
