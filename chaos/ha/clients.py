"""People who send comments all the time, and what they were promised."""

import hashlib
import itertools
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.posting import Post, Poster, Target
from chaos.ha.machines import Machine, inside

NAME = "yijian.example.cn"
"""The service's name, whichever host a client reaches it on."""
PATIENCE = 10
"""Seconds that a client waits for an answer before it sends the same form again."""
PAUSE = 0.1
AGAIN = (0, 429, 500, 502, 503, 504)
"""Answers after which the same form is sent again; 0 is none at all."""


@dataclass(frozen=True)
class Acknowledged:
    """A receipt that a client holds: its number, the SHA-256 of the text, and when it came (monotonic seconds)."""

    receipt: str
    sha256: str
    at: float
    tries: int


class Clients:
    """Threads of one machine that post unique texts to the application hosts in turn until told to stop.

    A receipt is written to `record` and fsynced before it counts; `refused` holds answers that no repetition mends.
    """

    def __init__(
        self, machine: Machine, hosts: Sequence[tuple[str, int]], target: Target, poster: Poster, record: Path
    ) -> None:
        self._machine, self._hosts, self._path, self._poster = machine, hosts, target.path, poster
        self._numbers = itertools.count(1)
        self._record = record.open("a")
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.acknowledged: list[Acknowledged] = []
        self.refused: list[int] = []
        self.statuses: Counter[int] = Counter()
        self.sent = 0

    def start(self, number: int) -> None:
        for place in range(number):
            thread = threading.Thread(target=self._work, args=(place,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Each finishes the form that it has begun: every one of them was answered in the end."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._record.close()

    def _work(self, turn: int) -> None:
        while not self._stop.is_set():
            with self._lock:
                number = next(self._numbers)
            self._send(self._poster.post(number), turn)
            turn += 1
            self._stop.wait(PAUSE)

    def _send(self, post: Post, turn: int) -> None:
        for tries in itertools.count(1):
            host, port = self._hosts[(turn + tries) % len(self._hosts)]
            with self._lock:
                self.sent += 1
            status, place = self._post(host, port, post)
            with self._lock:
                self.statuses[status] += 1
            if status == 303:
                self._keep(post, place.rpartition("/")[2].partition("?")[0], tries)
                return
            if status not in AGAIN:
                self.refused.append(status)
                return
            time.sleep(PAUSE)

    def since(self, began: float) -> list[Acknowledged]:
        with self._lock:
            return [got for got in self.acknowledged if got.at >= began]

    def answers(self) -> Counter[int]:
        """By status, so far; 0 is no answer at all."""
        with self._lock:
            return Counter(self.statuses)

    def _post(self, host: str, port: int, post: Post) -> tuple[int, str]:
        try:
            with inside(self._machine):
                connection = HTTPConnection(host, port, timeout=PATIENCE)
                connection.connect()
            headers = {**post.headers, "Host": NAME, "Origin": f"http://{NAME}"}
            connection.request("POST", self._path, body=post.body, headers=headers)
            answer = connection.getresponse()
            answer.read()
            connection.close()
        except (OSError, HTTPException):
            return 0, ""
        return answer.status, answer.getheader("Location") or ""

    def _keep(self, post: Post, receipt: str, tries: int) -> None:
        got = Acknowledged(receipt, hashlib.sha256(post.text.encode()).hexdigest(), time.monotonic(), tries)
        with self._lock:
            self._record.write(json.dumps(asdict(got)) + "\n")
            self._record.flush()
            os.fsync(self._record.fileno())
            self.acknowledged.append(got)
