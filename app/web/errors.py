"""Error pages: the right status, one clear message in the reader's language, what was typed given back, no leak."""

import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.errors import DomainError, Forbidden, NotFound, Unauthenticated, Unavailable
from app.web import refused_pages
from app.web.account_refusals import ACCOUNT_REFUSALS
from app.web.amendment_words import AMENDMENT_REFUSALS
from app.web.archive_words import ARCHIVE_REFUSALS
from app.web.assignment_refusals import ASSIGNMENT_REFUSALS
from app.web.bundle_words import BUNDLE_REFUSALS
from app.web.campaign_refusals import CAMPAIGN_REFUSALS
from app.web.department_words import DEPARTMENT_REFUSALS
from app.web.display_words import DISPLAY_REFUSALS
from app.web.export_words import EXPORT_REFUSALS
from app.web.file_refusals import REFUSALS
from app.web.hook_words import HOOK_REFUSALS
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.incident_refusals import INCIDENT_REFUSALS
from app.web.mail_words import MAIL_REFUSALS
from app.web.office_refusals import OFFICE_REFUSALS
from app.web.outcome_words import OUTCOME_REFUSALS
from app.web.paper_words import PAPER_REFUSALS
from app.web.preparation_refusals import PREPARATION_REFUSALS
from app.web.reports.words import REPORT_REFUSALS
from app.web.screening_refusals import SCREENING_REFUSALS
from app.web.sounding_words import SOUNDING_REFUSALS
from app.web.team_refusals import TEAM_REFUSALS
from app.web.templating import address, page

