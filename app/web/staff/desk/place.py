"""Where on the desk somebody is: a view, what it is narrowed to, and from which row on.

It stands in the address of every page of the desk. Forms carry it along, so that a decision leads to the next item of
the same list.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.desk.views import View
from app.kit.errors import BadRequest
from app.kit.forms import Form
from app.web.staff.fields import optional_id
from app.web.templating import address

NARROWED_BY = ("consultation", "clause", "theme", "channel", "department", "campaign", "allocated_to", "search")
"""Names of an address that narrow a view; each may be left out."""
OF_ONE_CONSULTATION = ("clause", "theme", "campaign")
"""Those of them that mean nothing in another consultation."""
LONGEST = 200


@dataclass(frozen=True)
class Place:
    """`narrowed` holds only names of NARROWED_BY that have a value.

    `after` and `before` are cursors of the list's page, at most one of them given.
    """

    view: View = View.RECEIVED
    narrowed: Mapping[str, str] = field(default_factory=dict)
    after: str = ""
    before: str = ""

    def values(self, **given: object) -> dict[str, object]:
        """The names and values of an address, with others given besides or instead."""
        return {"view": self.view.value, **self.narrowed, "after": self.after, "before": self.before} | given

    def words(self) -> str:
        """The place in one line, as forms carry it."""
        return urlencode({name: value for name, value in self.values().items() if value})


def place_of(asked: Mapping[str, str]) -> Place:
    """The place that an address or a form names. Raises BadRequest for a view that doesn't exist.

    `of` is the consultation for which a form offered what belongs to one; with another one that is left out.
    """
    view = asked.get("view") or View.RECEIVED.value
    if view not in list(View):
        raise BadRequest("no_such_view")
    here = asked.get("consultation", "")
    foreign = OF_ONE_CONSULTATION if asked.get("of", here) != here else ()
    narrowed = {name: asked[name][:LONGEST] for name in NARROWED_BY if asked.get(name) and name not in foreign}
    return Place(View(view), narrowed, asked.get("after", "")[:LONGEST], asked.get("before", "")[:LONGEST])


def carried(form: Form) -> Place | None:
    """Where on the desk the form was sent from; None if from the page of the item itself. Raises BadRequest."""
    words = form.get("place", "")
    return place_of(dict(parse_qsl(words))) if words else None


def onward(request: Request, form: Form, page: str, id: uuid.UUID) -> Response:
    """After a decision on a record: the next item of the list, which tells what was done; else the record's own page.

    `page` names the route of the record's own page. Raises BadRequest for a place that doesn't exist.
    """
    place = carried(form)
    if place is None:
        return RedirectResponse(address(request, page, id=id), status_code=303)
    values = place.values(item=optional_id(form.get("following", "")), done=id)
    return RedirectResponse(address(request, "queue", **values), status_code=303)


def stay(request: Request, form: Form, page: str, id: uuid.UUID) -> Response:
    """After a change of a record: the same record, in the list or on its own page. Raises BadRequest as `onward`."""
    place = carried(form)
    values = place.values(item=id) if place else {"id": id}
    return RedirectResponse(address(request, "queue" if place else page, **values), status_code=303)
