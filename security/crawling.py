"""wapiti over the pages of the service, as nobody and as a signed-in lead, and over the planted holes."""

import json
import re
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from security.accepting import Finding, sift
from security.addresses import asked
from security.instance import Target
from security.outcome import TOOLS, Outcome, run
from security.sources import accepted

MODULES = ("cookieflags", "csp", "csrf", "http_headers", "crlf", "exec", "file", "redirect", "sql", "xss")
"""Those that need nothing of the network. The first four look, the others attack."""
PLANTED = {
    "xss": "Reflected Cross Site Scripting",
    "redirect": "Open Redirect",
    "csp": "Content Security Policy Configuration",
    "sql": "SQL Injection",
}
CRAWL_SECONDS, ATTACK_SECONDS, GRACE_SECONDS = 45, 30, 60
"""For looking around and, unless told otherwise, for one module; wapiti has no limit for all of them."""
CHOICES = ("lang", "size", "care", "look", "keys")
"""On every page: with them each page would be attacked a dozen times over."""
DEPTH, LINKS = "2", "15"
FOUND = re.compile(r"Wapiti found (\d+) URLs")
STOPPED = re.compile(r"Max attack time was reached for module (\w+)")


@dataclass(frozen=True)
class Scan:
    findings: Sequence[Finding]
    addresses: int
    stopped: frozenset[str]
    """Modules that had not come to the end in their time."""


def wapiti(service: Target, planted: Target, seconds: int = ATTACK_SECONDS) -> Outcome:
    """Passed without findings but accepted ones; says how many addresses it knew and which modules ran out of time.

    Each module has as many seconds, as nobody and again as a lead.
    """
    seen = {finding.rule for finding in _scan(planted, ["/"], tuple(PLANTED), seconds).findings}
    pages = [one for one in asked(service)[0] if "*" not in one.path and not one.body]
    public = ["/", f"/consultations/{service.slug}", f"/consultations/{service.slug}/comment"]
    public += [one.path for one in pages if not one.path.startswith(("/staff", "/office"))]
    staff = ["/staff/queue", *(one.path for one in pages if one.cookie == service.cookie)]
    everybody = Target(service.url, service.slug)
    with ThreadPoolExecutor(2) as pool:
        scans = list(pool.map(partial(_scan, modules=MODULES, seconds=seconds), (everybody, service), (public, staff)))
    problems, kept = sift(sorted({found for scan in scans for found in scan.findings}), accepted("wapiti"))
    problems += [f"planted and not seen: {kind}" for kind in sorted(set(PLANTED.values()) - seen)]
    problems += [f"found no page of {who}" for who, scan in zip(WHO, scans, strict=True) if not scan.addresses]
    told = "; ".join(f"{who}: {_told(scan)}" for who, scan in zip(WHO, scans, strict=True))
    looked_at = f"{told}; modules {', '.join(MODULES)}, {seconds} s each"
    control = f"{len(PLANTED)} planted, {len(seen & set(PLANTED.values()))} seen"
    return Outcome("wapiti", _version(), looked_at, control, problems, kept)


WHO = ("public pages", "a lead's pages")


def _told(scan: Scan) -> str:
    cut = f" (time ran out for {', '.join(sorted(scan.stopped))})" if scan.stopped else ""
    return f"{scan.addresses} addresses and forms{cut}"


def _version() -> str:
    """As installed: `wapiti --version` waits for an answer from elsewhere."""
    words = "from importlib.metadata import version; print(version('wapiti3'))"
    return run([TOOLS / "python", "-c", words], 60).out.strip()


def _scan(target: Target, starts: Sequence[str], modules: Sequence[str], seconds: int) -> Scan:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        words = ["-u", f"{target.url}/", "--scope", "folder", "-m", ",".join(modules), "--flush-session"]
        words += ["--store-session", folder, "-f", "json", "-o", str(report), "--no-bugreport", "-v", "1"]
        words += [word for start in starts for word in ("-s", target.url + start)]
        words += [word for name in CHOICES for word in ("-r", name)]
        words += ["-x", f"{target.url}/staff/sign-out*", "-d", DEPTH, "--max-links-per-page", LINKS]
        words += ["--max-scan-time", str(CRAWL_SECONDS), "--max-attack-time", str(seconds)]
        words += ["-C", target.cookie] if target.cookie else []
        said = run([TOOLS / "wapiti", *words], CRAWL_SECONDS + len(modules) * seconds + GRACE_SECONDS)
        if not report.is_file():
            return Scan([Finding("wapiti", target.url, 0, said.out[-300:])], 0, frozenset())
        told = json.loads(report.read_text(encoding="utf-8"))["vulnerabilities"]
    findings = {Finding(kind, one["path"], 0, str(one["info"])[:120]) for kind in told for one in told[kind]}
    number = FOUND.search(said.out)
    return Scan(sorted(findings), int(number[1]) if number else 0, frozenset(STOPPED.findall(said.out)))
