"""Which figures and files about the comments everybody may see, and when. Pure."""

from enum import StrEnum

from app.consultations.lifecycle import Phase
from app.consultations.terms import DisplayTerms

OVER = (Phase.CLOSED, Phase.WITHDRAWN)


class Disclosed(StrEnum):
    """TOTALS: how many comments came, also for each clause. FEED and DOWNLOADS hold what is displayed, and no more."""

    TOTALS = "totals"
    STATISTICS = "statistics"
    FEED = "feed"
    DOWNLOADS = "downloads"


def disclosed(terms: DisplayTerms, phase: Phase) -> frozenset[Disclosed]:
    """Everything once it is over; before that what the consultation decided, and nothing before it opens."""
    if phase in OVER:
        return frozenset(Disclosed)
    if phase is Phase.COMING:
        return frozenset()
    decided = {
        Disclosed.TOTALS: terms.totals_while_open,
        Disclosed.STATISTICS: terms.statistics_while_open,
        Disclosed.FEED: terms.feed_while_open,
        Disclosed.DOWNLOADS: terms.downloads_while_open,
    }
    return frozenset(each for each, shown in decided.items() if shown)
