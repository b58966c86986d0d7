"""`make security [ARGS="--only NAME"]`: every check, a line for each, and the results into docs/security.md.

Takes up to twenty minutes. Ends with 1 when a check has a finding or a scanner missed what was planted for it. Attacks
nothing but services that it starts itself on this machine's loopback.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from security import crawling, forgotten, history, injecting, instance, page, sources, versions
from security.instance import Target
from security.outcome import Outcome

QUIET: dict[str, Callable[[], Outcome]] = {
    "versions": versions.check,
    "bandit": sources.bandit,
    "semgrep": sources.semgrep,
    "history": history.check,
}
ATTACKS: dict[str, Callable[[Target, Target], Outcome]] = {
    "ffuf": forgotten.ffuf,
    "sqlmap": injecting.sqlmap,
    "wapiti": crawling.wapiti,
}


def outcomes(names: Sequence[str], seconds: int) -> Iterator[Outcome]:
    """In that order; wapiti's modules have as many seconds each."""
    for name in (name for name in QUIET if name in names):
        yield QUIET[name]()
    attacks = [name for name in ATTACKS if name in names]
    with ExitStack() as stack:
        if attacks:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            planted = stack.enter_context(instance.planted())
            service = stack.enter_context(instance.demonstration(folder))
        for name in attacks:
            attack = ATTACKS[name] if name != "wapiti" else partial(crawling.wapiti, seconds=seconds)
            yield attack(service, planted)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m security", description=__doc__)
    parser.add_argument("--only", action="append", choices=[*QUIET, *ATTACKS], help="this check alone; repeatable")
    parser.add_argument("--seconds", type=int, default=crawling.ATTACK_SECONDS, help="for each of wapiti's modules")
    parser.add_argument("--table", action="store_true", help="write the table of requirements and nothing else")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    page.write("requirements", page.table(page.requirements()))
    if asked.table:
        return 0
    told = []
    for outcome in outcomes(asked.only or [*QUIET, *ATTACKS], asked.seconds):
        print(outcome.line(), flush=True)  # noqa: T201 - a command's own answer
        told.append(outcome)
        page.write_results(told, datetime.now(UTC))
    return 0 if all(outcome.passed for outcome in told) else 1


if __name__ == "__main__":
    sys.exit(main())
