"""Asking a scanner: what it says, and every way in which it says nothing."""

import socket
from pathlib import Path

import pytest

from app.kit.clamd import PIECE, Clamd, ScannerGone
from tests.support.files import EICAR, clamd


def test_a_clean_content_of_several_pieces() -> None:
    content = bytes(range(256)) * (2 * PIECE // 256) + b"end"
    with clamd() as fake:
        assert Clamd(fake.address).find(content) is None
        assert fake.contents == [content]


def test_what_is_found_is_named() -> None:
    with clamd() as fake:
        assert Clamd(fake.address).find(b"a letter with " + EICAR) == "Eicar-Test-Signature"


def test_an_empty_content_is_clean() -> None:
    with clamd() as fake:
        assert Clamd(fake.address).find(b"") is None


def test_a_unix_socket(tmp_path: Path) -> None:
    with clamd(unix_path=str(tmp_path / "clamd.ctl")) as fake:
        assert Clamd(fake.address).find(EICAR) == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR", b"stream: ERROR", b"OK", b"x" * 10_000, b"\xff\xfe"]
)
def test_an_answer_that_is_no_verdict_is_none(answer: bytes) -> None:
    with clamd(answer) as fake, pytest.raises(ScannerGone):
        Clamd(fake.address).find(b"content")


def test_a_name_is_bounded() -> None:
    with clamd(b"stream: " + b"n" * 1000 + b" FOUND") as fake:
        assert Clamd(fake.address).find(b"content") == "n" * 200


def test_a_scanner_that_never_answers_is_given_up() -> None:
    with clamd(None) as fake, pytest.raises(ScannerGone):
        Clamd(fake.address, seconds=0.2).find(b"content")


def test_a_scanner_that_is_not_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for address in (f"tcp://127.0.0.1:{port}", f"unix://{tmp_path}/nobody"):
        with pytest.raises(ScannerGone):
            Clamd(address).find(b"content")
