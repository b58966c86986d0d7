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
    DRAFT = "draft"
    OPENED = "opened"
    CLOSED = "closed"


class ConsultationEvent(StrEnum):
    OPEN = "open"
    CLOSE = "close"


LIFECYCLE: Lifecycle[ConsultationState, ConsultationEvent] = Lifecycle(
    {
        (ConsultationState.DRAFT, ConsultationEvent.OPEN): ConsultationState.OPENED,
        (ConsultationState.OPENED, ConsultationEvent.CLOSE): ConsultationState.CLOSED,
    }
)


class Phase(StrEnum):
    """Where an opened consultation stands at an instant, as a citizen sees it."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


def phase_at(state: ConsultationState, opens_at: datetime, closes_at: datetime, now: datetime) -> Phase:
    """Open from the opening instant on, until and without the closing instant; the server's time decides."""
    if state is ConsultationState.CLOSED or now >= closes_at:
        return Phase.CLOSED
    return Phase.OPEN if now >= opens_at else Phase.COMING
