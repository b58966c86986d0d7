"""The straight way of a comment: a right form for an open consultation needs no reading of the store of its own.

It is judged by what was read of its consultation within the same second. Whatever isn't plain takes the full way
(`commenting`), with a reading of its own: nothing is refused and no page is shown by what was kept. The store takes the
comment only where the consultation is unchanged since then, and is asked there whether form or captcha came before.
"""

from dataclasses import dataclass, replace

from fastapi import Request

from app.captcha.gate import Judged
from app.consultations import queries as consultations
from app.consultations.lifecycle import ConsultationState, Phase
from app.kit.forms import Form
from app.web.forms import Received
from app.web.public import captcha_part, entry_form, files_part
from app.web.public.attempt import Attempt, Setting
from app.web.public.calls import read_call
from app.web.public.entry_form import FINISHING, Step
from app.web.public.form_pages import Call
from app.web.public.real_name import SIGNED_IN
from app.web.services import Services

ELSEWHERE = ("late_entry", files_part.LISTED, files_part.REMOVED, SIGNED_IN, "captcha", "await_person")
"""Fields of forms that something more is to be asked for: a late code, files, a sign-in, digits that are counted."""
SHORT = 2_000
"""Characters of a comment as it was sent that are masked in a few milliseconds, whatever they are."""


@dataclass(frozen=True)
class Right:
    """A right form, in time and complete: it may be stored as it is."""

    call: Call
    setting: Setting
    attempt: Attempt


def at_once(request: Request, services: Services, slug: str, received: Received) -> Right | Judged | None:
    """As `glance`, without ever waiting: for the thread that serves everybody, where a thread of its own costs more.

    None too where the consultation would have to be read, where more than the form is to be asked, or where judging
    and preparing it may take its time: a long comment, an installation's own checker or key store.
    """
    if not services.intake.is_prompt or len(received.form.get("comment", "")) > SHORT:
        return None
    call = services.calls.known(slug, received.at) if _is_plain(received) else None
    return _judged(request, services, received, call)


def glance(request: Request, services: Services, slug: str, received: Received) -> Right | Judged | None:
    """Right where nothing more is to be asked; else it takes the full way, where the captcha isn't judged again.

    Nothing is counted or used up. Raises NotFound for an unknown consultation.
    """
    call = _call(services, slug, received) if _is_plain(received) else None
    return _judged(request, services, received, call)


def _judged(request: Request, services: Services, received: Received, call: Call | None) -> Right | Judged | None:
    if call is None or not _takes(call, received):
        return None
    setting = call.setting(services, received.at, request)
    attempt = entry_form.judge_words(setting, received.form, call.clauses)
    if not attempt.is_right:
        return None
    captcha_part.judge(setting, received.form, attempt)
    return attempt.captcha if attempt.problems else Right(replace(call, phase=Phase.OPEN), setting, attempt)


def _is_plain(received: Received) -> bool:
    if received.files or received.files_dropped:
        return False
    return entry_form.asked(received.form).step in FINISHING and not _has_any(received.form, ELSEWHERE)


def _has_any(form: Form, names: tuple[str, ...]) -> bool:
    return any(form.get(name) for name in names)


def _call(services: Services, slug: str, received: Received) -> Call | None:
    """None while another thread is reading it."""

    def read() -> Call:
        with services.database.reading() as session:
            return read_call(session, consultations.public_consultation(session, slug), received.at)

    return services.calls.of(slug, received.at, read)


def _takes(call: Call, received: Received) -> bool:
    """Whether it was open then for this very text, as far as is known, with nothing to be shown before."""
    row, step = call.row, entry_form.asked(received.form).step
    if call.terms.checks_answers and step is not Step.SEND:
        return False
    is_open = row.state is ConsultationState.OPENED and consultations.phase(row, received.at) is Phase.OPEN
    return is_open and received.form.get("version", "") == str(row.version_id)
