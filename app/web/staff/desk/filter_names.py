"""What each filter of the desk is called, what it offers, and how a thing that it doesn't offer any more is called."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.campaigns import queries as campaigns
from app.campaigns.models import Campaign
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.departments.models import Department
from app.desk.filters import NOBODY
from app.documents import queries as documents
from app.screening import themes
from app.screening.models import Theme
from app.submissions.lifecycle import Channel
from app.web import labels
from app.web.i18n import N_, ngettext
from app.web.i18n import gettext as _
from app.web.public.views import clause_name

LONGEST = 24
MOST_CAMPAIGNS = 50
Choices = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Named:
    """`offered` gives values and their words; `called` the words of one value, empty for what isn't there.

    `of_one`: offered only once a consultation is chosen.
    """

    name: str
    label: str
    everything: str
    offered: Callable[[Session, Consultation | None], Choices]
    called: Callable[[Session, str], str]
    in_chinese: bool = False
    of_one: bool = False

    def is_offered(self, consultation: Consultation | None) -> bool:
        return consultation is not None or not self.of_one


def of(consultation: Consultation | None) -> Sequence[Named]:
    """In the order of the form: those that are offered first."""
    return sorted(EVERY, key=lambda one: not one.is_offered(consultation))


def _consultations(session: Session, consultation: Consultation | None) -> Choices:
    return ((one.slug, one.title) for one in consultations.all_consultations(session))


def _consultation(session: Session, value: str) -> str:
    found = consultations.find(session, value)
    return found.title if found else ""


def _clauses(session: Session, consultation: Consultation | None) -> Choices:
    if consultation is not None:
        for one in documents.clauses_of(session, consultation.version_id):
            if one.text:
                yield str(one.id), clause_name(one.number, one.heading)


def _clause(session: Session, value: str) -> str:
    return "".join(clause_name(one.number, one.heading) for one in documents.clauses_by_id(session, [uuid.UUID(value)]))


def _themes(session: Session, consultation: Consultation | None) -> Choices:
    if consultation is not None:
        for one in themes.of_consultation(session, consultation.id):
            yield str(one.id), one.name


def _theme(session: Session, value: str) -> str:
    found = session.get(Theme, uuid.UUID(value))
    return found.name if found else ""


def _channels(session: Session, consultation: Consultation | None) -> Choices:
    return ((one.value, labels.label(one)) for one in Channel)


def _channel(session: Session, value: str) -> str:
    return labels.label(Channel(value))


def _departments(session: Session, consultation: Consultation | None) -> Choices:
    return ((one.id, one.name) for one in departments.active(session))


def _department(session: Session, value: str) -> str:
    found = session.get(Department, value)
    return found.name if found else ""


def _campaigns(session: Session, consultation: Consultation | None) -> Choices:
    """The largest; the others have their addresses on the page of campaigns."""
    if consultation is not None:
        for one in campaigns.largest(session, consultation.id, most=MOST_CAMPAIGNS):
            yield str(one.id), _words(one)


def _campaign(session: Session, value: str) -> str:
    found = session.get(Campaign, uuid.UUID(value))
    return _words(found) if found else ""


def _words(campaign: Campaign) -> str:
    begin = " ".join(campaign.common_text.split())
    begin = begin if len(begin) <= LONGEST else f"{begin[: LONGEST - 1]}…"
    counted = ngettext("%(num)s submission", "%(num)s submissions", campaign.members) % {"num": campaign.members}
    return _("%(words)s (%(number)s)") % {"words": begin, "number": counted}


def _people(session: Session, consultation: Consultation | None) -> Choices:
    yield NOBODY, _("Nobody")
    for one in accounts.screeners(session):
        yield str(one.id), one.display_name


def _person(session: Session, value: str) -> str:
    return accounts.names_of(session, [value]).get(value, "")


EVERY = (
    Named("consultation", N_("Consultation"), N_("All consultations"), _consultations, _consultation, in_chinese=True),
    Named("clause", N_("Clause"), N_("All clauses"), _clauses, _clause, in_chinese=True, of_one=True),
    Named("theme", N_("Theme"), N_("All themes"), _themes, _theme, in_chinese=True, of_one=True),
    Named("campaign", N_("Same content"), N_("Same or not"), _campaigns, _campaign, in_chinese=True, of_one=True),
    Named("department", N_("Department"), N_("All departments"), _departments, _department, in_chinese=True),
    Named("channel", N_("Channel"), N_("All channels"), _channels, _channel),
    Named("allocated_to", N_("Allocated to"), N_("Anybody or nobody"), _people, _person),
)
