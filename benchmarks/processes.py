"""What processes have used, as /proc tells it (proc(5)); Linux only."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
UTIME = 11
"""Where utime stands among the fields after the command's name; stime, cutime and cstime follow it."""


def tree(root: int) -> list[int]:
    """The process and all that descend from it now."""
    found = [root]
    for pid in found:
        for listed in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                found += [int(child) for child in listed.read_text().split()]
            except OSError:  # it has just ended
                continue
    return found


def cpu_seconds(root: int) -> float:
    """Of the process and all its descendants, those that have ended included: their parents waited for them."""
    return sum(_ticks(pid) for pid in tree(root)) / TICKS


def resident_mib(root: int) -> float:
    """The largest resident set of one of the tree's processes now."""
    return max(_resident(pid) for pid in tree(root))


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[UTIME : UTIME + 4]))


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
