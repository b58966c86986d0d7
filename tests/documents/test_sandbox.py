"""A file is read in another process, and nothing that happens there happens here."""

import json
import os
import select
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents import sandbox
from app.documents.formats import refusals
from app.documents.formats.confinement import CrashedError, Limits, TimeIsUpError, run_confined
from app.documents.formats.limits import Kind
from app.documents.formats.refusals import UnreadableFileError
from app.documents.sandbox import answer, read_apart, read_outside
from tests.documents.formats.making import locked_pdf, pdf, scanned_pdf, word

LIMITS = Limits(seconds=20, megabytes=512)
SENTENCE = "一、建好街角花园。（责任单位：省林草局）"


def python(program: str, limits: Limits = LIMITS) -> str:
    return read_apart([sys.executable, "-c", program], b"content", limits)


def refusal(program: str, limits: Limits = LIMITS) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        python(program, limits)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SENTENCE.encode("gb18030"), "a.txt"),
        (f"# {SENTENCE}".encode(), "a.md"),
        (f"<p>{SENTENCE}</p><script>x</script>".encode(), "a.html"),
        (word([SENTENCE]), "a.docx"),
        (pdf([[SENTENCE]]), "a.pdf"),
    ],
    ids=["txt", "md", "html", "docx", "pdf"],
)
def test_every_format_is_read_there(content: bytes, name: str) -> None:
    assert read_outside(content, name) == SENTENCE


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (locked_pdf(), "a.pdf", refusals.ENCRYPTED),
        (scanned_pdf(2), "a.pdf", refusals.SCANNED),
        (word([]), "a.docx", refusals.NO_TEXT),
        (b"\x89PNG", "a.docx", refusals.PICTURE),
        (b"\x00\x01\x02\x03", "a.txt", "The file is not a text."),
    ],
)
def test_the_reason_of_a_refusal_comes_back(content: bytes, name: str, message: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read_outside(content, name)
    assert str(refused.value) == message


def test_a_parser_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    started = tmp_path / "started"
    hangs = (
        "import subprocess, time\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(started)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)"
    )
    assert refusal(hangs, Limits(seconds=2, megabytes=512)) == refusals.TOOK_TOO_LONG
    assert has_ended(int(started.read_text()))


def test_what_a_parser_leaves_running_is_ended_too() -> None:
    leaves = "import subprocess; print('{\"text\": \"%s\"}' % subprocess.Popen(['sleep', '600']).pid)"
    assert has_ended(int(python(leaves)))


def has_ended(pid: int) -> bool:
    """Whether the process ends within moments, reaped or not."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 10)[0])
    finally:
        os.close(descriptor)


def test_a_parser_that_never_waits_is_ended_by_its_cpu_time() -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\n"
    assert refusal(limit + "while True: pass") == refusals.TOOK_TOO_LONG


def test_memory_is_bounded() -> None:
    eats = 'try:\n    bytearray(900 * 1024 * 1024)\nexcept MemoryError:\n    print(\'{"refused": "no memory"}\')'
    assert refusal(eats) == "no memory"


@pytest.mark.parametrize(
    "program",
    [
        f"import os; os.kill(os.getpid(), {signal.SIGSEGV})",
        "raise SystemExit(3)",
        "print('no JSON')",
        "print('[1]')",
        "print('{\"text\": 1}')",
        r"""print('{"refused": "two\\nlines"}')""",
        "print('{\"refused\": \"' + 'x' * 1000 + '\"}')",
        "print('[' * 100000)",
        "open('large', 'wb').write(b'x' * 70_000_000)",
        "print('x' * 70_000_000)",
    ],
)
def test_a_parser_that_crashes_or_babbles_is_a_damaged_file(program: str) -> None:
    assert refusal(program) == refusals.DAMAGED


def test_nothing_of_this_process_is_known_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SERVICE", "s")
    told = "import json, os; print(json.dumps({'text': json.dumps([sorted(os.environ), os.getcwd(), os.listdir()])}))"
    names, folder, files = json.loads(python(told))
    assert set(names) <= {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "HOME", "TMPDIR", "PYTHONPATH", "PYTHONUTF8"}
    assert set(files) == {".stdin", ".stdout"}
    assert not Path(folder).exists()


def test_it_leads_a_session_of_its_own_and_leaves_no_core() -> None:
    told = 'import os, resource; print(\'{"text": "%s %s"}\' % (os.getsid(0) == os.getpid(), resource.getrlimit(4)[1]))'
    assert python(told) == "True 0"


def test_a_network_is_out_of_reach_where_the_system_can_take_it_away() -> None:
    """A listener of the same process is reached only where the process was left in a network."""
    told = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from app.documents.formats.confinement import leave_network\n"
        "import socket\n"
        "left = leave_network()\n"
        "listener = socket.socket(); listener.bind(('0.0.0.0', 0)); listener.listen()\n"
        "try:\n"
        "    socket.create_connection(('127.0.0.1', listener.getsockname()[1]), timeout=5)\n"
        "    reached = True\n"
        "except OSError:\n"
        "    reached = False\n"
        'print(\'{"text": "%s"}\' % (left != reached))'
    )
    program = [sys.executable, "-c", told, str(Path(sandbox.__file__).parents[2])]
    assert read_apart(program, b"", LIMITS) == "True"


def test_the_content_is_given_whole_and_what_is_printed_comes_back(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    assert run_confined(["cat"], tmp_path, LIMITS, content=content) == content


def test_the_ways_of_failing_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(CrashedError):
        run_confined(["false"], tmp_path, LIMITS)
    with pytest.raises(CrashedError):
        run_confined(["no-such-program"], tmp_path, LIMITS)
    with pytest.raises(TimeIsUpError):
        run_confined(["sleep", "60"], tmp_path, Limits(seconds=1, megabytes=512))


@pytest.mark.parametrize(
    ("error", "message"),
    [(MemoryError, refusals.TOO_MUCH_MEMORY), (KeyError, refusals.DAMAGED), (RecursionError, refusals.DAMAGED)],
)
def test_an_error_of_a_parser_is_a_refusal(
    error: type[BaseException], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: bytes) -> str:
        raise error

    monkeypatch.setattr("app.documents.formats.word.read_docx", fails)
    assert answer(b"", Kind.WORD) == {"refused": message}


SAMPLES = {"a.docx": word([SENTENCE]), "a.pdf": pdf([[SENTENCE]])}


@given(st.sampled_from(sorted(SAMPLES)), st.floats(0, 1), st.integers(0, 255), st.booleans())
@settings(max_examples=8)
def test_whatever_is_sent_is_read_or_refused(name: str, where: float, byte: int, cut: bool) -> None:
    sample = SAMPLES[name]
    at = int(where * (len(sample) - 1))
    content = sample[:at] if cut else sample[:at] + bytes([byte]) + sample[at + 1 :]
    try:
        told = read_outside(content, name)
    except UnreadableFileError as refused:
        told = str(refused)
    assert told.strip()
