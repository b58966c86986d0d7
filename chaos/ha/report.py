"""What a drill found, in words; docs/scaling.md and docs/reliability.md lead to the page that it writes."""

import os
import platform
import subprocess
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chaos.ha.checking import Finding
from chaos.ha.drill import BACK_WITHIN, Outcome

PAGE = Path(__file__).parents[2] / "docs" / "reliability-ha.md"
PROGRAMS = ("patroni --version", "etcd --version", "haproxy -v", "pgbouncer --version", "psql --version")


@dataclass(frozen=True)
class Result:
    outcomes: list[Outcome]
    finding: Finding
    looks: int
    double: int
    threads: int
    left_out: list[str]

    @property
    def holds(self) -> bool:
        return self.finding.holds and not self.double and all(outcome.holds for outcome in self.outcomes)


def line(outcome: Outcome) -> str:
    said = [
        f"{outcome.fault} ({outcome.struck}): {outcome.gap:.1f} s without a receipt",
        f"whole after {outcome.whole_after:.0f} s",
        f"primary {outcome.primary_before} -> {outcome.primary_after}",
        f"timeline {outcome.timelines[0]} -> {outcome.timelines[1]}",
        f"rewinds {outcome.rewinds}",
        f"answers {_counts(outcome.answers)}",
        *outcome.notes,
        *(f"BROKEN: {words}" for words in outcome.against),
    ]
    return "; ".join(said)


def lines(result: Result) -> str:
    found = result.finding
    said = [line(outcome) for outcome in result.outcomes]
    said += [f"{h.name} ({h.role}): {h.stored} stored, lost {h.lost}, doubled {h.doubled}" for h in found.hosts]
    said.append(
        f"{found.acknowledged} receipts ({found.sent} requests: {_counts(found.answers)}); half-stored {found.half}, "
        f"refused {found.refused}; timelines {' '.join(found.timelines)}; looks that found two primaries: "
        f"{result.double} of {result.looks}"
    )
    said += [f"left out: {name}" for name in result.left_out]
    said.append("HELD" if result.holds else "DID NOT HOLD")
    return "\n".join(said)


def write(result: Result) -> None:
    """The page, whole: nothing in it is written by hand."""
    found = result.finding
    PAGE.write_text(
        TEMPLATE.format(
            date=f"{datetime.now(UTC):%Y-%m-%d}",
            machine=f"{os.cpu_count()} processors, Linux {platform.release()}, Python {platform.python_version()}",
            load=f"{os.getloadavg()[2]:.0f}",
            threads=result.threads,
            programs="; ".join(_version(program) for program in PROGRAMS),
            verdict=_verdict(result),
            slowest=f"{max(o.gap for o in result.outcomes):.1f}",
            within=f"{BACK_WITHIN:.0f}",
            rows="\n".join(_row(outcome) for outcome in result.outcomes),
            hosts="\n".join(f"| {h.name} ({h.role}) | {h.stored} | {h.lost} | {h.doubled} |" for h in found.hosts),
            looks=result.looks,
            double=result.double,
            sent=found.sent,
            acknowledged=found.acknowledged,
            answers=_counts(found.answers),
            half=found.half,
            refused=found.refused,
            timelines=", ".join(found.timelines),
        )
    )


def _verdict(result: Result) -> str:
    broken = [words for outcome in result.outcomes for words in outcome.against]
    late = [outcome.fault for outcome in result.outcomes if outcome.gap > BACK_WITHIN]
    said = ["Every promise held." if result.holds else "**Not every promise held.**"]
    if late:
        said.append(f"Intake was back later than {BACK_WITHIN:.0f} s in: {', '.join(late)}.")
    if result.left_out:
        said.append(f"Not tried this time, for want of minutes: {', '.join(result.left_out)}.")
    return " ".join([*said, *(f"{words}." for words in broken)])


def _row(o: Outcome) -> str:
    cells = (
        o.fault,
        f"{o.gap:.1f}",
        "yes" if o.holds else "**no**",
        f"{o.whole_after:.0f}",
        f"{o.primary_before} → {o.primary_after}",
        f"{o.timelines[0]} → {o.timelines[1]}",
        str(o.rewinds),
        _counts(o.answers),
        "; ".join(o.notes),
    )
    return f"| {' | '.join(cells)} |"


def _counts(answers: Counter[int]) -> str:
    return ", ".join(f"{status or 'none'}: {number}" for status, number in sorted(answers.items()))


def _version(program: str) -> str:
    said = subprocess.run(program.split(), capture_output=True, text=True, check=False).stdout
    return said.splitlines()[0].strip() if said else f"{program.split(maxsplit=1)[0]}: not there"


TEMPLATE = """# Several machines: the drill

For whoever decides how Yanlu is set up on more than one machine. Written by `make chaos-ha`; nothing here is written by
hand. {date}; {machine}; {programs}.

{verdict} The longest time without a receipt after any fault was {slowest} s; promised are at most {within} s. The
machine was shared by other work (load average {load} at the end), so that times say less than the rest.

Three database hosts (PostgreSQL under Patroni with `synchronous_mode` and `synchronous_mode_strict`, etcd), two
application hosts (the service, PgBouncer in transaction mode, HAProxy) and the clients: real processes in network
namespaces of one machine, set up from the files of `deploy/ha/`. {threads} clients at a time post unique texts to both
application hosts in turn, fsync every receipt, and send the same form again where no answer or a 5xx came. Power is
lost in silence: the cable is dead before the processes are killed. "Rewinds" counts servers that `pg_rewind` turned
back so that they could follow again.

| fault | longest time without a receipt, s | held | all whole again, s | primary | timeline | rewinds | answers | |
|---|---|---|---|---|---|---|---|---|
{rows}

Where both standbys' servers are killed, nothing may be acknowledged until one is back: its time counts from there. A
time contains what a crowded machine takes for a single form. Answers: 303 is a receipt, 5xx and none are sent again.

## Every receipt, on every host

{acknowledged} receipts for {sent} requests ({answers}). Asked at the end, of each host itself:

| host | submissions | receipts missing or altered | there twice |
|---|---|---|---|
{hosts}

| | |
|---|---|
| submissions without identity or audit entry | {half} |
| forms refused for good | {refused} |
| timelines of the three servers | {timelines} |
| looks at who is primary, and those that found two | {looks}, {double} |

More submissions than receipts are forms whose answer a client didn't get and hadn't sent again when the drill ended:
there is none such where the numbers are equal.

What this does not show: one machine's processors and disk stand for six, so that its times are those of a crowded
machine, not of a network; packets are lost whole (a cable that is out), not some of them; etcd's and Patroni's traffic
isn't encrypted here; nothing loses what its disk acknowledged (for that: the power-loss variant in `reliability.md`).
"""
