"""Sending many posts at once: by wrk where it is installed, else by a loader of our own, which takes more of the
processor for itself and so shows less of the service.
"""

import asyncio
import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.posting import FORM, Post, write_lines

CONNECTIONS = 32
THREADS = 2
SCRIPT, VIEWS = Path(__file__).with_name("post.lua"), Path(__file__).with_name("get.lua")
PATIENCE = 60
"""Seconds that a loader may take longer than it was told."""


@dataclass(frozen=True)
class Outcome:
    """`receipts` are the numbers that were answered; `refused` were answered otherwise, `broken` not at all.
    p50 and p99 in milliseconds, as the client sees them. `is_starved`: there were fewer posts than could have been
    sent in the time, so that the rate says nothing of the service."""

    receipts: list[str]
    refused: int
    first_refusal: str
    broken: int
    seconds: float
    p50: float
    p99: float
    is_starved: bool = False

    @property
    def accepted(self) -> int:
        return len(self.receipts)

    @property
    def rate(self) -> float:
        """Accepted per second."""
        return self.accepted / self.seconds if self.seconds else 0


def name() -> str:
    """Of the loader that `post` uses here."""
    return "wrk" if shutil.which("wrk") else "an asyncio loader"


def post(
    address: str,
    path: str,
    posts: Iterable[Post],
    seconds: int,
    place: Path,
    cookie: str = "",
    connections: int = CONNECTIONS,
) -> Outcome:
    """Sends them, each once, until there are none left or the time is over. `place` is a folder for its files."""
    for old in [*place.glob("posts.*"), *place.glob("receipts.*")]:
        old.unlink()
    dealt: list[list[Post]] = [[] for _ in range(THREADS)]
    for number, one in enumerate(posts):
        dealt[number % THREADS].append(one)
    every = [one for hand in dealt for one in hand]
    if shutil.which("wrk"):
        for thread, hand in enumerate(dealt):
            write_lines(place / f"posts.{thread}", iter(hand))
        found = _by_wrk(address, path, seconds, place, cookie, connections)
    else:
        found = asyncio.run(_own(address, path, every, seconds, cookie, connections))
    # Each connection may have had one more on its way when the time was over.
    answered = found.accepted + found.refused + found.broken
    return replace(found, is_starved=answered + connections >= len(every))


def get(address: str, path: str, seconds: int, headers: Mapping[str, str]) -> float:
    """Views per second of one page; wrk only. Raises RuntimeError when one of them wasn't answered by 200."""
    told = [part for pair in headers.items() for part in pair]
    size = ["-t", str(THREADS), "-c", str(CONNECTIONS), "-d", f"{seconds}s"]
    said = _run(["wrk", *size, "-s", str(VIEWS), address, "--", path, *told], seconds)
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{path}:\n{said}")
    return float(next(line.split()[1] for line in said.splitlines() if line.startswith("Requests/sec")))


def _by_wrk(address: str, path: str, seconds: int, place: Path, cookie: str, connections: int) -> Outcome:
    size = ["-t", str(THREADS), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s"]
    said = _run(["wrk", *size, "-s", str(SCRIPT), address, "--", str(place), path, cookie], seconds)
    found = json.loads(said.splitlines()[-1])
    receipts = list(_receipts(place))
    if len(receipts) != found.pop("accepted"):
        raise RuntimeError("the loader lost receipts")
    return Outcome(receipts=receipts, **found)


def _receipts(place: Path) -> Iterator[str]:
    for kept in sorted(place.glob("receipts.*")):
        yield from (line.rpartition("/")[2] for line in kept.read_text().splitlines())


def _run(command: list[str], seconds: int) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + PATIENCE)  # noqa: S603 - a command of ours
    return done.stdout


async def _own(address: str, path: str, posts: list[Post], seconds: int, cookie: str, connections: int) -> Outcome:
    host, _, port = address.removeprefix("http://").partition(":")
    waiting, begun = iter(posts), time.perf_counter()
    until = begun + seconds
    receipts: list[str] = []
    taken: list[float] = []
    refusals: list[str] = []
    broken = 0

    async def client() -> None:
        nonlocal broken
        reader, writer = await asyncio.open_connection(host, int(port))
        for one in waiting:
            if time.perf_counter() >= until:
                break
            sent = time.perf_counter()
            try:
                writer.write(_request(path, one, cookie))
                status, location = await asyncio.wait_for(_answer(reader), 10)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                broken += 1
                writer.close()
                reader, writer = await asyncio.open_connection(host, int(port))
                continue
            taken.append(1000 * (time.perf_counter() - sent))
            (receipts if status == "303" else refusals).append(location if status == "303" else status)
        writer.close()

    await asyncio.gather(*(client() for _ in range(connections)))
    spent = time.perf_counter() - begun
    marks = statistics.quantiles(taken, n=100) if len(taken) > 1 else [0.0] * 99
    first = refusals[0] if refusals else ""
    return Outcome(receipts, len(refusals), first, broken, spent, round(marks[49], 2), round(marks[98], 2))


def _request(path: str, one: Post, cookie: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {FORM}", f"Content-Length: {len(one.body)}"]
    lines += [f"X-Forwarded-For: {one.address}", *([f"Cookie: {cookie}"] if cookie else [])]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + one.body


async def _answer(reader: asyncio.StreamReader) -> tuple[str, str]:
    """Status and the last part of the Location."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    await reader.readexactly(int(fields.get("content-length", "0")))
    return head[0].split()[1], fields.get("location", "").rpartition("/")[2]
