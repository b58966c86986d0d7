"""A department's system in small: hears by webhook or feed, believes what is signed, and answers by the API."""

import json
from collections.abc import Callable
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.terminal import complain, say
from app.kit.clock import Clock, SystemClock
from app.webhooks import signing
from app.webhooks.signing import Unfit

if TYPE_CHECKING:
    import httpx2

MOST_BYTES = 100_000
SLOW_SECONDS = 20.0
ANSWER = {"disposition": "partly_adopted", "reason": "建议已研究，可行的部分写入文件；其余部分条件尚不具备。"}
FEED_WAITS = 25
REST_SECONDS = 5.0
Ask = Callable[[str, dict[str, Any]], int]
"""Posts a body to a path of the API; the status."""
Read = Callable[[int], dict[str, Any] | None]
"""The feed's page after a position; None where it can't be read just now."""


class Misbehaviour(StrEnum):
    """What a receiver can get wrong, so that the service, and this kit, can be tried."""

    NONE = "none"
    FAILS_FIRST = "fails-first"  # 500 at the first attempt of each message
    FAILS = "fails"
    SLOW = "slow"
    GONE = "gone"
    THROTTLES = "throttles"
    REDIRECTS = "redirects"
    CREDULOUS = "credulous"  # believes whatever comes
    FORGETFUL = "forgetful"  # does a message again that it has done


FIXED: dict[Misbehaviour, tuple[int, dict[str, str]]] = {
    Misbehaviour.FAILS: (500, {}),
    Misbehaviour.GONE: (410, {}),
    Misbehaviour.THROTTLES: (429, {"Retry-After": "30"}),
    Misbehaviour.REDIRECTS: (307, {"Location": "http://127.0.0.1:1/"}),
}


class Department:
    """What it knows: which messages it has seen, and which of them it has done. Safe for several threads."""

    def __init__(self, secret: str, ask: Ask, clock: Clock, misbehaviour: Misbehaviour = Misbehaviour.NONE) -> None:
        self.done: list[str] = []
        self.stopping = Event()
        self._secret, self._ask, self._clock, self._misbehaviour = secret, ask, clock, misbehaviour
        self._seen: set[str] = set()
        self._lock = Lock()
        self._waiting: Queue[dict[str, Any] | None] = Queue()

    def receive(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """Status and headers of the answer. What is to be done is put aside: an answer must not wait for it."""
        if self._misbehaviour in FIXED:
            return FIXED[self._misbehaviour]
        if self._misbehaviour is Misbehaviour.SLOW:
            self.stopping.wait(SLOW_SECONDS)
        try:
            id, said = self._believed(headers, body), json.loads(body)
        except (Unfit, ValueError):
            return 400, {}
        with self._lock:
            is_new = id not in self._seen
            self._seen.add(id)
        if is_new and self._misbehaviour is Misbehaviour.FAILS_FIRST:
            return 500, {}
        with self._lock:
            if id not in self.done or self._misbehaviour is Misbehaviour.FORGETFUL:
                self.done.append(id)
                self._waiting.put(said["data"])
        return 204, {}

    def _believed(self, headers: dict[str, str], body: bytes) -> str:
        if self._misbehaviour is Misbehaviour.CREDULOUS:
            return headers.get(signing.ID, "")
        return signing.verify(self._secret, headers, body, self._clock.now())

    def work(self) -> None:
        """Does what was put aside until `stop`."""
        while (event := self._waiting.get()) is not None:
            self.do(event)

    def do(self, event: dict[str, Any]) -> list[int]:
        """Acknowledges and answers what was handed over; the statuses of the API. Safe to repeat."""
        if event["kind"] != "assignment.delivered":
            return []
        place = f"/assignments/{event['record']['id']}"
        steps: list[tuple[str, dict[str, Any]]] = [("acknowledge", {}), ("answer", ANSWER)]
        return [
            self._ask(f"{place}/{verb}", {**body, "idempotency_key": f"{event['id']}-{verb}"}) for verb, body in steps
        ]

    def stop(self) -> None:
        self.stopping.set()
        self._waiting.put(None)


def serve(department: Department, host: str, port: int) -> ThreadingHTTPServer:
    """A server that listens already; whoever called runs and closes it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            body = self.rfile.read(int(length)) if length.isdecimal() and int(length) <= MOST_BYTES else b""
            received = {name.lower(): value for name, value in self.headers.items()}
            status, headers = department.receive(received, body)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """The commands' own lines are enough."""

    return ThreadingHTTPServer((host, port), Handler)


def follow(department: Department, read: Read, rest: float = REST_SECONDS) -> None:
    """Does what the feed tells, from its beginning on, until the department stops; every step is safe to repeat."""
    position = 0
    while not department.stopping.is_set():
        page = read(position)
        if page is None:
            department.stopping.wait(rest)
            continue
        for event in page["items"]:
            department.do(event)
        position = page["position"]


def mock_department(
    secret: Annotated[
        str, typer.Option("--secret", envvar="MOCK_SECRET", help="The webhook's secret, whsec_…; with --feed none.")
    ] = "",
    key: Annotated[
        str, typer.Option("--key", envvar="MOCK_KEY", help="The department's key; none only receives.")
    ] = "",
    url: Annotated[
        str, typer.Option("--url", envvar="MOCK_URL", help="Where the API is.")
    ] = "http://127.0.0.1:8000/api/v1",
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port to listen at.")] = 9900,
    misbehave: Annotated[
        Misbehaviour, typer.Option("--misbehave", help="Get this wrong on purpose.")
    ] = Misbehaviour.NONE,
    feed: Annotated[
        bool, typer.Option("--feed", help="Read the feed of events instead of taking webhooks; takes a key.")
    ] = False,
) -> None:
    """Play a department's system: hear of assignments, acknowledge and answer them, until it is interrupted."""
    if not (key if feed else secret):
        raise typer.BadParameter("is needed", param_hint="--key" if feed else "--secret")
    import httpx2

    with httpx2.Client(headers={"Authorization": f"Bearer {key}"}, timeout=30, trust_env=False) as client:
        department = Department(secret, _asking(client, url.rstrip("/"), key), SystemClock(), misbehave)
        if feed:
            follow(department, _reading(client, url.rstrip("/")))
            return
        server = serve(department, host, port)
        worker = Thread(target=department.work, name="answers")
        worker.start()
        say(f"listening at http://{host}:{server.server_address[1]}/")
        try:
            server.serve_forever()
        finally:
            department.stop()
            server.server_close()
            worker.join()


def _reading(client: "httpx2.Client", url: str) -> Read:
    import httpx2

    def read(after: int) -> dict[str, Any] | None:
        try:
            answer = client.get(f"{url}/events", params={"after": after, "wait": FEED_WAITS})
            answer.raise_for_status()
        except httpx2.HTTPError as error:
            complain(f"/events: {type(error).__name__}")
            return None
        page: dict[str, Any] = answer.json()
        return page

    return read


def _asking(client: "httpx2.Client", url: str, key: str) -> Ask:
    import httpx2

    def ask(path: str, body: dict[str, Any]) -> int:
        if not key:
            return 0
        try:
            status = client.post(url + path, json=body).status_code
        except httpx2.HTTPError as error:
            complain(f"{path}: {type(error).__name__}")
            return 0
        say(f"{path}: {status}")
        return int(status)

    return ask
