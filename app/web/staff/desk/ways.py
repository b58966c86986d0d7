"""The decisions of a screener in words, with their keys, as the desk offers them for one submission or for many."""

from dataclasses import dataclass

from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.staff.decision_form import Way

WORDS = {
    Way.ACCEPT: N_("Accept"),
    Way.OUT_OF_SCOPE: N_("Close as out of scope"),
    Way.DUPLICATE: N_("Close as duplicate"),
    Way.UNSUITABLE: N_("Close as unsuitable"),
    Way.REFER: N_("Refer to another body"),
}
ONE_BY_ONE = frozenset({Way.REFER})
"""Never for many at once: each needs to be read for itself."""


@dataclass(frozen=True)
class WayView:
    value: str
    label: str


def for_many() -> list[WayView]:
    return [WayView(way.value, words(way)) for way in WORDS if way not in ONE_BY_ONE]


def words(way: Way) -> str:
    return _(WORDS[way])
