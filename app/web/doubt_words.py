"""Words for what a reading was unsure of, and for how a unit's name was found."""

from app.documents.doubts import What
from app.web.i18n import N_, gettext

DOUBTS = {
    What.MARKER_RESTORED: N_("A heading without a number stands where this number is missing"),
    What.MARKER_DAMAGED: N_("The number is damaged or lacks its punctuation"),
    What.NUMBER_SKIPPED: N_("A number is missing in this series"),
    What.NUMBER_REPEATED: N_("This number occurs twice"),
    What.HEADING_UNENDED: N_("The heading runs into the text"),
    What.BRACKET_LOST: N_("The note of responsible units lacks a bracket"),
    What.SEPARATOR_LOST: N_("Two names stand together without a separator"),
    What.NAME_RESTORED: N_("Part of the name was left out and is restored"),
    What.NAME_UNKNOWN: N_("This name is not in the directory"),
    What.BODY_CHANGED: N_("This body has ended or has another name now; see who is responsible today"),
    What.NOTE_UNREAD: N_("Part of the note could not be read as units"),
    What.NOTE_UNMARKED: N_("Read as a note of responsible units although nothing marks it"),
    What.ROW_UNREAD: N_("A table row could not be divided into task and units"),
    What.NO_CLAUSES: N_("No numbered clauses were found"),
    What.TITLE_UNSURE: N_("The title could not be told apart with certainty"),
    What.SECOND_DRAFT: N_("The document holds more than one draft"),
    What.DATE_RESTORED: N_("The date lost characters; this reading fits the date of publication"),
    What.DATE_UNREAD: N_("The date could not be read"),
    What.CONTACT_RESTORED: N_("The contact lost characters"),
    What.TITLE_MARK_RESTORED: N_("One of the marks around a title was lost and is restored"),
    What.TEXT_UNPLACED: N_("This text was not recognised as any part of the page"),
}
PLACES = {
    "deadline": N_("Notice: deadline"),
    "phone": N_("Notice: telephone"),
    "email": N_("Notice: e-mail"),
    "email_subject": N_("Notice: subject of e-mails"),
    "attachments": N_("Notice: attachments"),
    "column_rules": N_("Column rules"),
    "preamble": N_("Before the first clause"),
    "document": N_("The whole document"),
}
"""Where a doubt is, if not at a clause."""
UNIT_WHY = {
    "exact_name": N_("Written as in the directory."),
    "alias": N_("Another name of this body in the directory."),
    "restored_province": N_("The leading word was left out and is restored."),
    "restored_national": N_("The leading word was left out and is restored."),
    "expansion": N_("A short form, written out."),
    "lost_character": N_("One character was lost; only this name fits."),
    "former_name": N_("What this body was called before."),
    "successor": N_("The named body has ended; this one took over."),
    "ended": N_("The named body has ended, and no single body took over."),
    "not_in_directory": N_("Not in the directory."),
    "other_jurisdiction": N_("A body of another government."),
    "chosen_by_editor": N_("Entered by a person."),
}


def doubt(what: What) -> str:
    """The words for a kind of doubt."""
    return gettext(DOUBTS[what])


def place(where: str) -> str:
    """Where a doubt is: a part of the page in words, a clause by its label."""
    if where.startswith("annex/"):
        return gettext(N_("Table, row %(number)s")) % {"number": where.removeprefix("annex/")}
    return gettext(PLACES[where]) if where in PLACES else where


def unit_why(code: str) -> str:
    """How the unit's name was found."""
    return gettext(UNIT_WHY[code])
