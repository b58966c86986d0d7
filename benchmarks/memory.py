"""How much memory a worker takes while its store stands still and comments keep arriving.

Somebody else holds SQLite's write lock while 10,000 posts are sent over 800 connections: what the service doesn't
refuse, it has to hold. Told from outside, so that it counts everything that a worker holds, whatever it holds it in.
"""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks import loading, processes
from benchmarks.posting import Poster
from benchmarks.service import Kind, serving, store

POSTS, CONNECTIONS = 10_000, 800
SECONDS = 15
LOOK = 0.2


@dataclass(frozen=True)
class Held:
    """MiB of the worker before and at most, and how the posts were answered while the store stood still."""

    before_mib: float
    peak_mib: float
    accepted: int
    refused: int
    unanswered: int


def measure(room: Path, posts: int = POSTS, seconds: int = SECONDS) -> Held:
    with store(Kind.SQLITE) as url, serving(url) as service:
        poster, pid = Poster(service.secrets, service.target), service.process.pid
        loading.post(service.address, service.target.path, poster.posts(0, 200), 2, room)
        before = peak = processes.resident_mib(pid)
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            sent = poster.posts(1000, posts)
            with ThreadPoolExecutor(1) as other:
                load = other.submit(
                    loading.post, service.address, service.target.path, sent, seconds, room, "", CONNECTIONS
                )
                while not load.done():
                    peak = max(peak, processes.resident_mib(pid))
                    time.sleep(LOOK)
            lock.execute("ROLLBACK")
        found = load.result()
        return Held(before, peak, found.accepted, found.refused, posts - found.accepted - found.refused)
