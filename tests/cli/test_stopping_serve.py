"""SIGTERM: what was taken is stored and answered before the process ends."""

import http.client
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from benchmarks.posting import Post, Poster
from benchmarks.service import Kind, Service, count, serving, store

PATIENCE = 60


def sent(service: Service, post: Post) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)) as connection:
        connection.request("POST", service.target.path, post.body, dict(post.headers))
        return connection.getresponse().status


def judged(service: Service) -> int:
    """Forms that have arrived and are on their way into the store."""
    with closing(http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
    return sum(int(float(line.split()[-1])) for line in lines if line.startswith("yanlu_captcha_total"))


def test_what_waits_for_the_store_is_stored_and_answered_and_then_the_process_ends() -> None:
    with store(Kind.SQLITE) as url, serving(url) as service:
        poster = Poster(service.secrets, service.target)
        with ThreadPoolExecutor(3) as clients, closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other:
            other.execute("BEGIN IMMEDIATE")
            answers = [clients.submit(sent, service, post) for post in poster.posts(0, 3)]
            until = time.monotonic() + PATIENCE
            while judged(service) < 3:
                assert time.monotonic() < until
            service.process.send_signal(signal.SIGTERM)
            other.rollback()
            assert [answer.result(PATIENCE) for answer in answers] == [303] * 3
        assert service.process.wait(PATIENCE) == 0
        assert count(url) == 3
