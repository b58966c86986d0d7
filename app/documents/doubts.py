"""What a reading was unsure of, for a person to look at: never silently guessed."""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """The kinds of doubt. The value is the English sentence that an interface translates."""

    MARKER_RESTORED = "A heading without a number stands where this number is missing"
    MARKER_DAMAGED = "The number is damaged or lacks its punctuation"
    NUMBER_SKIPPED = "A number is missing in this series"
    NUMBER_REPEATED = "This number occurs twice"
    HEADING_UNENDED = "The heading runs into the text"
    BRACKET_LOST = "The note of responsible units lacks a bracket"
    SEPARATOR_LOST = "Two names stand together without a separator"
    NAME_RESTORED = "Part of the name was left out and is restored"
    NAME_UNKNOWN = "This name is not in the directory"
    BODY_CHANGED = "This body has ended or has another name now; see who is responsible today"
    NOTE_UNREAD = "Part of the note could not be read as units"
    NOTE_UNMARKED = "Read as a note of responsible units although nothing marks it"
    ROW_UNREAD = "A table row could not be divided into task and units"
    NO_CLAUSES = "No numbered clauses were found"
    TITLE_UNSURE = "The title could not be told apart with certainty"
    SECOND_DRAFT = "The document holds more than one draft"
    DATE_RESTORED = "The date lost characters; this reading fits the date of publication"
    DATE_UNREAD = "The date could not be read"
    CONTACT_RESTORED = "The contact lost characters"
    TITLE_MARK_RESTORED = "One of the marks around a title was lost and is restored"
    TEXT_UNPLACED = "This text was not recognised as any part of the page"


@dataclass(frozen=True, slots=True)
class Doubt:
    """`where`: a clause's label or a part of the page; `suggestion`: what was read, or what the text may have said."""

    where: str
    what: What
    suggestion: str = ""