HEADINGS = {
    400: N_("The request could not be read"),
    401: N_("Please sign in"),
    403: N_("You may not do this"),
    404: N_("There is no such page"),
    405: N_("This address can't be used like that"),
    409: N_("This can't be done now"),
    410: N_("This is over"),
    413: N_("That was too much at once"),
    415: N_("The request could not be read"),
    422: N_("Something needs to be mended"),
    429: N_("Too many requests came from your network"),
    500: N_("Something went wrong on our side"),
    503: N_("Just now there is too much going on"),
}
MESSAGES = {
    "busy": N_(
        "So many comments are arriving at this moment that yours would have to wait too long. "
        "It has not been received yet. Please wait a little and send the same form again; it is never stored twice."
    ),
    "outcome_unknown": N_(
        "The connection to the store broke off, so that we can't tell whether your comment was stored. "
        "Please send the same form again: you then get your receipt, and it is never stored twice."
    ),
    "bad_escape": N_("The form arrived damaged: it contains a broken escape sequence. Please send it again."),
    "not_utf8": N_("The form arrived damaged: it isn't UTF-8. Please send it again from the page."),
    "null_character": N_("The form contains a character that can't be stored. Please remove it and send again."),
    "repeated_field": N_("The form contains a field twice. Please send it again from the page."),
    "too_many_fields": N_("The form contains too many fields."),
    "form_expected": N_("A form was expected here. Please use the form on the page."),
    "bad_form": N_("The form arrived incomplete. Please send it again from the page."),
    "no_such_view": N_("There is no such list."),
    "bad_cursor": N_("This page of the list doesn't exist. Please begin at its first page."),
    "no_such_consultation": N_("There is no such consultation, or it has not been published yet."),
    "batch_unreadable": N_("This is no table that can be read. Please save it as CSV and send it again."),
    "batch_without_heading": N_("The first line must name the columns; 渠道 and 意见 must be among them."),
    "batch_empty": N_("There is no row below the heading."),
    "batch_too_long": N_("At most 500 rows fit into one file. Please divide it."),
    "batch_finished": N_("This file has been entered already."),
    "no_such_batch": N_("There is no such file any more: it is kept for one day, for whoever sent it."),
    "no_words_to_find": N_("Please enter at least one letter, digit or Chinese character to look for."),
    "too_many_words": N_("Please look for fewer words at once: eight, and 100 characters in all."),
    "window_not_over": N_("This is possible once the window has ended."),
    "reason_has_personal_data": N_("The reason seems to name a person or a number. Please say it without."),
    "validity_out_of_bounds": N_("Choose a day from today on, at most 30 days ahead."),
    "no_such_code": N_("There is no such code."),
    "code_used_already": N_("This code has been used already."),
    "code_revoked": N_("This code was revoked already."),
    "no_such_request": N_("There is no such request."),
    "no_such_request_kind": N_("Please choose what you ask for."),
    "asked_already": N_("You have asked this already; the answer is still to come."),
    "comment_withdrawn_already": N_("This comment has been withdrawn already."),
    "erased_already": N_("The personal data of this comment has been deleted already."),
    "contact_required": N_("Please say how we can reach you."),
    "words_too_long": N_("That is too long. Please shorten it."),
    "no_copy_granted": N_("No copy is ready for you, or its 30 days are over. Please ask for one."),
    "slug_taken": N_("The address of this round is taken by another consultation."),
    "window_ends_before_it_begins": N_("The window must close after it opens."),
    "terms_fixed": N_(
        "Comments have been taken already: what is asked stays the same for everybody, "
        "and nothing is kept longer than was promised."
    ),
    "keeping_out_of_bounds": N_("Choose a number of days from 1 to 3650."),
    "has_next_round": N_("A further round has been prepared already."),
    "notice_required": N_("Please enter the notice and its title."),
    "day_required": N_("Please choose a real day."),
    "not_disclosed_yet": N_("This is shown to everybody once the time for comments is over."),
    "no_pdf": N_("The PDF couldn't be made. Please print the page of your receipt instead."),
    "pdf_busy": N_("Several PDFs are being made just now. Please try again in a moment, or print the page instead."),
    "no_such_delivery": N_("There is no such message."),
    "no_such_challenge": N_("This code has expired. Please load the form again."),
    "not_open_yet": N_("Comments are not taken yet. The page of the consultation says from when."),
    "token_reused": N_("This form was sent before with other content. To send another comment, open a new form."),
    "window_is_over": N_("The window has ended. What follows it is a second round."),
    "closing_not_later": N_("The new closing time must be later than the present one."),
    "opening_not_ahead": N_("The new opening time must lie ahead and differ from the present one."),
    "begun_already": N_("It has begun already; its opening can't be moved any more."),
    "no_such_instant": N_("Enter a real day and, if you like, a time such as 18:00."),
    "no_later_version": N_("Choose a later text of this draft; send its file first if it isn't stored yet."),
    "not_taken": N_("No comments are taken on this draft at the moment. The page of the consultation says why."),
    "changed_meanwhile": N_("Somebody else changed this meanwhile. Look at it again before you decide."),
    "invalid_transition": N_("This step isn't possible from where the item stands. Look at it again."),
    "own_preparation": N_("You prepared this consultation yourself; a second person opens it."),
    "nothing_to_open": N_("There is no such consultation, or it has been opened already."),
    "short_window_reason_required": N_(
        "The window is shorter than the law asks. Give the reason that the public is told."
    ),
    "override_reason_required": N_("The window is shorter than the law asks. Say why you open it all the same."),
    "calendar_line_unread": N_("A line can't be read. Write a day, 休 or 班, what it is for, and the source."),
    "calendar_empty": N_("No day was found. Write one a line."),
    "no_such_calendar_day": N_("Nothing is entered for that day."),
    "watched_word_form": N_("A word has 1 to 60 characters and stands on one line."),
    "watched_remark_too_long": N_("A remark may have at most 200 characters."),
    "no_such_watched_word": N_("That word isn't on the list."),
    "own_edit": N_("You edited this yourself; a second person has to decide."),
    "reason_required": N_("Please give a reason."),
    "reason_too_long": N_("A reason may have at most 500 characters."),
    "remark_required": N_("Please say what should be changed."),
    "text_required": N_("Please enter the text."),
    "text_too_long": N_("The text is too long."),
    "no_such_passage": N_("This suggestion doesn't hold that passage any more."),
    "last_passage": N_("A suggestion needs at least one passage of an original. Merge it into another one instead."),
    "no_such_suggestion": N_("There is no such suggestion in this consultation."),
    "nothing_left": N_("Every sentence is in a suggestion; there is nothing to settle."),
    "nothing_settled": N_("Nobody has settled the rest of this submission."),
    "no_such_theme": N_("There is no such theme."),
    "no_such_group": N_("There is no such group of comments."),
    "group_decided": N_("Somebody has decided on this group already."),
    "theme_exists": N_("Another theme goes by that name, or one of the two was merged already."),
    "name_required": N_("Please enter a name."),
    "name_too_long": N_("The name is too long."),
    "passage_required": N_("Choose at least one sentence of the original."),
    "no_such_clause": N_("The draft has no such clause."),
    "no_such_version": N_("This draft has no such version."),
    "no_such_anchor": N_("That clause stands in no later version."),
    "no_such_comparison": N_("There is no such comparison."),
    "no_clauses_found": N_("No clauses were found in this file. Check that it is the whole text, with its numbering."),
    "versions_to_compare": N_("Choose two different versions of one draft, the earlier one first."),
    "not_released": N_("What changed has not been released to the public."),
    "released_already": N_("A comparison is public already. Withdraw it before you release another one."),
    "withdrawn_already": N_("It was withdrawn already."),
    "not_public_yet": N_("The consultation itself is not public yet."),
    "confirmation_required": N_("Enter the proof, the day and the person of the drafting department's confirmation."),
    "confirmation_too_long": N_("The proof may have at most 200 characters, the name at most 80."),
    "confirmation_in_future": N_("The day of the confirmation lies in the future."),
    "no_such_original": N_("This consultation has no other submission with that receipt number."),
    "original_is_duplicate": N_("That submission is a duplicate itself. Name the one that it repeats."),
    "not_accepted": N_("Only accepted submissions can be gathered into suggestions."),
    "not_being_edited": N_("This suggestion isn't being edited any more."),
    "not_approved": N_("This suggestion has not been approved."),
    "has_lead_already": N_("A department leads this suggestion already."),
    "answered_already": N_("That department has answered this suggestion already."),
    "no_such_department": N_("That department isn't in the directory, or it can't be assigned anything."),
    "displayed_at_once": N_("Comments on this draft are shown at once; nothing is published separately."),
    "published_already": N_("This suggestion is public already."),
    "not_published": N_("This suggestion isn't public."),
    "retracted_already": N_("This suggestion was retracted already."),
    "no_such_file": N_("There is no such file, or it isn't public."),
    "file_not_scanned": N_("This file has not been scanned for harmful programs yet. Nobody can open it before that."),
    "file_infected": N_("A harmful program was found in this file. Nobody can open it."),
    "file_lost": N_("This file is missing from where files are kept. Please tell those who run the service."),
    "file_released_already": N_("This file is public already."),
    "file_not_released": N_("This file isn't public."),
    "file_not_redrawn": N_("This picture can't be drawn anew without what the camera noted in it."),
    "files_unreachable": N_("The place where files are kept can't be reached at the moment. Please try again later."),
    "upload_too_slow": N_("The files took longer than five minutes to arrive. Send smaller ones, or none."),
    "rules_required": N_("Enter at least one rule with its heading and text."),
    "disabled_already": N_("This account is disabled already."),
    "client_revoked": N_("This client was revoked already."),
    "key_revoked": N_("This key was revoked already."),
    "client_of_nobody": N_("Choose a department, or a trusted channel, or both."),
    "key_days_form": N_("Enter a number of days, or nothing."),
    "client_name_form": N_("A client's name has 1 to 100 characters."),
    "client_name_taken": N_("There is a client of that name already."),
    "key_ended": N_("The key would have ended before it began; choose a later day."),
    "no_such_key_scope": N_("There is no such permission for a program."),
    "scope_needs_department": N_("This permission is for a program of a department; choose the department."),
    "scope_needs_channel": N_("Only a program of a trusted channel sends comments in; choose the channel."),
    "csrf": N_("This form was not sent from our page, or you signed in again meanwhile. Nothing has been changed."),
    "forbidden": N_("Your role doesn't include this."),
    "unauthenticated": N_("You are not signed in, or your session has ended. What you typed is kept below."),
} | {
    **REFUSALS,
    **PREPARATION_REFUSALS,
    **DEPARTMENT_REFUSALS,
    **DISPLAY_REFUSALS,
    **TEAM_REFUSALS,
    **CAMPAIGN_REFUSALS,
    **SCREENING_REFUSALS,
    **INCIDENT_REFUSALS,
    **EXPORT_REFUSALS,
    **ARCHIVE_REFUSALS,
    **BUNDLE_REFUSALS,
    **ACCOUNT_REFUSALS,
    **ASSIGNMENT_REFUSALS,
    **OFFICE_REFUSALS,
    **OUTCOME_REFUSALS,
    **AMENDMENT_REFUSALS,
    **PAPER_REFUSALS,
    **REPORT_REFUSALS,
    **SOUNDING_REFUSALS,
    **HOOK_REFUSALS,
    **MAIL_REFUSALS,
}
BY_STATUS = {
    400: N_("Please go back, load the page again and try once more."),
    404: N_("The address may be mistyped, or the page is gone."),
    405: N_("Please use the links and forms on the pages."),
    409: N_("Something has changed meanwhile. Look at it again."),
    413: N_(
        "At most 256 KB can be sent at once; a comment of 10,000 characters fits. "
        "With the back button of your browser you find the form with your words again."
    ),
    422: N_("Please check what you entered."),
    429: N_("Please wait a moment and load the page again. What you entered has not been stored."),
    500: N_("Nothing has been stored. Please try again in a moment; if it happens again, tell us the number below."),
    503: N_("Please try again in a moment. Nothing of what you entered has been stored."),
}
BUSY_SECONDS = 5
KEPT_FIELDS = ("title", "comment", "text", "reason", "remark", "short_window_reason", "override_reason", "notice")
KEPT_PREFIXES = ("opinion-", "wording-")
"""Of the fields in which words about a single clause are entered."""

