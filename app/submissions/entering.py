"""What staff or a trusted program enter of a letter, a call, a visit, a meeting or a mail: each field by the form's own
rule, but only the words have to be there. Pure.

What a channel can't know is left empty and marked as missing; nothing is made up for it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.kit.clock import BEIJING
from app.submissions.characters import half_width, on_one_line
from app.submissions.fields import CHECKS, TITLE_LIMIT, check_comment
from app.submissions.identity import DocumentNumber, check_id_number
from app.submissions.lifecycle import Channel
from app.submissions.organisation import OrganisationType, SubmitterKind
from app.submissions.problems import Problem, ProblemCode
from app.submissions.submitter import Identity, Organisation

ENTERED_CHANNELS = tuple(channel for channel in Channel if channel is not Channel.WEB)
"""The web form's is proved by the form alone."""
OF_PERSON = ("name", "id_number", "occupation", "phone", "email")
OF_ORGANISATION = ("organisation_name", "credit_code", "organisation_type", "name", "phone", "email")
FIELDS = ("channel", "day", "title", "comment", *dict.fromkeys((*OF_PERSON, *OF_ORGANISATION)), "remark")
"""The names of everything that can be entered, in the form's order."""
REMARK_LIMIT = 500
SHORT_TITLE = 30
_DAY = re.compile(
    r"(?P<year>[12]\d{3})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[T\s]*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?)?"
)


@dataclass(frozen=True)
class EnteredSubmission:
    """What was entered, accepted. `missing` names the fields that stay empty, in the form's order."""

    channel: Channel
    received_at: datetime
    title: str
    comment: str
    submitter_kind: SubmitterKind
    occupation: str
    organisation_type: OrganisationType | None
    identity: Identity
    missing: tuple[str, ...]
    remark: str


def check_entered(entered: Mapping[str, str], now: datetime) -> EnteredSubmission | dict[str, Problem]:
    """The whole entry or, by field, what to mend.

    `day` is when it arrived in Asia/Shanghai, as 2026-05-07, 2026/5/7 or 2026年5月7日, with 16:30 behind it or not; a
    day alone means its noon, and never an instant after `now`. Without a title the comment's beginning stands for it.
    An organisation's name makes it an organisation's.
    """
    kind = SubmitterKind.ORGANISATION if entered.get("organisation_name", "").strip() else SubmitterKind.INDIVIDUAL
    about_sender = OF_ORGANISATION if kind is SubmitterKind.ORGANISATION else OF_PERSON
    results: dict[str, Any] = {
        "channel": _channel(entered.get("channel", "")),
        "day": _arrival(entered.get("day", ""), now),
        "comment": check_comment(entered.get("comment", "")),
        "remark": _remark(entered.get("remark", "")),
    }
    given = {name: entered.get(name, "") for name in about_sender if entered.get(name, "").strip()}
    today = now.astimezone(BEIJING).date()
    results |= {name: _checked(name, value, today) for name, value in given.items()}
    results["title"] = _title(entered.get("title", ""), results["comment"])
    problems = {name: results[name] for name in FIELDS if isinstance(results.get(name), Problem)}
    missing = tuple(name for name in about_sender if name not in given)
    return problems or _accepted(kind, results, missing)


def _accepted(kind: SubmitterKind, found: Mapping[str, Any], missing: tuple[str, ...]) -> EnteredSubmission:
    number: DocumentNumber | None = found.get("id_number")
    organisation = None
    if kind is SubmitterKind.ORGANISATION:
        organisation = Organisation(found["organisation_name"], found.get("credit_code", ""))
    return EnteredSubmission(
        channel=found["channel"],
        received_at=found["day"],
        title=found["title"],
        comment=found["comment"],
        submitter_kind=kind,
        occupation=found.get("occupation", ""),
        organisation_type=found.get("organisation_type"),
        identity=Identity(
            name=found.get("name", ""),
            id_number=number.number if number else None,
            phone=found.get("phone", ""),
            email=found.get("email"),
            organisation=organisation,
        ),
        missing=missing,
        remark=found["remark"],
    )


def _checked(name: str, value: str, today: date) -> Any:
    return check_id_number(value, today) if name == "id_number" else CHECKS[name](value)


def _channel(entered: str) -> Channel | Problem:
    found = next((channel for channel in ENTERED_CHANNELS if channel == entered.strip()), None)
    return found or Problem(ProblemCode.CHANNEL_REQUIRED)


def _arrival(entered: str, now: datetime) -> datetime | Problem:
    words = half_width(entered).strip()
    if not words:
        return Problem(ProblemCode.DAY_REQUIRED)
    found = _DAY.fullmatch(words)
    try:
        if found is None:
            raise ValueError
        day = date(*(int(found[part]) for part in ("year", "month", "day")))
        clock = time(int(found["hour"]), int(found["minute"])) if found["hour"] else time(12)
    except ValueError:
        return Problem(ProblemCode.DAY_UNREAL, {"given": words[:20]})
    at = datetime.combine(day, clock, BEIJING)
    if at.date() > now.astimezone(BEIJING).date() or at - now > timedelta(hours=12):
        return Problem(ProblemCode.DAY_TO_COME, {"given": words[:20]})
    return min(at, now)


def _title(entered: str, comment: object) -> str | Problem:
    title = on_one_line(entered)
    if title:
        checked: str | Problem = CHECKS["title"](title)
        return checked
    if not isinstance(comment, str):
        return ""
    beginning = on_one_line(comment)[:TITLE_LIMIT]
    return beginning if len(beginning) <= SHORT_TITLE else f"{beginning[: SHORT_TITLE - 1]}…"


def _remark(entered: str) -> str | Problem:
    remark = on_one_line(entered)
    if len(remark) > REMARK_LIMIT:
        return Problem(ProblemCode.REMARK_LENGTH, {"given": len(remark), "limit": REMARK_LIMIT})
    return remark
