"""Every public page and each of its states that looks different: name → the way there.

Whoever adds a public page or a new state of one adds a line here: the checks of test_every_page.py then hold for it,
for every reader. A way is an address, or a function that walks there.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, Response
from sqlalchemy import select

from app.submissions.lifecycle import DisplayState
from app.submissions.models import DisplayedComment
from app.submissions.public_numbers import written
from tests.accessibility.site import Visit, kept_receipt
from tests.support.app import ENTRY
from tests.support.journey import SLUG

FORM = f"/consultations/{SLUG}/comment"


@dataclass(frozen=True)
class Place:
    """A way, and the status of the answer that it ends at."""

    way: str | Callable[[Visit], None]
    status: int = 200


def send(visit: Visit, form: str = "main form[method=post]") -> None:
    """Presses the form's last button and waits for the page that answers."""
    with visit.page.expect_navigation():
        visit.page.locator(form).first.locator("button[type=submit]:not(.sr)").last.click()


def form_with_errors(visit: Visit) -> None:
    """The form, sent as it is."""
    visit.page.goto(visit.site.plain_url + FORM)
    send(visit)


def form_with_digits(visit: Visit) -> None:
    """As it is where the browser can't do the security check by itself."""
    visit.page.route("**/proof-worker*", lambda route: route.abort())
    visit.page.goto(FORM)
    visit.page.locator("#title").fill("题")
    visit.page.locator("#captcha").wait_for()


def taken_down(visit: Visit) -> None:
    """The permanent address of an opinion that is no longer displayed."""
    ended = select(DisplayedComment.number).where(DisplayedComment.state == DisplayState.TAKEN_DOWN)
    with visit.site.world.database.reading() as session:
        number = session.scalars(ended).one()
    visit.page.goto(f"/consultations/{SLUG}/comments/{written(number)}")


def fill(page: Page) -> None:
    """Everything that the form asks."""
    for name, value in ENTRY.items():
        if name == "occupation":
            page.locator("#occupation").select_option(value)
        elif name == "consent":
            page.locator("#consent").check()
        else:
            page.locator(f"#{name}").fill(value)


def answers_to_check(visit: Visit) -> None:
    visit.page.goto(f"{visit.site.plain_url}/consultations/screened/comment")
    fill(visit.page)
    send(visit)


def opinion(visit: Visit) -> None:
    """The permanent address of one opinion."""
    visit.page.goto(f"/consultations/{SLUG}/comments")
    visit.page.goto(visit.page.locator(".opinion a[href*='/comments/']").first.get_attribute("href") or "")


def rights(visit: Visit) -> None:
    fresh_receipt(visit)
    visit.page.goto(f"/receipts/{visit.site.receipt.number}/rights")


def misuse_with_errors(visit: Visit) -> None:
    visit.page.goto("/misuse")
    send(visit)


def too_many_late_codes(visit: Visit) -> None:
    address = f"{visit.site.plain_url}/consultations/closed/comment"
    for _attempt in range(11):
        visit.context.request.post(f"{address}/late", form={"late_code": "0000 0000 0000 0000"})
    visit.page.goto(address)
    visit.page.locator("summary").last.click()
    visit.page.locator("#late_code").fill("0000 0000 0000 0000")
    send(visit, "form[action$='/late']")


def home_without_drafts(visit: Visit) -> None:
    visit.page.goto(f"{visit.site.empty_url}/")


def fresh_receipt(visit: Visit) -> None:
    """As it is shown to the browser that has just sent the comment."""
    cookies = kept_receipt(visit.site)
    visit.context.add_cookies(
        [{"name": name, "value": value, "url": visit.site.url} for name, value in cookies.items()]
    )
    visit.page.goto(f"/receipts/{visit.site.receipt.number}")


def receipt_looked_up(visit: Visit) -> None:
    visit.page.goto("/receipts")
    visit.page.locator("#receipt_number").fill(visit.site.answered.number)
    visit.page.locator("#access_code").fill(visit.site.answered.access_code)
    send(visit)


def receipt_not_found(visit: Visit) -> None:
    visit.page.goto("/receipts")
    send(visit)


def late_code_wrong(visit: Visit) -> None:
    visit.page.goto("/consultations/closed/comment")
    visit.page.locator("summary").last.click()
    visit.page.locator("#late_code").fill("0000 0000 0000 0000")
    send(visit, "form[action$='/late']")


PLACES: dict[str, Place] = {
    "home": Place("/"),
    "home without drafts": Place(home_without_drafts),
    "all drafts": Place("/consultations"),
    "draft": Place(f"/consultations/{SLUG}"),
    "draft coming": Place("/consultations/coming"),
    "draft closed": Place("/consultations/closed"),
    "draft suspended": Place("/consultations/suspended"),
    "draft withdrawn": Place("/consultations/withdrawn"),
    "earlier text": Place(f"/consultations/{SLUG}/versions/1"),
    "what changed": Place(f"/consultations/{SLUG}/changes"),
    "comments": Place(f"/consultations/{SLUG}/comments"),
    "comments, none yet": Place("/consultations/screened/comments"),
    "form": Place(FORM),
    "form for one clause": Place(f"{FORM}?clause=1"),
    "form with digits": Place(form_with_digits),
    "form with errors": Place(form_with_errors, 422),
    "form that is checked and takes files": Place("/consultations/screened/comment"),
    "answers to check": Place(answers_to_check),
    "form, closed": Place("/consultations/closed/comment"),
    "form, closed, wrong code": Place(late_code_wrong, 422),
    "form, closed, too many codes": Place(too_many_late_codes, 429),
    "form, withdrawn": Place("/consultations/withdrawn/comment", 410),
    "receipt just sent": Place(fresh_receipt),
    "receipt looked up": Place(receipt_looked_up),
    "receipts": Place("/receipts"),
    "receipts with errors": Place(receipt_not_found, 422),
    "rights": Place(rights),
    "misuse of a number": Place("/misuse"),
    "misuse with errors": Place(misuse_with_errors, 422),
    "misuse received": Place("/misuse/1234567890123452"),
    "opinion": Place(opinion),
    "opinion taken down": Place(taken_down, 410),
    "statistics": Place("/consultations/closed/statistics"),
    "privacy of a draft": Place(f"/consultations/{SLUG}/privacy"),
    "privacy": Place("/privacy"),
    "accessibility statement": Place("/accessibility"),
    "no such page": Place("/no-such-page", 404),
}


def go(visit: Visit, name: str) -> None:
    """Walks there, and makes sure that the page is the one that is meant."""
    place = PLACES[name]
    answers: list[int] = []
    visit.page.on("response", lambda answer: answers.append(answer.status) if _is_page(answer) else None)
    if callable(place.way):
        place.way(visit)
    else:
        visit.page.goto(place.way)
    assert answers[-1] == place.status, (name, answers)


def _is_page(answer: Response) -> bool:
    return answer.request.is_navigation_request() and not 300 <= answer.status < 400
