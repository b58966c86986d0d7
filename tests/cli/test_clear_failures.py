"""What goes wrong is said in one line on standard error that names the mend; nothing else is printed."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import main
from app.cli.words import WORDS
from tests.cli.conftest import Yanlu

USAGE, REFUSED = 2, 1
LONG = "x" * 32


@pytest.fixture
def taken_port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("YANLU_PORT", str(port))
        yield port


def assert_fails(yanlu: Yanlu, arguments: list[str], code: int, said: str) -> None:
    outcome = yanlu(*arguments)
    assert said in outcome.err
    assert outcome.err.startswith("yanlu: ")
    assert outcome.err.count("\n") == 1
    assert outcome.out == ""
    assert outcome.code == code


@pytest.mark.parametrize(
    ("variables", "arguments", "said"),
    [
        ({"YANLU_COLOUR": "red"}, ["staff", "list"], "unknown setting YANLU_COLOUR"),
        ({"YANLU_PORT": "http"}, ["serve"], "YANLU_PORT"),
        ({"YANLU_SIDES": "private"}, ["serve"], "YANLU_SIDES"),
        ({}, ["serve"], "YANLU_SECRET_KEY is missing"),
        ({}, ["worker"], "YANLU_SECRET_KEY is missing"),
        ({"YANLU_SECRET_KEY": f"demonstration-{LONG}"}, ["serve"], "YANLU_SECRET_KEY is a demonstration secret"),
        ({"YANLU_CAPTCHA": "off"}, ["serve"], "only with YANLU_ENVIRONMENT=test"),
        ({"YANLU_CAPTCHA": "off", "YANLU_ENVIRONMENT": "demonstration"}, ["demo"], "only with YANLU_ENVIRONMENT=test"),
        ({"YANLU_ENVIRONMENT": "production"}, ["demo", "--no-serve"], "refused with YANLU_ENVIRONMENT=production"),
        ({"YANLU_DATABASE_URL": "mysql://x"}, ["migrate"], "YANLU_DATABASE_URL must be"),
        ({"YANLU_DATABASE_URL": "postgresql+psycopg://a:b@c:port/d"}, ["migrate"], "YANLU_DATABASE_URL"),
        ({}, ["staff", "list"], "run: yanlu migrate"),
        ({}, ["serve", "--side", "private"], "private is not one of all, public, staff, api"),
        ({}, ["serve", "--port", "0"], "--port"),
        ({}, ["nonsense"], "No such command 'nonsense'"),
        ({}, ["staff", "add"], "Missing argument"),
        ({}, ["staff", "add", "li", "--role", "king"], "king"),
        ({}, ["consultations", "import", "PAGE", "--closes", "soon"], "soon is not a date or time"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_settings_and_wrong_usage(
    yanlu: Yanlu,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    variables: dict[str, str],
    arguments: list[str],
    said: str,
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("一", encoding="utf-8")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert_fails(yanlu, [str(page) if word == "PAGE" else word for word in arguments], USAGE, said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["migrate", "--to", "nowhere"], "nowhere"),
        (["staff", "disable", "nobody"], "no member of staff called nobody"),
        (["staff", "reset", "nobody"], "no member of staff called nobody"),
        (["clients", "add", "x", "--department", "月球管理局"], "no department 月球管理局"),
        (["clients", "add", "x", "--department", "各市政府"], "no department by itself"),
        (["clients", "add", "x", "--department", "省扶贫办"], "省扶贫办 has ended and 辽宁省农业农村厅 took its place"),
        (["clients", "add", "x", "--department", "poverty-alleviation"], "辽宁省扶贫开发领导小组办公室 has ended"),
        (["clients", "rotate", "nobody"], "no API client called nobody"),
        (["clients", "revoke", "nobody"], "no API client called nobody"),
        (["consultations", "open", "none"], "no consultation none"),
        (["consultations", "close", "none", "--reason", "x"], "no consultation none"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_refusal_names_what_was_asked_for(yanlu: Yanlu, arguments: list[str], said: str) -> None:
    assert yanlu("migrate").code == 0
    assert yanlu("departments", "seed").code == 0
    assert_fails(yanlu, arguments, REFUSED, said)


@pytest.mark.parametrize("command", [["documents", "extract"], ["consultations", "import"], ["demo", "--page"]])
def test_a_file_that_is_missing_empty_or_no_text(yanlu: Yanlu, tmp_path: Path, command: list[str]) -> None:
    empty, picture = tmp_path / "empty.txt", tmp_path / "picture.txt"
    empty.touch()
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert_fails(yanlu, [*command, str(tmp_path / "missing.txt")], REFUSED, "missing.txt: No such file")
    assert_fails(yanlu, [*command, str(empty)], REFUSED, "The file is empty")
    assert_fails(yanlu, [*command, str(picture)], REFUSED, "This is a picture")
    assert_fails(yanlu, [*command, str(tmp_path)], REFUSED, "This is not a file that can be read")


def test_a_taken_port_is_told_before_anything_is_made(yanlu: Yanlu, taken_port: int, var_dir: Path) -> None:
    assert_fails(yanlu, ["demo"], USAGE, f"can't listen on 127.0.0.1 port {taken_port}")
    assert not var_dir.exists()


def test_serve_tells_of_a_taken_port(yanlu: Yanlu, taken_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_ENVIRONMENT", "test")
    yanlu("migrate")
    assert_fails(yanlu, ["serve"], USAGE, f"can't listen on 127.0.0.1 port {taken_port}")


def test_a_server_that_is_away_is_told_without_its_password(yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_DATABASE_URL", "postgresql+psycopg://yanlu:verysecret@127.0.0.1:1/yanlu")
    assert_fails(yanlu, ["staff", "list"], REFUSED, "the database: connection")
    assert "verysecret" not in yanlu("staff", "list").err


def test_what_nobody_expected_is_not_hidden(yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(main, "app", lambda *_, **__: broken())
    with pytest.raises(ZeroDivisionError):
        yanlu("staff", "list")


def test_interruption_is_told_by_the_exit_code(yanlu: Yanlu, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.kit.migrations.upgrade", interrupted)
    outcome = yanlu("migrate")
    assert outcome.code == 130
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("code", sorted(WORDS))
def test_a_refusal_reads_as_one_line(code: str) -> None:
    assert "\n" not in WORDS[code]
    assert not WORDS[code].endswith(".")
