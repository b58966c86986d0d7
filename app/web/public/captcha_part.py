"""The captcha as a part of the form: judged here, used up only where the submission is stored."""

from contextlib import suppress
from dataclasses import dataclass

from fastapi import Request

from app.captcha import buckets, ledger, proof
from app.captcha.challenge import Challenge
from app.captcha.doubts import Doubt
from app.captcha.gate import Door, Gate, Judged, Outcome, Sent
from app.captcha.networks import network_of
from app.captcha.speaking import Language, spoken
from app.kit.errors import Conflict
from app.kit.forms import Form
from app.web.i18n import gettext as _
from app.web.i18n import language
from app.web.public import field_words
from app.web.public.attempt import Attempt, Hidden, Setting, form_context
from app.web.templating import address

TRIES_AT_A_BUCKET = 3
"""Two processes that make the same bucket at once can't both; the one that couldn't finds it at its next try."""

PROBLEMS = {
    Outcome.MISSING: field_words.CAPTCHA_REQUIRED,
    Outcome.WRONG: field_words.CAPTCHA_WRONG,
    Outcome.EXPIRED: field_words.CAPTCHA_EXPIRED,
}


@dataclass(frozen=True)
class CaptchaView:
    """What the page shows. `speaks` is the language of the recording; `nonce`, `memory` (KiB), `threshold` and
    `numbers` say what the proof of work looks for; `shows_digits` tells that they are offered beside the proof.
    """

    picture_url: str
    sound_url: str
    speaks: Language
    answer: str
    proof: str
    nonce: str
    memory: int
    threshold: int
    numbers: int
    trap_name: str
    shows_digits: bool
    offers_person: bool
    is_broken: bool


def judge(setting: Setting, form: Form, attempt: Attempt, known: Judged | None = None) -> None:
    """Judges the answer, where it isn't `known` what it is worth.

    What a person has to look at afterwards stands in the attempt's `quarantine`.
    """
    if not setting.services.settings.captcha:
        return
    sent = _sent(setting.services.captcha, form)
    attempt.captcha = judged = known or _judged(setting, sent, attempt)
    if judged.outcome is Outcome.PASSED:
        attempt.challenge = judged.challenge
        attempt.quarantine = frozenset(doubt.value for doubt in judged.doubts)
    if judged.outcome is Outcome.WRONG:
        attempt.wrong_challenge = judged.challenge
    elif judged.challenge is not None:
        # Nothing has been answered wrongly yet, so that the same picture stays.
        attempt.captcha_token, attempt.captcha_answer, attempt.captcha_proof = sent.token, sent.digits, sent.proof
    if judged.outcome in PROBLEMS:
        attempt.problems["captcha"] = _(_problem(judged))


def _judged(setting: Setting, sent: Sent, attempt: Attempt) -> Judged:
    try:
        network = network_of(setting.client)
        judged = setting.services.captcha.judge(sent, form_context(setting, attempt), network, setting.at)
    except Exception as error:
        setting.services.captcha.note_broken("judging", error, setting.at)
        judged = Judged(Outcome.PASSED, Door.PERSON, doubts=frozenset({Doubt.BROKEN}))
    setting.services.figures.captcha.labels(judged.door, judged.outcome).inc()
    return judged


def admit(setting: Setting, attempt: Attempt) -> None:
    """Counts one that is about to be stored; without a script only so many are let through without a doubt."""
    judged, captcha = attempt.captcha, setting.services.captcha
    if judged is None or judged.challenge is None:
        return
    if judged.door is Door.PROOF:
        captcha.load.note(setting.at)
    if judged.door is not Door.DIGITS or attempt.quarantine:
        return
    try:
        admitted = _takes_place(setting, judged.challenge)
    except Exception as error:
        captcha.note_broken("buckets", error, setting.at)
        attempt.quarantine |= {Doubt.BROKEN.value}
        return
    if not admitted:
        attempt.quarantine |= {Doubt.NO_SCRIPT_RATE.value}


