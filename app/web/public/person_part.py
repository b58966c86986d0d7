"""Who writes. A valid ID number travels back as a sealed token that only this form can use, never as plain text."""

from datetime import timedelta

from app.kit.clock import beijing_day
from app.kit.crypto import Unreadable
from app.kit.forms import Form
from app.submissions.fields import Entry, check_entry
from app.submissions.identity import DocumentNumber, check_id_number, mask_id_number
from app.web.public import field_words
from app.web.public.attempt import Attempt, Hidden, Setting, form_context

NUMBER_LIFETIME = timedelta(minutes=30)


def judge(setting: Setting, form: Form, attempt: Attempt) -> None:
    """Checks every field that is entered; `attempt.entry` is set where all are right."""
    attempt.consented = form.get("consent") == "yes"
    number = form.text("id_number") or _kept_number(setting, form, attempt)
    checked = check_entry({**form, "id_number": number}, beijing_day(setting.at))
    valid = check_id_number(number, beijing_day(setting.at))
    if isinstance(valid, DocumentNumber):
        attempt.id_number = valid.number
    else:
        attempt.values["id_number"] = number
    if isinstance(checked, Entry):
        attempt.entry = checked
        return
    attempt.problems |= {name: field_words.words(problem) for name, problem in checked.items()}


def hidden(setting: Setting, attempt: Attempt) -> Hidden:
    if not attempt.id_number:
        return {}
    until = setting.at + NUMBER_LIFETIME
    sealed = setting.services.numbers.seal(attempt.id_number, form_context(setting, attempt), until)
    return {"id_number_token": sealed}


def masked_number(attempt: Attempt) -> str | None:
    return mask_id_number(attempt.id_number) if attempt.id_number else None


def _kept_number(setting: Setting, form: Form, attempt: Attempt) -> str:
    """The number that was valid when this form bounced before; empty when there is none or it has expired."""
    try:
        sealed = form.get("id_number_token", "")
        return setting.services.numbers.open(sealed, form_context(setting, attempt), setting.at)
    except Unreadable:
        return ""
