"""What browsers report of the content policy (CSP Level 3 §5, Reporting API): counted, and nothing of it kept.

A report names the whole address of a page, a piece of a script, line numbers: things that may be of a person. What is
left is a figure for the directive, the origin that was blocked and the template of our page. Anybody can send a report,
so the figures are a hint and no proof, and there are only so many different ones.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import iter_route_contexts
from prometheus_client import CollectorRegistry, Counter
from starlette.routing import compile_path

from app.kit.http import Now
from app.kit.throttle import Rate, of_address
from app.web.headers import DIRECTIVES, REPORTS

LARGEST_REPORT = 16 * 1024
MOST_AT_ONCE = 20
"""Reports of one body; the Reporting API gathers them."""
SPAN = timedelta(minutes=1)
MOST_OF_AN_ADDRESS, MOST_OF_ALL = 30, 300
"""Bodies within SPAN in this process; what is more is dropped without being read, and answered alike."""
MOST_ORIGINS = 50
"""Different origins that are counted by name until the process ends."""
OTHER, UNREADABLE = "other", "unreadable"
KEYWORDS = frozenset(
    {"inline", "eval", "wasm-eval", "self", "data", "blob", "trusted-types-policy", "trusted-types-sink"}
)
ORIGIN = re.compile(r"[a-z0-9.-]{1,100}(?::\d{1,5})?")

router = APIRouter(include_in_schema=False)


class PolicyReports:
    """The figures, and what limits them; one for each process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("directive", "blocked", "page")
        told = "Reports of the content policy by browsers"
        self._counted = Counter("yanlu_csp_reports_total", told, labels, registry=registry)
        self.of_an_address, self.of_all = Rate(MOST_OF_AN_ADDRESS, SPAN), Rate(MOST_OF_ALL, SPAN)
        self._origins: set[str] = set()
        self._pages: list[tuple[re.Pattern[str], str]] = []

    def count(self, request: Request, body: bytes) -> None:
        """Reads one body, or counts that it could not be read."""
        reports = list(_reports(body))
        for report in reports[:MOST_AT_ONCE]:
            said = str(report.get("document-uri") or report.get("documentURL") or "")[:2000]
            self._counted.labels(_directive(report), self._blocked(report, said), self._page(request, said)).inc()
        if not reports:
            self._counted.labels(UNREADABLE, OTHER, OTHER).inc()

    def _blocked(self, report: Mapping[str, Any], page: str) -> str:
        said = str(report.get("blocked-uri") or report.get("blockedURL") or "")[:2000].lower()
        if said in KEYWORDS:
            return said
        scheme, host = _origin(said)
        if scheme not in ("http", "https"):
            return scheme if scheme in KEYWORDS else OTHER
        if host == _origin(page.lower())[1]:
            return "self"
        if len(self._origins) < MOST_ORIGINS:
            self._origins.add(host)
        return host if host in self._origins else OTHER

    def _page(self, request: Request, address: str) -> str:
        """The template of a page of ours, never the address: that may hold a number of somebody's."""
        if not self._pages:
            paths = dict.fromkeys(str(one.path) for one in iter_route_contexts(request.app.routes))
            self._pages = [(compile_path(path)[0], path) for path in paths]
        try:
            path = urlsplit(address).path
        except ValueError:
            return OTHER
        base = str(request.scope.get("root_path", ""))
        return next((name for shape, name in self._pages if shape.match(path.removeprefix(base) or "/")), OTHER)


def _reports(body: bytes) -> Iterator[Mapping[str, Any]]:
    """Of either form: `application/csp-report` is one object, `application/reports+json` a list of them."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return
    for one in said if isinstance(said, list) else [said]:
        inner = one.get("csp-report", one.get("body")) if isinstance(one, dict) else None
        if isinstance(inner, dict):
            yield inner


def _directive(report: Mapping[str, Any]) -> str:
    names = ("effective-directive", "effectiveDirective", "violated-directive")
    said = next((str(report[name]) for name in names if report.get(name)), "")[:100].split(" ")[0]
    return said if said in DIRECTIVES else OTHER


def _origin(said: str) -> tuple[str, str]:
    """Scheme, host and port; of an extension of a browser only that it is one."""
    try:
        found = urlsplit(said)
    except ValueError:
        return "", ""
    host = found.netloc.rpartition("@")[2]
    return (found.scheme, host) if ORIGIN.fullmatch(host) else (found.scheme if not host else "", "")


@router.post(REPORTS, name="policy_reports", max_body_size=LARGEST_REPORT)
async def take(request: Request, now: Now) -> Response:
    """Answers 204 whatever was sent, 413 beyond LARGEST_REPORT: who sends nonsense learns nothing."""
    reports: PolicyReports = request.app.state.policy_reports
    client = of_address(request.client.host if request.client else None)
    if reports.of_an_address.free_at(client, now) is None and reports.of_all.free_at("", now) is None:
        reports.count(request, await request.body())
    return Response(status_code=204)
