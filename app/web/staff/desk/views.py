"""The views in words, in the order and the groups in which the desk shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from app.desk.finding import SEARCHED
from app.desk.views import View
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.staff.desk.place import Place
from app.web.templating import address

WORDS = {
    View.MINE: N_("Mine"),
    View.UNCLAIMED: N_("Nobody's yet"),
    View.RECEIVED: N_("To be screened"),
    View.OVERDUE: N_("Overdue"),
    View.FLAGGED: N_("To be discussed"),
    View.CLARIFYING: N_("Sender asked"),
    View.SECOND_LOOK: N_("Second look"),
    View.HELD: N_("Display waits"),
    View.QUARANTINED: N_("To be verified"),
    View.REFERRED: N_("Referred"),
    View.ACCEPTED: N_("Accepted"),
    View.TO_GATHER: N_("To be gathered"),
    View.EDITING: N_("Being edited"),
    View.RETURNED: N_("Returned for editing"),
    View.AWAITING_APPROVAL: N_("Awaiting approval"),
    View.TO_ASSIGN: N_("To be assigned"),
    View.SENT_BACK: N_("Sent back"),
    View.HANDED_OVER: N_("With departments"),
    View.DONE: N_("All decided"),
    View.OUT_OF_SCOPE: N_("Out of scope"),
    View.DUPLICATE: N_("Duplicates"),
    View.UNSUITABLE: N_("Unsuitable"),
    View.DISCARDED: N_("Discarded as machine-made"),
    View.WITHDRAWN: N_("Withdrawn by its sender"),
    View.ALL: N_("All comments"),
}
GROUPS = {
    "screening": (
        N_("Screening"),
        (View.RECEIVED, View.MINE, View.UNCLAIMED, View.OVERDUE, View.FLAGGED, View.CLARIFYING, View.SECOND_LOOK),
    ),
    "waiting": (N_("Set apart"), (View.QUARANTINED, View.HELD, View.REFERRED)),
    "editing": (
        N_("Editing and approval"),
        (View.TO_GATHER, View.EDITING, View.RETURNED, View.AWAITING_APPROVAL),
    ),
    "assigning": (N_("Handing over"), (View.TO_ASSIGN, View.SENT_BACK, View.HANDED_OVER)),
    "done": (
        N_("Already decided"),
        (
            View.DONE,
            View.ACCEPTED,
            View.OUT_OF_SCOPE,
            View.DUPLICATE,
            View.UNSUITABLE,
            View.DISCARDED,
            View.WITHDRAWN,
        ),
    ),
    "all": (N_("Everything"), (View.ALL,)),
}
"""Every view stands in one group."""


@dataclass(frozen=True)
class ViewLink:
    """`count` is None where nobody keeps the number."""

    key: View
    label: str
    count: int | None
    current: bool
    url: str


@dataclass(frozen=True)
class ViewGroup:
    key: str
    label: str
    links: list[ViewLink]


def groups(request: Request, place: Place, there: Sequence[View], counts: Mapping[View, int]) -> list[ViewGroup]:
    """The views that are there for the reader, narrowed as the place is."""
    return [
        ViewGroup(key, _(words), [_link(request, place, view, counts.get(view)) for view in views if view in there])
        for key, (words, views) in GROUPS.items()
    ]


def _link(request: Request, place: Place, view: View, count: int | None) -> ViewLink:
    """Words that are looked for are taken along where they can be looked for."""
    gone = {} if view in SEARCHED else {"search": ""}
    url = address(request, "queue", **place.values(view=view.value, after="", before="", **gone))
    return ViewLink(view, _(WORDS[view]), count, view is place.view, url)
