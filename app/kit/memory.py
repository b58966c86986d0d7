"""How a process holds its memory: in one place for all its threads."""

import ctypes

M_ARENA_MAX = -8


def share_one_arena() -> None:
    """All threads take from one heap, and what one gives back serves the others.

    Else glibc gives each thread that comes at a busy moment a heap of its own for good. One interpreter runs one
    thread at a time, so that they seldom wait for each other. Where the C library is another one, nothing is done.
    Source: mallopt(3).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
