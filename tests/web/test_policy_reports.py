"""What browsers tell of the content policy is counted; nothing of a person is kept of it, and nothing grows by it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import build
from app.web.policy_reports import LARGEST_REPORT, MOST_AT_ONCE, MOST_OF_AN_ADDRESS, MOST_ORIGINS
from tests.support.app import SECRETS, settings
from tests.support.journey import SLUG, StoppedClock

PAGE = f"http://testserver/consultations/{SLUG}"
RECEIPT = "http://testserver/receipts/2026000123456?code=secretcode"
HEAD = "yanlu_csp_reports_total{"


@pytest.fixture
def browser(_sqlite_world: Any) -> Iterator[TestClient]:
    with _sqlite_world.copied(_sqlite_world.url) as world:
        yield from _served(world)


def _served(world: Any) -> Iterator[TestClient]:
    app = build(settings(metrics_networks=("10.0.0.0/8",)), SECRETS, world.database, StoppedClock())
    with TestClient(app, client=("10.0.0.9", 1)) as client:
        yield client


def told(page: str = PAGE, blocked: str = "inline", directive: str = "script-src-elem", **more: str) -> dict[str, Any]:
    return {"csp-report": {"document-uri": page, "blocked-uri": blocked, "effective-directive": directive, **more}}


def send(browser: TestClient, report: object, kind: str = "application/csp-report") -> Any:
    body = report if isinstance(report, bytes) else json.dumps(report).encode()
    return browser.post("/csp-reports", content=body, headers={"content-type": kind})


def counted(browser: TestClient) -> list[str]:
    return [line for line in browser.get("/metrics").text.splitlines() if line.startswith(HEAD)]


def test_pages_say_where_reports_go(browser: TestClient) -> None:
    answer = browser.get("/")
    assert answer.headers["content-security-policy"].endswith("; report-uri /csp-reports; report-to csp")
    assert answer.headers["reporting-endpoints"] == 'csp="/csp-reports"'


def test_a_report_of_either_form_is_a_figure_for_directive_origin_and_template(browser: TestClient) -> None:
    assert send(browser, told(blocked="https://ads.example:8443/x?who=zhang")).status_code == 204
    body = {"documentURL": PAGE, "blockedURL": "inline", "effectiveDirective": "style-src-attr"}
    assert send(browser, [{"type": "csp-violation", "body": body}], "application/reports+json").status_code == 204
    assert sorted(counted(browser)) == [
        HEAD + 'blocked="ads.example:8443",directive="script-src-elem",page="/consultations/{slug}"} 1.0',
        HEAD + 'blocked="inline",directive="style-src-attr",page="/consultations/{slug}"} 1.0',
    ]


def test_nothing_of_a_person_is_kept_or_logged(browser: TestClient, capfd: pytest.CaptureFixture[str]) -> None:
    person = "11010519491231002X"
    more = {"script-sample": person, "source-file": f"https://x.example/{person}", "referrer": RECEIPT}
    sent = told(RECEIPT, f"https://u:{person}@x.example/{person}?{person}#secretcode", f"img-src {person}", **more)
    assert send(browser, sent).status_code == 204
    out, logged = capfd.readouterr()
    kept = "\n".join([*counted(browser), out, logged])
    assert 'blocked="x.example",directive="img-src"' in kept
    for secret in (person, "secretcode", "2026000123456"):
        assert secret not in kept


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 8000, b"1", b'{"csp-report": 1}', b'[{"body": []}]', b'"csp-report"']
)
def test_what_is_no_report_is_answered_alike(browser: TestClient, body: bytes) -> None:
    assert send(browser, body).status_code == 204
    assert counted(browser) == [HEAD + 'blocked="other",directive="unreadable",page="other"} 1.0']


@pytest.mark.parametrize(
    "blocked", ["http://[", "https://a b/", "chrome-extension://abcdef/x.js", "x" * 5000, {"a": 1}]
)
@pytest.mark.parametrize("page", ["http://[", "about:blank", "/no/such/page"])
def test_odd_values_are_other_things(browser: TestClient, blocked: Any, page: str) -> None:
    assert send(browser, told(page, blocked, "no-such-directive")).status_code == 204
    assert counted(browser) == [HEAD + 'blocked="other",directive="other",page="other"} 1.0']


def test_a_report_is_limited_in_size_and_number(browser: TestClient) -> None:
    assert send(browser, b" " * (LARGEST_REPORT + 1)).status_code == 413
    assert send(browser, [{"body": told()["csp-report"]}] * (MOST_AT_ONCE + 5)).status_code == 204
    assert counted(browser)[0].endswith(f" {MOST_AT_ONCE}.0")


def test_an_address_is_heard_so_often_a_minute_and_answered_alike_beyond(browser: TestClient) -> None:
    answers = {send(browser, told()).status_code for _ in range(MOST_OF_AN_ADDRESS + 20)}
    assert answers == {204}
    assert counted(browser)[0].endswith(f" {MOST_OF_AN_ADDRESS}.0")


def test_invented_origins_make_no_more_figures_than_so_many(browser: TestClient) -> None:
    bodies = [told(blocked=f"https://h{number}.example/")["csp-report"] for number in range(MOST_ORIGINS + 10)]
    for start in range(0, len(bodies), MOST_AT_ONCE):
        send(browser, [{"body": body} for body in bodies[start : start + MOST_AT_ONCE]])
    assert len(counted(browser)) == MOST_ORIGINS + 1
    assert any('blocked="other"' in line and line.endswith(" 10.0") for line in counted(browser))
