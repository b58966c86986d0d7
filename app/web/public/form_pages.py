"""The pages of the comment form: the form itself, everything once more before it is sent, and that it is closed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import Request
from fastapi.responses import Response

from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation
from app.consultations.terms import DisplayTerms, FormTerms
from app.kit.forms import Form
from app.kit.http import now_of
from app.web.forms import Received
from app.web.public import captcha_part, entry_form, files_part, opinion_part, person_part, sign_in, views
from app.web.public.attempt import Attempt, Block, FieldError, Setting, new_attempt
from app.web.public.notes import NoteView
from app.web.said import changes_of
from app.web.services import Services
from app.web.shared_pages import share
from app.web.templating import page


@dataclass(frozen=True)
class Call:
    """The consultation that a form belongs to, as this request needs it, with the clauses of the text that was read.

    `phase` is that which counts for a comment that arrives now; `version_id` the text that the form was made for.
    """

    row: Consultation
    terms: FormTerms
    display: DisplayTerms
    card: views.Card
    phase: Phase
    note: NoteView | None
    version_id: uuid.UUID
    clauses: list[views.ClauseView]

    def setting(self, services: Services, at: datetime, request: Request) -> Setting:
        client = request.client.host if request.client else None
        return Setting(services, bound_to(self.row, self.version_id), self.terms, at, client)


def bound_to(row: Consultation, version_id: uuid.UUID) -> str:
    """The form's tokens are bound to consultation and text: neither can be exchanged."""
    return f"{row.id}|{version_id}"


def form_page(request: Request, call: Call, setting: Setting, attempt: Attempt, status: int) -> Response:
    captcha_part.prepare(setting, attempt)
    opinion_part.prepare(attempt)
    captcha = captcha_part.view(request, setting, attempt)
    if request.method == "GET" and attempt.signed_in is None:
        _share(request, setting, attempt, captcha)
    chosen = {block.clause.label for block in attempt.blocks}
    context = _common(call, attempt) | {
        "fields": attempt.values,
        "fresh": request.method == "GET",
        "others": [clause for clause in call.clauses if clause.label not in chosen],
        "errors": attempt.errors(),
        "error_for": attempt.problems,
        "hidden": {"version": str(call.version_id)} | entry_form.hidden_fields(setting, attempt),
        "superseded": call.version_id != call.row.version_id,
        "person": person_part.view(setting, attempt),
        "sign_in": sign_in.view(request, setting, attempt, call.row.slug),
        "captcha": captcha,
        "consented": attempt.consented,
        "limits": opinion_part.Limits(),
    }
    return page(request, "public/comment_form.html", context, status)


def _share(request: Request, setting: Setting, attempt: Attempt, captcha: captcha_part.CaptchaView | None) -> None:
    """An empty form is the same for everybody, but for its tokens and its challenge, which each view gets anew."""
    if captcha is not None and not captcha_part.is_usual(captcha):
        return

    def renew(other: Request) -> list[str] | None:
        client = other.client.host if other.client else None
        fresh = replace(setting, at=now_of(other), client=client)
        begun = new_attempt(fresh)
        captcha_part.prepare(fresh, begun)
        shown = captcha_part.view(other, fresh, begun)
        if captcha is not None and shown is not None:
            asks_the_same = captcha_part.is_usual(shown) and shown.threshold == captcha.threshold
            return _own_values(begun, shown) if asks_the_same else None
        return _own_values(begun, shown)

    share(request, _own_values(attempt, captcha), renew)


def _own_values(attempt: Attempt, captcha: captcha_part.CaptchaView | None) -> list[str]:
    """All that is another's on the next view of an empty form."""
    challenge = [attempt.captcha_token or "", captcha.nonce, captcha.trap_name] if captcha else []
    return [attempt.signed_token, *challenge]


def check_page(request: Request, call: Call, setting: Setting, form: Form, attempt: Attempt) -> Response:
    """Everything that was entered, once more; nothing is stored yet."""
    carried = entry_form.carried(setting, form, attempt)
    context = _common(call, attempt) | {
        "carried": [("version", str(call.version_id)), *(pair for pair in carried if pair[0] != "version")],
        "title": attempt.values["title"],
        "comment": attempt.values["comment"].strip(),
        "changes": {block.clause.anchor: changes_of(block.clause.text, block.proposed) for block in _changed(attempt)},
        "answers": person_part.answers(setting, attempt),
        "person": person_part.view(setting, attempt),
    }
    return page(request, "public/check_answers.html", context)


def closed_page(
    request: Request, call: Call, received: Received | None, status: int, late_error: str | None = None
) -> Response:
    """Says when it was open or why it takes no comments, and gives the person's words back to copy."""
    form = received.form if received else Form({})
    blocks = opinion_part.blocks_of(form, call.clauses)
    context = {
        "c": call.card,
        "note": call.note,
        "title": form.get("title", ""),
        "text": form.get("comment") or ("" if blocks else None),
        "blocks": blocks,
        "takes_codes": call.phase is Phase.CLOSED,
        "errors": [FieldError("late_code", late_error)] if late_error else [],
    }
    return page(request, "public/closed.html", context, status)


def _changed(attempt: Attempt) -> Sequence[Block]:
    return [block for block in attempt.blocks if block.proposed]


def _common(call: Call, attempt: Attempt) -> dict[str, object]:
    return {
        "c": call.card,
        "terms": call.terms,
        "display": call.display,
        "blocks": attempt.blocks,
        "files": files_part.views(attempt),
        "late_until": attempt.late.valid_until if attempt.late and call.phase is Phase.CLOSED else None,
    }