def use_up_wrong(setting: Setting, attempt: Attempt) -> None:
    """One wrong answer is all that a challenge takes."""
    if attempt.wrong_challenge is None:
        return
    # Whoever else burns it at the same moment does what is wanted here.
    with suppress(Conflict, ledger.LedgerBroken), setting.services.database.writing() as session:
        ledger.burn(session, attempt.wrong_challenge)


def prepare(setting: Setting, attempt: Attempt) -> None:
    """Gives the form a challenge where it has none that still counts."""
    if setting.services.settings.captcha and attempt.captcha_token is None:
        begun_at = attempt.captcha.begun_at if attempt.captcha else None
        bound_to = form_context(setting, attempt)
        attempt.captcha_token = setting.services.captcha.mint(setting.at, bound_to, begun_at)
        attempt.captcha_answer = attempt.captcha_proof = ""


def hidden(setting: Setting, attempt: Attempt) -> Hidden:
    """The challenge, and how often this form has failed at one."""
    if attempt.captcha_token is None:
        return {}
    carried = {"captcha_token": attempt.captcha_token, "captcha_proof": attempt.captcha_proof}
    failures = _failures(attempt)
    if failures:
        count = setting.services.captcha.count(failures, form_context(setting, attempt), setting.at)
        carried["captcha_count"] = count
    return carried


def view(request: Request, setting: Setting, attempt: Attempt) -> CaptchaView | None:
    """What the page shows of it; None where there is no captcha."""
    if attempt.captcha_token is None:
        return None
    captcha, token = setting.services.captcha, attempt.captcha_token
    challenge = captcha.challenges.read(token, setting.at)
    failures = _failures(attempt)
    speaks = spoken(_wanted())
    return CaptchaView(
        picture_url=address(request, "captcha_picture", token=token),
        sound_url=address(request, "captcha_sound", token=token, language=speaks.value),
        speaks=speaks,
        answer=attempt.captcha_answer,
        proof=attempt.captcha_proof,
        nonce=challenge.nonce,
        memory=proof.MEMORY,
        threshold=proof.threshold(challenge.work),
        numbers=proof.NUMBERS,
        trap_name=captcha.trap_name(token),
        shows_digits=bool(attempt.captcha_answer) or failures > 0,
        offers_person=captcha.offers_person(failures, network_of(setting.client), setting.at),
        is_broken=captcha.is_broken(setting.at),
    )


def is_usual(shown: CaptchaView) -> bool:
    """Whether whoever asks for a form now sees the captcha so, and not this client alone or for a while."""
    return not (shown.offers_person or shown.is_broken or shown.shows_digits)


def _sent(captcha: Gate, form: Form) -> Sent:
    token = form.get("captcha_token", "")
    return Sent(
        token=token,
        digits=form.text("captcha"),
        proof=form.text("captcha_proof"),
        trap=form.text(captcha.trap_name(token)),
        count=form.get("captcha_count", ""),
        asks_person="await_person" in form,
    )


def _failures(attempt: Attempt) -> int:
    """A form that was only changed, by a clause more or less, hasn't failed."""
    judged = attempt.captcha
    if judged is None:
        return 0
    unasked = judged.outcome is Outcome.MISSING and "captcha" not in attempt.problems
    return judged.failures - unasked


def _problem(judged: Judged) -> str:
    by_script = judged.outcome is Outcome.WRONG and judged.door is Door.PROOF
    return field_words.CAPTCHA_UNPROVEN if by_script else PROBLEMS[judged.outcome]


def _takes_place(setting: Setting, challenge: Challenge) -> bool:
    key = setting.services.captcha.network_key(network_of(setting.client))
    for _try in range(TRIES_AT_A_BUCKET - 1):
        with suppress(Conflict), setting.services.database.writing() as session:
            return buckets.admit(session, key, challenge.nonce, setting.at)
    with setting.services.database.writing() as session:
        return buckets.admit(session, key, challenge.nonce, setting.at)


def _wanted() -> Language:
    return Language.ENGLISH if language() == "en" else Language.MANDARIN
