"""Where a submission stands in screening (阅览筛选), and where its public display does. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class Channel(StrEnum):
    """How a submission came. MEETING to DEPUTY are records that staff keep (座谈会、听证会、专家论证、代表委员)."""

    WEB = "web"
    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"
    VISIT = "visit"
    MEETING = "meeting"
    HEARING = "hearing"
    EXPERT = "expert"
    DEPUTY = "deputy"
    HOTLINE = "hotline"
    MINI_PROGRAM = "mini_program"


class SubmissionState(StrEnum):
    """QUARANTINED: it counts only when a person has looked at it. DISCARDED: that person took it for machine-made.

    WITHDRAWN: its sender took it back before anybody had decided on it. REFERRED: it went to another body (转办); only
    who handles referrals sees it.
    """

    RECEIVED = "received"
    ACCEPTED = "accepted"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"
    UNSUITABLE = "unsuitable"
    QUARANTINED = "quarantined"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"
    REFERRED = "referred"


UNCOUNTED = (SubmissionState.QUARANTINED, SubmissionState.DISCARDED)
"""What is in no number that the public sees."""


class ScreeningEvent(StrEnum):
    """UNDO: taken back before the next stage took it over. REOPEN: taken back after that, with a reason."""

    ACCEPT = "accept"
    CLOSE_AS_OUT_OF_SCOPE = "close_as_out_of_scope"
    CLOSE_AS_DUPLICATE = "close_as_duplicate"
    CLOSE_AS_UNSUITABLE = "close_as_unsuitable"
    RELEASE = "release"
    DISCARD = "discard"
    WITHDRAW = "withdraw"
    REFER = "refer"
    UNDO = "undo"
    REOPEN = "reopen"


DECIDED = (
    SubmissionState.ACCEPTED,
    SubmissionState.OUT_OF_SCOPE,
    SubmissionState.DUPLICATE,
    SubmissionState.UNSUITABLE,
    SubmissionState.REFERRED,
)
"""Where a screener's decision leads; from each of them there is a way back."""
LIFECYCLE: Lifecycle[SubmissionState, ScreeningEvent] = Lifecycle(
    {
        (SubmissionState.RECEIVED, ScreeningEvent.ACCEPT): SubmissionState.ACCEPTED,
        (SubmissionState.RECEIVED, ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE): SubmissionState.OUT_OF_SCOPE,
        (SubmissionState.RECEIVED, ScreeningEvent.CLOSE_AS_DUPLICATE): SubmissionState.DUPLICATE,
        (SubmissionState.RECEIVED, ScreeningEvent.CLOSE_AS_UNSUITABLE): SubmissionState.UNSUITABLE,
        (SubmissionState.RECEIVED, ScreeningEvent.WITHDRAW): SubmissionState.WITHDRAWN,
        (SubmissionState.QUARANTINED, ScreeningEvent.WITHDRAW): SubmissionState.WITHDRAWN,
        (SubmissionState.QUARANTINED, ScreeningEvent.RELEASE): SubmissionState.RECEIVED,
        (SubmissionState.QUARANTINED, ScreeningEvent.DISCARD): SubmissionState.DISCARDED,
        (SubmissionState.DISCARDED, ScreeningEvent.RELEASE): SubmissionState.RECEIVED,
        (SubmissionState.RECEIVED, ScreeningEvent.REFER): SubmissionState.REFERRED,
        **{(state, ScreeningEvent.UNDO): SubmissionState.RECEIVED for state in DECIDED},
        **{(state, ScreeningEvent.REOPEN): SubmissionState.RECEIVED for state in DECIDED},
    }
)


class HoldReason(StrEnum):
    """Why a comment waits for a person before it is displayed. COPIES: so many of the same words are displayed already.

    CHECKER: the installation's own checker asked for a person, or failed. REVIEWED_FIRST: 先审后发 was in force when
    it arrived. UNDER_14: its sender is a child; it is never displayed. QUARANTINE: whether it counts at all is to be
    decided first.
    """

    ADVERTISING = "advertising"
    ABUSE = "abuse"
    THREAT = "threat"
    OFF_TOPIC = "off_topic"
    COPIES = "copies"
    CHECKER = "checker"
    REVIEWED_FIRST = "reviewed_first"
    UNDER_14 = "under_14"
    QUARANTINE = "quarantine"


OF_WORDS = (HoldReason.ADVERTISING, HoldReason.ABUSE, HoldReason.THREAT, HoldReason.OFF_TOPIC)
"""The reasons that a word of the list can give."""


class DisplayState(StrEnum):
    """FROZEN: nobody sees it while it is looked into whether its sender's number was misused."""

    WAITING = "waiting"
    DISPLAYED = "displayed"
    WITHHELD = "withheld"
    TAKEN_DOWN = "taken_down"
    FROZEN = "frozen"


class DisplayEvent(StrEnum):
    SHOW = "show"
    WITHHOLD = "withhold"
    TAKE_DOWN = "take_down"
    RESTORE = "restore"
    RECONSIDER = "reconsider"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    HOLD = "hold"


DISPLAY: Lifecycle[DisplayState, DisplayEvent] = Lifecycle(
    {
        (DisplayState.WAITING, DisplayEvent.SHOW): DisplayState.DISPLAYED,
        (DisplayState.WAITING, DisplayEvent.WITHHOLD): DisplayState.WITHHELD,
        (DisplayState.WAITING, DisplayEvent.FREEZE): DisplayState.FROZEN,
        (DisplayState.DISPLAYED, DisplayEvent.TAKE_DOWN): DisplayState.TAKEN_DOWN,
        (DisplayState.DISPLAYED, DisplayEvent.FREEZE): DisplayState.FROZEN,
        (DisplayState.WITHHELD, DisplayEvent.RESTORE): DisplayState.DISPLAYED,
        (DisplayState.WITHHELD, DisplayEvent.RECONSIDER): DisplayState.WAITING,
        (DisplayState.TAKEN_DOWN, DisplayEvent.RESTORE): DisplayState.DISPLAYED,
        (DisplayState.FROZEN, DisplayEvent.UNFREEZE): DisplayState.DISPLAYED,
        (DisplayState.FROZEN, DisplayEvent.HOLD): DisplayState.WAITING,
        (DisplayState.FROZEN, DisplayEvent.TAKE_DOWN): DisplayState.TAKEN_DOWN,
    }
)


class EndedClass(StrEnum):
    """Why a comment is not, or no longer, displayed: the class that the public is told, never words about a person."""

    ADVERTISING = "advertising"
    ABUSE = "abuse"
    PRIVACY = "privacy"
    UNLAWFUL = "unlawful"
    OFF_TOPIC = "off_topic"
    COPY = "copy"
    UNDER_14 = "under_14"
    MACHINE_MADE = "machine_made"
    BY_AUTHOR = "by_author"
    MISUSE = "misuse"
    OTHER = "other"


class ObjectionVerdict(StrEnum):
    """UPHELD: what was decided stands. RESTORED: the author was right."""

    UPHELD = "upheld"
    RESTORED = "restored"


class QuarantineVerdict(StrEnum):
    RELEASED = "released"
    DISCARDED = "discarded"
