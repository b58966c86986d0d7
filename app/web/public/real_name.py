"""How a person proves a real name in the form. Another way is another class here; the form's parts stay as they are."""

from contextlib import suppress
from datetime import timedelta
from typing import Protocol

from app.kit.clock import beijing_day
from app.kit.crypto import Unreadable
from app.kit.forms import Form
from app.submissions.asked import RealName, usual_proof
from app.submissions.identity import DocumentNumber, check_id_number
from app.web.public.attempt import Attempt, Hidden, Setting, SignedIn, form_context

NUMBER_LIFETIME = timedelta(minutes=30)
PROOF_LIFETIME = timedelta(hours=12)
"""As long as somebody may write on one form; the proof is in that form's page and nowhere else."""
SIGNED_IN = "signed_in"


class Proof(Protocol):
    """A way to prove a real name."""

    by: RealName

    def proven(self, setting: Setting, form: Form, attempt: Attempt) -> dict[str, str]:
        """The fields that this way fills in, to be checked like typed ones; leaves in the attempt what it must keep."""

    def hidden(self, setting: Setting, attempt: Attempt) -> Hidden:
        """What a page carries unseen, so that nobody proves anything twice."""


class ByIdNumber:
    """A valid number travels back as a sealed token that only this form can use, never as plain text."""

    by = RealName.ID_NUMBER

    def proven(self, setting: Setting, form: Form, attempt: Attempt) -> dict[str, str]:
        number = form.text("id_number") or _kept_number(setting, form, attempt)
        valid = check_id_number(number, beijing_day(setting.at))
        if isinstance(valid, DocumentNumber):
            attempt.id_number = valid.number
        else:
            attempt.values["id_number"] = number
        return {"id_number": number}

    def hidden(self, setting: Setting, attempt: Attempt) -> Hidden:
        if not attempt.id_number:
            return {}
        until = setting.at + NUMBER_LIFETIME
        sealed = setting.services.numbers.seal(attempt.id_number, form_context(setting, attempt), until)
        return {"id_number_token": sealed}


class NotAsked:
    """The consultation asks for no proof."""

    by = RealName.NOT_ASKED

    def proven(self, setting: Setting, form: Form, attempt: Attempt) -> dict[str, str]:
        return {}

    def hidden(self, setting: Setting, attempt: Attempt) -> Hidden:
        return {}


class BySignIn:
    """Who signed in before writing is not asked for a number as well; the proof is good for this form alone."""

    by = RealName.SIGN_IN

    def proven(self, setting: Setting, form: Form, attempt: Attempt) -> dict[str, str]:
        return {}

    def hidden(self, setting: Setting, attempt: Attempt) -> Hidden:
        if attempt.signed_in is None:
            return {}
        until = setting.at + PROOF_LIFETIME
        context = form_context(setting, attempt)
        return {SIGNED_IN: setting.services.proofs.seal(attempt.signed_in.subject, context, until)}


WAYS: dict[RealName, Proof] = {way.by: way for way in (ByIdNumber(), BySignIn(), NotAsked())}


def way_of(setting: Setting, attempt: Attempt) -> Proof:
    """The way that counts for this form."""
    return WAYS[RealName.SIGN_IN if attempt.signed_in else usual_proof(setting.terms)]


def find_sign_in(setting: Setting, form: Form, attempt: Attempt) -> None:
    """Takes up the sign-in that this form carries, where the consultation takes one."""
    if not setting.terms.takes_sign_in:
        return
    with suppress(Unreadable):
        context = form_context(setting, attempt)
        attempt.signed_in = SignedIn(setting.services.proofs.open(form.get(SIGNED_IN, ""), context, setting.at))


def _kept_number(setting: Setting, form: Form, attempt: Attempt) -> str:
    """The number that was valid when this form bounced before; empty when there is none or it has expired."""
    try:
        sealed = form.get("id_number_token", "")
        return setting.services.numbers.open(sealed, form_context(setting, attempt), setting.at)
    except Unreadable:
        return ""
