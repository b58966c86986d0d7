"""The audit log as the auditor reads it: filters from an address, entries in words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.audit.models import AuditEntry, Result
from app.audit.queries import Filters
from app.consultations import queries as consultations
from app.kit.clock import end_of_beijing_day
from app.permissions import ActorKind
from app.submissions import queries as submissions
from app.web import labels
from app.web.audit_words import GROUPS, KINDS, RESULTS, WORDS
from app.web.i18n import gettext as _

NOBODY = "-"
"""An actor's id that no entry has: for a name that nobody bears."""
RECEIPT = re.compile(r"[\d ]{8,24}", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """The filter form as it was filled in."""

    who: str = ""
    about: str = ""
    record: str = ""
    consultation: str = ""
    result: str = ""
    since: str = ""
    until: str = ""

    @property
    def query(self) -> str:
        """For an address; empty where nothing was asked."""
        return urlencode({name: value for name, value in vars(self).items() if value})


@dataclass(frozen=True)
class EntryView:
    at: datetime
    who: str
    who_id: str
    kind: str
    action: str
    record_kind: str
    record: str
    result: Result
    refused: bool
    source: str
    detail: Sequence[tuple[str, str]]
    request_id: str


def asked(given: Mapping[str, str]) -> Asked:
    return Asked(**{name: given.get(name, "").strip()[:120] for name in Asked.__dataclass_fields__})


def filters(session: Session, form: Asked) -> Filters:
    """What the form means. A day that isn't one, and a word that nothing is called by, are left out."""
    chosen = consultations.find(session, form.consultation) if form.consultation else None
    return Filters(
        actors=_actors(session, form.who),
        actions=_actions(form.about),
        record=_record(session, form.record),
        consultation=chosen.id if chosen else None,
        result=next((result for result in Result if result.value == form.result), None),
        since=_begin(form.since),
        until=_end(form.until),
    )


def views(session: Session, entries: Sequence[AuditEntry]) -> list[EntryView]:
    """Two queries at most, however many entries."""
    known = names(session, [(entry.actor_kind, entry.actor_id) for entry in entries])
    return [_view(entry, known) for entry in entries]


def names(session: Session, actors: Sequence[tuple[ActorKind, str]]) -> dict[str, str]:
    """Id → name, of staff and of clients; of others there is none."""
    staff = accounts.names_of(session, [id for kind, id in actors if kind is ActorKind.STAFF])
    return staff | accounts.client_names(session, [id for kind, id in actors if kind is ActorKind.CLIENT])


def kind(of: ActorKind) -> str:
    return labels.label(of)


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups, then all actions by their words: value and words each."""
    single = sorted(((name, _(words)) for name, words in WORDS.items()), key=lambda pair: pair[1])
    return [
        (_("Groups"), [(name, _(words)) for name, (words, _actions) in GROUPS.items()]),
        (_("Single actions"), single),
    ]


def results() -> list[tuple[str, str]]:
    return [(result.value, _(words)) for result, words in RESULTS.items()]


def _view(entry: AuditEntry, names: Mapping[str, str]) -> EntryView:
    return EntryView(
        at=entry.at,
        who=names.get(entry.actor_id, ""),
        who_id=entry.actor_id,
        kind=labels.label(entry.actor_kind),
        action=_(WORDS[entry.action]) if entry.action in WORDS else entry.action,
        record_kind=_(KINDS[entry.record_kind]) if entry.record_kind in KINDS else entry.record_kind,
        record=entry.record_id,
        result=entry.result,
        refused=entry.result is Result.REFUSED,
        source=entry.source or "",
        detail=[(name, _said(value)) for name, value in entry.detail.items()],
        request_id=entry.request_id or "",
    )


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _actors(session: Session, who: str) -> tuple[str, ...]:
    if not who:
        return ()
    return tuple(accounts.ids_called(session, who)) or (who if " " not in who else NOBODY,)


def _actions(about: str) -> tuple[str, ...]:
    if about in GROUPS:
        return tuple(GROUPS[about][1])
    return (about,) if about in WORDS else ()


def _record(session: Session, record: str) -> str | None:
    """A receipt's number stands for its submission; anything else is a record's own id."""
    if RECEIPT.fullmatch(record):
        found = submissions.by_number(session, record.replace(" ", ""))
        return str(found.id) if found else record
    return record or None


def _begin(text: str) -> datetime | None:
    day = _day(text)
    return end_of_beijing_day(day - timedelta(days=1)) if day else None


def _end(text: str) -> datetime | None:
    day = _day(text)
    return end_of_beijing_day(day) if day else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None
