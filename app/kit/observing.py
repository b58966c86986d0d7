"""Logs and figures about requests: structured, with a request id, and never with personal data.

An entry names the route's template and never the address itself, so that nothing a person typed can reach a log.
"""

import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import TextIO, cast

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import ExcInfo

REQUEST_ID = "yanlu.request_id"
"""Where in a request's scope its id stands."""
GONE = 499
"""What is noted where the client had gone before there was an answer."""
PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def configure_logging() -> None:
    """One JSON object a line on standard error, for our own entries and for the libraries'."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_kinds_and_places),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _StandardError())),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class _StandardError:
    """The stream for log lines, as it is at that moment; it loses them where they can't be written.

    A disk that is full of logs must not refuse comments that the store would take.
    """

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):  # the latter where it has been closed
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


def _kinds_and_places(exc_info: ExcInfo) -> list[dict[str, str | list[str]]]:
    """Of an exception and its causes: messages and notes, like local variables, may hold what a person typed."""
    return list(map(_kind_and_places, _chain(exc_info[1])))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        for part in getattr(error, "exceptions", ()):  # of an exception group
            yield from _chain(part)
        error = error.__cause__ or error.__context__


def _kind_and_places(error: BaseException) -> dict[str, str | list[str]]:
    frames = traceback.extract_tb(error.__traceback__)
    return {"kind": type(error).__name__, "places": [f"{frame.filename}:{frame.lineno}" for frame in frames]}


class Figures:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("yanlu_requests_total", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram("yanlu_request_seconds", "Time to answer", ("route",), registry=self.registry)
        self._of_requests: dict[tuple[str, str, str], tuple[Counter, Histogram]] = {}
        self.submissions = Counter("yanlu_submissions_total", "Submissions stored", registry=self.registry)
        self.captcha = Counter("yanlu_captcha_total", "Captchas judged", ("door", "outcome"), registry=self.registry)
        self.unsealed = Gauge("yanlu_audit_unsealed", "Audit entries without a seal", registry=self.registry)
        self.unsealed_seconds = Gauge(
            "yanlu_audit_unsealed_seconds", "Age of the oldest audit entry without a seal", registry=self.registry
        )
        self.unlogged = Gauge("yanlu_log_waiting", "Entries that wait for the transparency log", registry=self.registry)
        self.unlogged_seconds = Gauge(
            "yanlu_log_waiting_seconds", "Age of the oldest entry that waits for the log", registry=self.registry
        )
        self.backup_at = Gauge(
            "yanlu_backup_timestamp_seconds",
            "When the last good backup was made, 0 without one",
            registry=self.registry,
        )
        self.archive_at = Gauge(
            "yanlu_archive_timestamp_seconds",
            "When a package for the archive was last read back whole, 0 without one",
            registry=self.registry,
        )

    def note(self, method: str, route: str, status: str, seconds: float) -> None:
        """Counts an answered request."""
        kept = self._of_requests.get((method, route, status))
        if kept is None:
            kept = self.requests.labels(method, route, status), self.seconds.labels(route)
            self._of_requests[method, route, status] = kept
        counter, histogram = kept
        counter.inc()
        histogram.observe(seconds)


class Observed:
    """Gives each request an id, answers it in `X-Request-Id`, logs one line and counts."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self.app = app
        self.figures = figures
        self.log = structlog.get_logger("yanlu.access")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if PLAIN_ID.fullmatch(given) else secrets.token_hex(8)
        scope[REQUEST_ID] = request_id
        status = GONE
        began = time.perf_counter()

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self.app(scope, receive, send_observed)
        except BaseException:
            status = 500
            raise
        finally:
            self._note(scope, status, time.perf_counter() - began)
            structlog.contextvars.unbind_contextvars("request_id")

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = str(getattr(scope.get("route"), "path", "unmatched"))
        method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "OTHER"
        self.figures.note(method, route, str(status), seconds)
        self.log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def is_within(address: str | None, networks: Sequence[str]) -> bool:
    """Whether a peer's address lies in one of the networks."""
    try:
        peer = ip_address(address or "")
    except ValueError:
        return False
    return any(peer in ip_network(network) for network in networks)
