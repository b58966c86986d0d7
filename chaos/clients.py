"""People who send comments while the service is troubled, and keep every receipt on the disk."""

import hashlib
import itertools
import os
import threading
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.posting import Post, Poster
from benchmarks.service import as_secrets, consultations

PATIENCE = 10
PAUSE = 0.05
AGAIN = (0, 429, 500, 502, 503, 504)
"""Answers after which the same form is sent again, as a browser's reload does; 0 is none at all."""


class Clients:
    """Threads that post unique texts to `port` until told to stop. A receipt counts once `record` is fsynced.

    `statuses` counts all answers, 0 what was never answered.
    `acknowledged` holds (receipt number, SHA-256 of the text); `unknown` the hashes that were sent and never answered.
    """

    def __init__(self, poster: Poster, path: str, record: Path) -> None:
        self._poster, self._path, self._record = poster, path, record.open("a")
        self._numbers, self._lock, self._stop = itertools.count(1), threading.Lock(), threading.Event()
        self._threads: list[threading.Thread] = []
        self.port = 0
        self.acknowledged: list[tuple[str, str]] = []
        self.unknown: list[str] = []
        self.refused: list[int] = []
        self.statuses: Counter[int] = Counter()
        self._last = time.monotonic()
        self._longest = 0.0

    def longest_pause(self) -> float:
        """Seconds that all of them together went without a receipt, since this was asked last."""
        with self._lock:
            found, self._longest = self._longest, 0.0
            return found

    def pause_until_next(self, patience: float) -> float:
        """As `longest_pause`, once somebody has got another receipt. Raises TimeoutError after so many seconds."""
        known, until = len(self.acknowledged), time.monotonic() + patience
        while len(self.acknowledged) == known:
            if time.monotonic() > until:
                raise TimeoutError(f"no receipt within {patience} s: {dict(self.statuses)}")
            self._stop.wait(PAUSE)
        return self.longest_pause()

    def start(self, number: int) -> None:
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(number)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._record.close()

    def _work(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                number = next(self._numbers)
            self._send(self._poster.post(number))

    def _send(self, post: Post) -> None:
        sha256 = hashlib.sha256(post.text.encode()).hexdigest()
        while not self._stop.is_set():
            status, receipt = self._post(post)
            with self._lock:
                self.statuses[status] += 1
            if status == 303:
                self._keep(receipt, sha256)
                return
            if status not in AGAIN:
                self.refused.append(status)
                return
            self._stop.wait(PAUSE)
        self.unknown.append(sha256)

    def _post(self, post: Post) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("POST", self._path, body=post.body, headers=dict(post.headers))
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return 0, ""
        finally:
            connection.close()
        return answer.status, (answer.getheader("Location") or "").rpartition("/")[2].partition("?")[0]

    def _keep(self, receipt: str, sha256: str) -> None:
        with self._lock:
            self._record.write(f"{receipt} {sha256}\n")
            self._record.flush()
            os.fsync(self._record.fileno())
            self.acknowledged.append((receipt, sha256))
            self._longest = max(self._longest, time.monotonic() - self._last)
            self._last = time.monotonic()


def clients_of(url: str, keys: dict[str, str], place: Path) -> Clients:
    """For the store's consultation of instant display; their record lies in `place`."""
    target, _ = consultations(url)
    return Clients(Poster(as_secrets(keys), target), target.path, place / "receipts")
