"""The captcha as a part of the form: judged here, used up only where the submission is stored."""

from dataclasses import dataclass

from fastapi import Request

from app.captcha.challenge import Verdict
from app.kit.forms import Form
from app.web.i18n import gettext as _
from app.web.public import field_words
from app.web.public.attempt import Attempt, Hidden, Setting
from app.web.templating import address


@dataclass(frozen=True)
class CaptchaView:
    picture_url: str
    sound_url: str
    answer: str


def judge(setting: Setting, form: Form, attempt: Attempt) -> None:
    if not setting.services.settings.captcha:
        return
    token, answer = form.get("captcha_token", ""), form.text("captcha")
    verdict, challenge = setting.services.challenges.judge(token, answer, setting.at)
    if challenge is None:
        attempt.problems["captcha"] = _(field_words.CAPTCHA_EXPIRED)
    elif not answer:
        # Not an answer yet: the same picture stays.
        attempt.captcha_token = token
        attempt.problems["captcha"] = _(field_words.CAPTCHA_REQUIRED)
    elif verdict is Verdict.RIGHT:
        attempt.challenge, attempt.captcha_token, attempt.captcha_answer = challenge, token, answer
    else:
        attempt.wrong_challenge = challenge
        attempt.problems["captcha"] = _(field_words.CAPTCHA_WRONG)


def prepare(setting: Setting, attempt: Attempt) -> None:
    """Gives the form a challenge where it has none that still counts."""
    if setting.services.settings.captcha:
        attempt.captcha_token = attempt.captcha_token or setting.services.challenges.mint(setting.at)


def hidden(attempt: Attempt) -> Hidden:
    return {"captcha_token": attempt.captcha_token} if attempt.captcha_token else {}


def view(request: Request, attempt: Attempt) -> CaptchaView | None:
    """What the page shows of it; None where there is no captcha."""
    if attempt.captcha_token is None:
        return None
    return CaptchaView(
        address(request, "captcha_picture", token=attempt.captcha_token),
        address(request, "captcha_sound", token=attempt.captcha_token),
        attempt.captcha_answer,
    )
