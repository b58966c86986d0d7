"""The form page comes over slow lines: all that it loads is under 60 KB on the wire, scripts on, and in one go."""

from playwright.sync_api import Browser, Request

from tests.accessibility.pages import FORM
from tests.accessibility.site import READERS, Site, visiting

MOST_BYTES = 60 * 1000


def weight(site: Site, browser: Browser, address: str) -> dict[str, int]:
    """Address → bytes of the answer, headers and all, as they went over the wire to a browser that had nothing yet."""
    finished: list[Request] = []

    def note(request: Request) -> None:
        finished.append(request)

    with visiting(site, browser, READERS["chinese"]) as visit:
        visit.page.on("requestfinished", note)
        visit.page.goto(address, wait_until="networkidle")
        with visit.page.expect_event("requestfinished", lambda request: "proof-worker" in request.url):
            visit.page.locator("#title").fill("题")
        sizes = [(request.url, request.sizes()) for request in finished if not request.url.startswith("data:")]
    return {url: size["responseBodySize"] + size["responseHeadersSize"] for url, size in sizes}


def test_the_form_page_is_light(site: Site, browser: Browser) -> None:
    loaded = weight(site, browser, FORM)
    assert any(".css" in url for url in loaded)
    assert any("proof-worker" in url for url in loaded), "what begins with the first letter is counted, too"
    assert sum(loaded.values()) < MOST_BYTES, loaded


def test_the_same_page_uncompressed_would_weigh_more_than_it_does(site: Site, browser: Browser) -> None:
    """Shows that what is counted is what went over the wire."""
    with visiting(site, browser, READERS["chinese"]) as visit:
        plain = visit.context.request.get(f"{site.url}{FORM}", headers={"Accept-Encoding": "identity"})
        html = len(plain.body())
    loaded = weight(site, browser, FORM)
    assert loaded[f"{site.url}{FORM}"] < html / 2
