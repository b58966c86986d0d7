"""The form above the list: what a view can be narrowed to, by name, and what it is narrowed to just now."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.desk import filters
from app.desk.filters import Filters
from app.kit.errors import NotFound
from app.web.i18n import gettext as _
from app.web.staff.desk import filter_names
from app.web.staff.desk.filter_names import Named
from app.web.staff.desk.place import OF_ONE_CONSULTATION, Place
from app.web.staff.fields import is_id
from app.web.templating import address


@dataclass(frozen=True)
class Option:
    value: str
    text: str
    chosen: bool


@dataclass(frozen=True)
class FilterField:
    """A choice; without a value nothing is narrowed. `in_chinese`: its options are words of documents."""

    name: str
    label: str
    everything: str
    options: Sequence[Option]
    in_chinese: bool = False


@dataclass(frozen=True)
class Chip:
    """Something that the list is narrowed to; `url` is the same list without it."""

    label: str
    value: str
    in_chinese: bool
    url: str


def consultation_of(session: Session, place: Place) -> Consultation | None:
    """The consultation that the place names by its address or its id. Raises NotFound."""
    named = place.narrowed.get("consultation", "")
    if not named:
        return None
    found = session.get(Consultation, uuid.UUID(named)) if is_id(named) else consultations.find(session, named)
    if found is None:
        raise NotFound("no_such_consultation")
    return found


def filters_of(place: Place, consultation: Consultation | None) -> Filters:
    """What the lists and counts are asked for."""
    return filters.read({**place.narrowed, "consultation": str(consultation.id) if consultation else ""})


def fields(session: Session, narrowed: Filters, consultation: Consultation | None) -> list[FilterField]:
    """What belongs to one consultation can be chosen once that is; what is chosen is always among the options."""
    chosen = narrowed.words()
    if consultation is not None:
        chosen["consultation"] = consultation.slug
    found = [_field(session, one, chosen, consultation) for one in filter_names.of(consultation)]
    return [one for one in found if one.options]


def chips(request: Request, place: Place, shown: Iterable[FilterField], words: str) -> list[Chip]:
    """With the words that are looked for, where there are some."""
    looked_for = [Chip(_("Search"), words, True, _without(request, place, "search"))] if words else []
    return looked_for + [
        Chip(one.label, option.text, one.in_chinese, _without(request, place, one.name))
        for one in shown
        for option in one.options
        if option.chosen
    ]


def _field(session: Session, named: Named, chosen: Mapping[str, str], consultation: Consultation | None) -> FilterField:
    value = chosen.get(named.name, "")
    offered = list(named.offered(session, consultation)) if named.is_offered(consultation) else []
    if value and value not in {one for one, _text in offered}:
        offered.append((value, named.called(session, value) or _("No longer there")))
    options = [Option(one, text, one == value) for one, text in offered]
    return FilterField(named.name, _(named.label), _(named.everything), options, named.in_chinese)


def _without(request: Request, place: Place, name: str) -> str:
    gone = {name, *(OF_ONE_CONSULTATION if name == "consultation" else ())}
    left = {one: value for one, value in place.narrowed.items() if one not in gone}
    return address(request, "queue", **Place(place.view, left).values())
