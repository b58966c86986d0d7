"""What a crash leaves behind, and what others of the same account see of a process: no copy of its memory, where keys
and people's words stand.
"""

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4


def leave_none() -> None:
    """No core, neither as a file nor piped to a program; on Linux nobody else of the same account may read the
    process's memory or the variables that it was started with, keys among them.

    The limit holds for all that the process starts. What Linux keeps to itself doesn't outlive the start of another
    program: each process asks for it again. Source: core(5), proc(5), PR_SET_DUMPABLE(2const).
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
