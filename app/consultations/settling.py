"""What people choose about a consultation, as typed, and whether it can be put out like that. Pure but for its slug."""

import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.consultations.actions import Announcement
from app.consultations.lifecycle import Kind, LegalNature
from app.departments.directory import Directory
from app.kit.clock import BEIJING, beijing_day
from app.kit.identifiers import CROCKFORD

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
NATURE_OF_KIND = {
    Kind.GOVERNMENT_DOCUMENT: LegalNature.NORMATIVE_DOCUMENT,
    Kind.GOVERNMENT_RULE: LegalNature.GOVERNMENT_RULE,
    Kind.LOCAL_REGULATION: LegalNature.LOCAL_REGULATION,
    Kind.MAJOR_DECISION: LegalNature.MAJOR_DECISION,
}
LONGEST = {
    "title": 300,
    "slug": 80,
    "issuing_body": 120,
    "contact_phone": 60,
    "contact_email": 254,
    "deadline_as_printed": 120,
    "notice_title": 300,
    "notice": 100_000,
    "explanation_title": 300,
    "explanation": 200_000,
}
"""Code points."""
CHOICES = (
    *("title", "kind", "legal_nature", "drafting_department", "issuing_body", "published_on", "opens_at", "closes_at"),
    *("contact_phone", "contact_email", "slug", "notice_title", "notice", "explanation_title", "explanation"),
)
"""The names of what a person chooses, in the order of the page."""
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")


@dataclass(frozen=True)
class Settled:
    """A whole and consistent choice."""

    values: Mapping[str, str]
    kind: Kind
    legal_nature: LegalNature
    drafting_department_id: str
    published_on: date | None
    opens_at: datetime
    closes_at: datetime

    def announcement(self, version_id: uuid.UUID) -> Announcement:
        """What is put out for comment. A notice without a title of its own has the draft's."""
        values = self.values
        return Announcement(
            slug=values.get("slug") or random_slug(self.opens_at),
            title=values["title"],
            kind=self.kind,
            legal_nature=self.legal_nature,
            drafting_department_id=self.drafting_department_id,
            version_id=version_id,
            issuing_body=values["issuing_body"],
            published_on=self.published_on,
            notice_title=values.get("notice_title") or values["title"],
            notice=values.get("notice", ""),
            explanation_title=values.get("explanation_title", ""),
            explanation=values.get("explanation", ""),
            contact_phone=values.get("contact_phone") or None,
            contact_email=values.get("contact_email") or None,
            deadline_as_printed=values.get("deadline_as_printed") or None,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
        )


@dataclass
class _Judgement:
    problems: dict[str, str] = field(default_factory=dict)

    def wrong(self, name: str, code: str) -> None:
        self.problems.setdefault(name, code)


def tidied(values: Mapping[str, str]) -> dict[str, str]:
    """The known choices without white space around them, lines ended by line feeds, no character that is no text."""
    return {
        name: values.get(name, "").replace("\r\n", "\n").replace("\0", "").strip() for name in CHOICES if name in values
    }


def settle(values: Mapping[str, str], directory: Directory, at: datetime) -> Settled | dict[str, str]:
    """The choice, or the codes of all problems by the field's name. No opening instant means: as soon as it may.

    Instants are local to Beijing, like `2025-05-19T00:00`; the department is an id or a name of the directory.
    """
    judged = _Judgement()
    for name, longest in LONGEST.items():
        if len(values.get(name, "")) > longest:
            judged.wrong(name, "too_long")
    for name in ("title", "issuing_body"):
        if not values.get(name):
            judged.wrong(name, f"{name}_required")
    kind, nature = _kind(values, judged), _nature(values, judged)
    department = _department(values.get("drafting_department", ""), directory, judged)
    published_on = _published_on(values, at, judged)
    opens_at = _instant(values, "opens_at", judged) or at
    closes_at = _closing(values, opens_at, at, judged)
    _check_contacts(values, judged)
    if judged.problems or kind is None or nature is None or closes_at is None:
        return judged.problems
    return Settled(values, kind, nature, department, published_on, opens_at, closes_at)


def _kind(values: Mapping[str, str], judged: _Judgement) -> Kind | None:
    try:
        return Kind(values.get("kind", ""))
    except ValueError:
        judged.wrong("kind", "kind_required")
        return None


def _nature(values: Mapping[str, str], judged: _Judgement) -> LegalNature | None:
    try:
        return LegalNature(values.get("legal_nature", ""))
    except ValueError:
        judged.wrong("legal_nature", "legal_nature_required")
        return None


def _department(named: str, directory: Directory, judged: _Judgement) -> str:
    if not named:
        judged.wrong("drafting_department", "drafting_department_required")
        return ""
    found = directory.department(named) or directory.lookup(named).department
    if found is None:
        judged.wrong("drafting_department", "drafting_department_unknown")
        return ""
    if not found.assignable:
        judged.wrong("drafting_department", "drafting_department_is_scope")
    return found.id


def _published_on(values: Mapping[str, str], at: datetime, judged: _Judgement) -> date | None:
    typed = values.get("published_on", "")
    if not typed:
        return None
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        judged.wrong("published_on", "date_form")
        return None
    if abs((found - beijing_day(at)).days) > 3660:
        judged.wrong("published_on", "date_form")
    return found


def _instant(values: Mapping[str, str], name: str, judged: _Judgement) -> datetime | None:
    typed = values.get(name, "")
    if not typed:
        return None
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        judged.wrong(name, "instant_form")
        return None
    if found.tzinfo is not None or not 2000 <= found.year <= 2999:
        judged.wrong(name, "instant_form")
        return None
    return found.replace(tzinfo=BEIJING)


def _closing(values: Mapping[str, str], opens_at: datetime, at: datetime, judged: _Judgement) -> datetime | None:
    if not values.get("closes_at"):
        judged.wrong("closes_at", "closes_at_required")
        return None
    closes_at = _instant(values, "closes_at", judged)
    if closes_at is not None and closes_at <= opens_at:
        judged.wrong("closes_at", "closes_before_it_opens" if values.get("opens_at") else "closes_in_the_past")
    return closes_at


def _check_contacts(values: Mapping[str, str], judged: _Judgement) -> None:
    email, slug = values.get("contact_email", ""), values.get("slug", "")
    if email and not _EMAIL.fullmatch(email):
        judged.wrong("contact_email", "email_form")
    if slug and not SLUG.fullmatch(slug):
        judged.wrong("slug", "slug_form")


def random_slug(opens_at: datetime) -> str:
    """The last part of an address for which nobody chose a word: the year and four characters by chance."""
    ending = "".join(secrets.choice(CROCKFORD.lower()) for _ in range(4))
    return f"c{beijing_day(opens_at).year}-{ending}"


def typed_instant(instant: datetime) -> str:
    """An instant as a person would type it: local to Beijing, to the minute."""
    return f"{instant.astimezone(BEIJING):%Y-%m-%dT%H:%M}"
