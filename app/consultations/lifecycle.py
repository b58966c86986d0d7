"""The life of a call for comments, and what its kind decides. Pure."""

from datetime import datetime
from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class Kind(StrEnum):
    """What is put out for comment; the column's rules decide the display by it."""

    GOVERNMENT_DOCUMENT = "government_document"
    GOVERNMENT_RULE = "government_rule"
    LOCAL_REGULATION = "local_regulation"
    MAJOR_DECISION = "major_decision"


class DisplayRegime(StrEnum):
    """INSTANT: an opinion is displayed when it arrives, masked. SCREENED: only what somebody decided to publish."""

    INSTANT = "instant"
    SCREENED = "screened"


REGIME_OF_KIND = {
    Kind.GOVERNMENT_DOCUMENT: DisplayRegime.INSTANT,
    Kind.GOVERNMENT_RULE: DisplayRegime.SCREENED,
    Kind.LOCAL_REGULATION: DisplayRegime.SCREENED,
    # The column's rules name no regime for it, so the stricter one is the default.
    Kind.MAJOR_DECISION: DisplayRegime.SCREENED,
}


class LegalNature(StrEnum):
    """What the draft is in law: decides the least length of the window, apart from how opinions are displayed."""

    NORMATIVE_DOCUMENT = "normative_document"
    NORMATIVE_DOCUMENT_MARKET = "normative_document_market"
    GOVERNMENT_RULE = "government_rule"
    LOCAL_REGULATION = "local_regulation"
    MAJOR_DECISION = "major_decision"


class ConsultationState(StrEnum):
    """OPENED is public; whether comments are taken is decided by its two instants. SUSPENDED takes none for a while,
    CLOSED and WITHDRAWN take none any more."""

    DRAFT = "draft"
    OPENED = "opened"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ConsultationEvent(StrEnum):
    OPEN = "open"
    RESCHEDULE = "reschedule"
    EXTEND = "extend"
    SUSPEND = "suspend"
    RESUME = "resume"
    CORRECT = "correct"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    CLOSE = "close"


_OPENED, _SUSPENDED = ConsultationState.OPENED, ConsultationState.SUSPENDED
LIFECYCLE: Lifecycle[ConsultationState, ConsultationEvent] = Lifecycle(
    {
        (ConsultationState.DRAFT, ConsultationEvent.OPEN): _OPENED,
        (_OPENED, ConsultationEvent.RESCHEDULE): _OPENED,
        (_OPENED, ConsultationEvent.EXTEND): _OPENED,
        (_OPENED, ConsultationEvent.SUSPEND): _SUSPENDED,
        (_SUSPENDED, ConsultationEvent.RESUME): _OPENED,
        (_OPENED, ConsultationEvent.CORRECT): _OPENED,
        (_SUSPENDED, ConsultationEvent.CORRECT): _SUSPENDED,
        (_OPENED, ConsultationEvent.REPLACE): _OPENED,
        # Another draft is put out in its place: it can be commented on at once.
        (_SUSPENDED, ConsultationEvent.REPLACE): _OPENED,
        (_OPENED, ConsultationEvent.WITHDRAW): ConsultationState.WITHDRAWN,
        (_SUSPENDED, ConsultationEvent.WITHDRAW): ConsultationState.WITHDRAWN,
        (_OPENED, ConsultationEvent.CLOSE): ConsultationState.CLOSED,
    }
)


class Phase(StrEnum):
    """Where a public consultation stands at an instant, as a citizen sees it."""

    COMING = "coming"
    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


_PHASE_OF_STATE = {
    ConsultationState.SUSPENDED: Phase.SUSPENDED,
    ConsultationState.WITHDRAWN: Phase.WITHDRAWN,
    ConsultationState.CLOSED: Phase.CLOSED,
}


def phase_at(state: ConsultationState, opens_at: datetime, closes_at: datetime, now: datetime) -> Phase:
    """Open from the opening instant on, until and without the closing instant; the server's time decides.

    What is suspended stays so past its closing instant: resuming moves that instant.
    """
    if state in _PHASE_OF_STATE:
        return _PHASE_OF_STATE[state]
    if now >= closes_at:
        return Phase.CLOSED
    return Phase.OPEN if now >= opens_at else Phase.COMING
