"""A service to be attacked: a demonstration with a store and a port of its own on loopback, gone after the block."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import httpx2
import lxml.html

from security.outcome import ROOT

READY_SECONDS = 300
PAUSE = 0.2


@dataclass(frozen=True)
class Target:
    """Where it answers; `slug` names its consultation, `cookie` (name=value) is the session of a signed-in lead.

    `others` are the sessions of the other roles.
    """

    url: str
    slug: str = ""
    cookie: str = ""
    others: Sequence[str] = ()


@contextmanager
def planted() -> Iterator[Target]:
    port = _free_port()
    words = [sys.executable, "-m", "uvicorn", "security.planted.app:app", "--port", str(port), "--log-level", "error"]
    with _running(words, {}, f"http://127.0.0.1:{port}/"):
        yield Target(f"http://127.0.0.1:{port}")


@contextmanager
def demonstration(folder: Path) -> Iterator[Target]:
    """Web side alone: nothing is sent to anybody. The captcha is asked as ever."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    given = {"YANLU_VAR_DIR": str(folder), "YANLU_ENVIRONMENT": "demonstration", "YANLU_PORT": str(port)}
    yanlu = str(Path(sys.executable).with_name("yanlu"))
    subprocess.run([yanlu, "demo", "--no-serve"], env=_environment(given), cwd=ROOT, check=True, capture_output=True)
    facts = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    with _running([yanlu, "serve"], given, f"{url}/readyz"):
        sessions = {one["role"]: _sign_in(url, one["username"], one["password"]) for one in facts["staff"]}
        yield Target(url, facts["slug"], sessions.pop("lead"), tuple(sessions.values()))


def _environment(given: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("YANLU_")} | given


@contextmanager
def _running(words: Sequence[str], given: dict[str, str], ready: str) -> Iterator[None]:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(words, env=_environment(given), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=said)
        try:
            if not _is_ready(ready, process):
                said.seek(max(0, said.seek(0, os.SEEK_END) - 2000))
                raise RuntimeError(f"{ready} did not answer: {said.read().decode(errors='replace')}")
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=30)
            process.kill()
            process.wait()


def _is_ready(url: str, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(URLError, OSError), urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
        time.sleep(PAUSE)
    return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _sign_in(url: str, username: str, password: str) -> str:
    with httpx2.Client(base_url=url) as browser:
        page = lxml.html.fromstring(browser.get("/staff/sign-in").text)
        sent = {field.get("name"): field.get("value", "") for field in page.xpath("//input[@type='hidden']")}
        browser.post("/staff/sign-in", data=sent | {"username": username, "password": password})
        (name, value) = next((name, value) for name, value in browser.cookies.items() if "session" in name)
        return f"{name}={value}"
