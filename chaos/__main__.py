"""`python -m chaos [--quick] [--only WORDS] [--seed N] [--write]`: exits with 1 where a promise did not hold, or where
the control of the power loss did not fail."""

import argparse
import sys
from collections.abc import Iterator

from benchmarks.service import Kind
from chaos import losing_power, report, running
from chaos.faults import FAULTS
from chaos.report import Result


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m chaos")
    asked.add_argument("--quick", action="store_true", help="a smoke run: SQLite, one fault and the power loss")
    asked.add_argument("--only", default="", help="faults whose name holds these words; writes no page")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--write", action="store_true", help="write docs/reliability.md, unless quick")
    options = asked.parse_args()
    rounds, seconds = (1, 2.0) if options.quick else (2, 4.0)
    results = list(_troubles(options.only, options.quick, options.seed, rounds, seconds))
    lost, controls = _power(options.only, options.quick, options.seed, seconds)
    results += lost
    held = (
        bool(results)
        and all(result.holds for result in results)
        and all(one.acknowledged and not one.finding.holds for one in controls)
    )
    if options.write and not options.quick and not options.only:
        report.write(results, controls, options.seed, held=held)
    print("HELD" if held else "DID NOT HOLD")
    return 0 if held else 1


def _troubles(only: str, quick: bool, seed: int, rounds: int, seconds: float) -> Iterator[Result]:
    faults = [fault for fault in FAULTS[: 1 if quick else None] if only in fault.name]
    for kind in [Kind.SQLITE] if quick else Kind:
        for fault in [fault for fault in faults if kind in fault.kinds]:
            yield _told(running.trouble(fault, kind, seed, rounds, seconds))


def _power(only: str, quick: bool, seed: int, seconds: float) -> tuple[list[Result], list[Result]]:
    """Those that must hold and the controls that must not."""
    stores = (losing_power.sqlite,) if quick else (losing_power.sqlite, losing_power.postgresql)
    if only not in "power lost":
        return [], []
    lost = [_told(lose(seed, seconds)) for lose in stores]
    return lost, [_told(lose(seed, seconds, syncs=False)) for lose in stores]


def _told(result: Result) -> Result:
    print(report.line(result), flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