log = structlog.get_logger("yanlu.errors")


def install(app: FastAPI) -> None:
    """Turns every failure of a page into an error page."""
    app.add_exception_handler(DomainError, _domain)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)


class LastResort:
    """Answers what nobody expected, inside the other middleware, so that its page has their headers and language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except ClientDisconnect:
            return  # nobody is there to answer
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            answer = _told(Request(scope, receive), error)
            await answer(scope, receive, send)


def refusal_words(code: str) -> str:
    """Why something was refused, for a page that tells of several refusals."""
    return _(MESSAGES.get(code) or BY_STATUS[409])


def error_page(request: Request, status: int, code: str, headers: Mapping[str, str] | None = None) -> Response:
    message = MESSAGES.get(code) or BY_STATUS.get(status, BY_STATUS[400])
    context: dict[str, Any] = {
        "status": status,
        "heading": _(HEADINGS.get(status, HEADINGS[400])),
        "message": _(message),
        "advice": [],
        "home_url": address(request, _home(request)),
        "kept": _kept(request),
    }
    answer = page(request, "error.html", context, status)
    answer.headers.update(headers or {})
    return answer


def words_of(error: DomainError) -> str:
    """What a page says about a refusal in its own place."""
    return _(MESSAGES.get(error.code) or BY_STATUS.get(error.status, BY_STATUS[400]))


async def _domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    if isinstance(error, Unauthenticated) and request.method == "GET":
        return RedirectResponse(address(request, "sign_in", next=_here(request)), status_code=303)
    if isinstance(error, Forbidden):
        await run_in_threadpool(refused_pages.note, request, error)
    seconds = error.details.get("seconds", BUSY_SECONDS)
    busy = {"Retry-After": str(seconds)} if error.status == Unavailable.status else None
    return error_page(request, error.status, error.code, busy)


async def _malformed(request: Request, error: Exception) -> Response:
    """A path or query value of the wrong form names nothing that exists."""
    return error_page(request, NotFound.status, NotFound.code)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return error_page(request, error.status_code, "", error.headers)


def _told(request: Request, error: Exception) -> Response:
    """The page of the failure; where pages fail themselves, a line."""
    try:
        return _unexpected(request, error)
    except Exception:
        return PlainTextResponse("Something went wrong on our side.\n", status_code=500)


def _unexpected(request: Request, error: Exception) -> Response:
    # Where it happened and of what kind it is; its message could hold what a person typed.
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("failure", kind=type(error).__name__, file=place.filename, line=place.lineno)
    if isinstance(error, (OperationalError, PoolTimeout)):
        return error_page(request, 503, "", {"Retry-After": str(BUSY_SECONDS)})
    return error_page(request, 500, "")


def _home(request: Request) -> str:
    """The page where the person begins: the desk, a department's office, or the start page of the public."""
    staff = getattr(request.state, "staff", None)
    return "home" if staff is None else "office" if staff.office else "desk"


def _kept(request: Request) -> dict[str, str] | None:
    form = getattr(request.state, "form", None)
    if form is None:
        return None
    on_clauses = [name for name in form if name.startswith(KEPT_PREFIXES)]
    return {name: form[name] for name in (*KEPT_FIELDS, *on_clauses) if form.get(name)} or None


def _here(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return str(request.scope["path"]) + query
