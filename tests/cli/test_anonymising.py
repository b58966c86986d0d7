"""Personal data covered on the command line."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Yanlu

PHONE = "13900001234"


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets what stands on standard input, byte for byte."""

    def put(written: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(written), encoding="ascii"))

    return put


@pytest.mark.parametrize(
    "text",
    [
        f"电话{PHONE}",
        f"第一行\r\n第二行\r电话{PHONE}\r\n",
        f"\ufeff电话{PHONE}",
        f"😀👨‍👩‍👧电话{PHONE}",
        f"𠮷𬱖\u2028电话{PHONE}\x85\x0b",
        f"\x00\t电话{PHONE}",
        "",
        "\n",
        "没有什么可以遮盖的",
    ],
)
def test_places_are_code_points_of_what_came_in(yanlu: Yanlu, stdin: Any, var_dir: Path, text: str) -> None:
    stdin(text.encode())
    outcome = yanlu("anonymise", "--json")
    answer = json.loads(outcome.out)
    start = text.find(PHONE)
    spans = [] if start < 0 else [{"type": "phone", "start": start, "end": start + len(PHONE)}]
    assert answer == {"text": text.replace(PHONE, "***"), "spans": spans}
    assert (outcome.code, outcome.err, len(outcome.out.splitlines())) == (0, "", 1)
    assert not var_dir.exists()


def test_without_json_the_masked_text_alone_is_printed(yanlu: Yanlu, stdin: Any) -> None:
    stdin(f"电话{PHONE}\r\n谢谢".encode())
    assert yanlu("anonymise").out == "电话***\r\n谢谢"


def test_what_is_no_text_is_refused(yanlu: Yanlu, stdin: Any) -> None:
    stdin(b"\xb5\xe7\xbb\xb0")
    outcome = yanlu("anonymise", "--json")
    assert (outcome.code, outcome.out) == (1, "")
    assert "no UTF-8" in outcome.err


def test_a_batch_keeps_its_order_and_ids_of_every_type(yanlu: Yanlu, tmp_path: Path) -> None:
    identifiers = ["b", "a", "a", 7, 1.5, None, True, ["x"], {"k": 1}, "\u2028😀"]
    lines = [json.dumps({"id": name, "text": f"我叫李建国，{n}"}) for n, name in enumerate(identifiers)]
    batch = tmp_path / "comments.jsonl"
    batch.write_bytes(b"\xef\xbb\xbf" + "\r\n\n  \n".join(lines).encode())
    outcome = yanlu("anonymise", "--json", "--batch", str(batch))
    rows = [json.loads(line) for line in outcome.out.splitlines()]
    assert [row["id"] for row in rows] == identifiers
    assert [row["text"] for row in rows] == [f"我叫***，{n}" for n in range(len(identifiers))]
    assert all(list(row) == ["id", "text", "spans"] for row in rows)


def test_what_is_kept_stays_on_standard_input_and_in_a_batch(yanlu: Yanlu, stdin: Any, tmp_path: Path) -> None:
    text = f"电话024-22000345或（024）22000346，手机{PHONE}"
    keep = ("--keep", "024-22000345", "--keep", "024-22000346")
    stdin(text.encode())
    alone = json.loads(yanlu("anonymise", "--json", *keep).out)
    batch = tmp_path / "comments.jsonl"
    batch.write_text(json.dumps({"id": 1, "text": text}), encoding="utf-8")
    among = json.loads(yanlu("anonymise", "--batch", str(batch), *keep).out)
    assert alone["text"] == among["text"] == "电话024-22000345或（024）22000346，手机***"
    assert alone["spans"] == among["spans"]


def test_half_a_surrogate_in_a_batch_is_given_back_as_it_was(yanlu: Yanlu, tmp_path: Path) -> None:
    batch = tmp_path / "comments.jsonl"
    batch.write_text('{"id": "\\udc00", "text": "\\ud83d电话13900001234"}', encoding="utf-8")
    answer = json.loads(yanlu("anonymise", "--batch", str(batch)).out)
    assert (answer["id"], answer["text"]) == ("\udc00", "\ud83d电话***")


@pytest.mark.parametrize(
    "broken", ["{", "[]", '{"text": "x"}', '{"id": "a"}', '{"id": "a", "text": 3}', '{"id": NaN, "text": ""}', "\xff"]
)
def test_a_broken_line_is_named_and_nothing_is_printed(yanlu: Yanlu, tmp_path: Path, broken: str) -> None:
    batch = tmp_path / "comments.jsonl"
    batch.write_bytes(b'\n{"id": "a", "text": "x"}\n' + broken.encode("latin-1") + b"\n")
    outcome = yanlu("anonymise", "--batch", str(batch))
    assert (outcome.code, outcome.out) == (1, "")
    assert "line 3" in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_batch_that_is_not_there_is_told(yanlu: Yanlu, tmp_path: Path) -> None:
    outcome = yanlu("anonymise", "--batch", str(tmp_path / "none.jsonl"))
    assert outcome.code == 1
    assert "none.jsonl" in outcome.err
