"""Every line that was ever added to the repository, searched for keys, tokens and passwords: deleting one later doesn't
take it back.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from security.accepting import Finding, sift
from security.outcome import ROOT, Outcome, run
from security.sources import accepted

SECONDS = 300
LOG = ("git", "log", "-p", "--all", "-U0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames")
OWN_KEYS = "SECRET_KEY|DATA_KEYS|INDEX_KEY|SIGNATURE_KEY|ARCHIVE_KEY|FILES_SECRET_KEY"
KINDS = {
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "token of a provider": re.compile(
        r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20}|xox[abprs]-[\w-]{10,}|AIza[\w-]{35})"
    ),
    "signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}"),
    "key of an installation": re.compile(rf"YANLU_(?:{OWN_KEYS})\W{{1,4}}[^\s'\"<>{{}}$()]{{32,}}"),
    "32 bytes in base64": re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])"),
    "password in an address": re.compile(r"[a-z]+://[^:/\s'\"{}<>]+:[^@/\s'\"{}<>]{6,}@[\w.-]+"),
}
PLANTED = {
    "private key": f"-----BEGIN {'OPENSSH'} PRIVATE KEY-----",
    "token of a provider": "AKIA" + "A1" * 8,
    "signed token": ".".join(("eyJ" + "a" * 12, "eyJ" + "b" * 12, "c" * 24)),
    "key of an installation": "YANLU_" + "SECRET_KEY=" + "s3" * 16,
    "32 bytes in base64": "k: " + "A" * 43 + "=",
    "password in an address": "https://" + "me:" + "secret-word" + "@example.com",
}


def check() -> Outcome:
    """Passed without findings but accepted ones, and where each kind that is planted in a history is seen there."""
    version = run(["git", "--version"], SECONDS).out.split()[-1]
    if run(["git", "rev-parse", "--is-shallow-repository"], SECONDS).out.strip() != "false":
        return Outcome("history", version, "nothing", "none", ["a whole clone is needed to look at"])
    found = {Finding(one.rule, one.path, 0) for one in findings(ROOT)}
    problems, kept = sift(sorted(found), accepted("history"))
    with tempfile.TemporaryDirectory() as folder:
        plant(Path(folder))
        seen = {one.rule for one in findings(Path(folder))}
    problems += [f"planted and not seen: {kind}" for kind in sorted(PLANTED.keys() - seen)]
    commits = run(["git", "rev-list", "--all", "--count"], SECONDS).out.strip()
    return Outcome(
        "history", version, f"{commits} commits", f"{len(PLANTED)} planted, {len(seen)} seen", problems, kept
    )


def findings(folder: Path) -> Iterator[Finding]:
    """In the repository there; the file's place is the one that it had then."""
    path = ""
    for line in run(LOG, SECONDS, folder).out.split("\n"):
        if line.startswith("+++ "):
            path = line.removeprefix("+++ ").removeprefix("b/")
        elif line.startswith("+"):
            yield from (Finding(kind, path, 0) for kind, sought in KINDS.items() if sought.search(line))


def plant(folder: Path) -> None:
    """A repository in which each of PLANTED was added, and all of them taken away again."""
    git = ("git", "-c", "user.name=nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false")
    run([*git, "init", "-q"], SECONDS, folder)
    kept = folder / "kept.txt"
    for words in ("\n".join(PLANTED.values()), "nothing"):
        kept.write_text(words, encoding="utf-8")
        run([*git, "add", "kept.txt"], SECONDS, folder)
        run([*git, "commit", "-q", "-m", "Keep"], SECONDS, folder)
