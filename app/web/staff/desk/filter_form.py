"""The form above the list: what a view can be narrowed to."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.desk import filters
from app.desk.filters import Filters
from app.documents import queries as documents
from app.kit.errors import NotFound
from app.submissions.lifecycle import Channel
from app.web import labels
from app.web.i18n import gettext as _
from app.web.public.views import clause_name
from app.web.staff.desk.place import Place
from app.web.staff.fields import is_id


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
    options: list[Option]
    in_chinese: bool = False


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


def fields(session: Session, place: Place, consultation: Consultation | None) -> list[FilterField]:
    """Clauses can be chosen once a consultation is; channels where there are several."""
    every = [(one.slug, one.title) for one in consultations.all_consultations(session)]
    found = [_field(place, "consultation", _("Consultation"), _("All consultations"), every, True)]
    if consultation is not None:
        clauses = [(str(one.id), clause_name(one.number, one.heading)) for one in _clauses(session, consultation)]
        found.append(_field(place, "clause", _("Clause"), _("All clauses"), clauses, True))
    if len(Channel) > 1:
        channels = [(channel.value, labels.label(channel)) for channel in Channel]
        found.append(_field(place, "channel", _("Channel"), _("All channels"), channels))
    return found


def _clauses(session: Session, consultation: Consultation) -> Iterable[documents.ReadClause]:
    return (clause for clause in documents.clauses_of(session, consultation.version_id) if clause.text)


def _field(
    place: Place, name: str, label: str, everything: str, options: list[tuple[str, str]], in_chinese: bool = False
) -> FilterField:
    chosen = place.narrowed.get(name, "")
    return FilterField(
        name, label, everything, [Option(value, text, value == chosen) for value, text in options], in_chinese
    )
