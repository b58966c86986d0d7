"""What a crash leaves behind: no file with the process's memory, where keys and people's words stand."""

import resource


def leave_none() -> None:
    """For this process and all that it starts; nobody below can raise the limit again.

    The kernel passes this limit over where it pipes cores to a program (`kernel.core_pattern` with `|`): that is the
    operator's to switch off. Source: core(5).
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
