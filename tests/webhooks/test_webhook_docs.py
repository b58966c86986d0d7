"""What the documentation says of events and signatures is so, in both languages."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.events.catalogue import KINDS
from app.webhooks import signing
from tests.support.journey import RunningClock
from tests.support.parts import ROOT

DOCUMENTS = {"en": ROOT / "docs" / "webhooks.md", "zh": ROOT / "docs" / "webhooks.zh-CN.md"}
TOLD = re.compile(r"\b(?:emit|tell)\([^\"()]*?\"([a-z_]+\.[a-z_]+)\"")
BODY = b'{"type": "assignment.delivered", "data": {}}'


def blocks(language: str, kind: str) -> list[str]:
    text = DOCUMENTS[language].read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("language", DOCUMENTS)
def test_every_kind_of_event_stands_there_in_order(language: str) -> None:
    text = DOCUMENTS[language].read_text(encoding="utf-8")
    found = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (\w+) \| (.+) \|$", text, re.MULTILINE)
    assert found == [(kind, one.record, one.zh if language == "zh" else one.en) for kind, one in KINDS.items()]


def test_every_kind_that_is_told_stands_in_the_catalogue() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py")]
    told = {kind for source in sources for kind in TOLD.findall(source)}
    assert "assignment.delivered" in told
    assert told <= set(KINDS)


@pytest.mark.parametrize("language", DOCUMENTS)
def test_the_python_of_the_page_believes_what_is_signed_and_nothing_else(language: str) -> None:
    made: dict[str, Any] = {}
    (code,) = blocks(language, "python")
    exec(code, made)
    secret, now = signing.new_secret(), RunningClock().now()
    headers = signing.headers([signing.new_secret(), secret], "an id", now, BODY)
    assert made["verify"](secret, headers, BODY) == "an id"
    for given in (
        (signing.new_secret(), headers, BODY),
        (secret, headers, BODY + b" "),
        (secret, {**headers, "webhook-timestamp": "1"}, BODY),
    ):
        with pytest.raises(ValueError, match=r".+"):
            made["verify"](*given)


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
@pytest.mark.parametrize("language", DOCUMENTS)
def test_the_commands_of_the_page_make_the_same_signature(language: str, tmp_path: Path) -> None:
    code = next(block for block in blocks(language, "sh") if "openssl" in block)
    secret, now = signing.new_secret(), RunningClock().now()
    headers = signing.headers([secret], "an-id", now, BODY)
    (tmp_path / "body.json").write_bytes(BODY)
    given = {"SECRET": secret, "WEBHOOK_ID": "an-id", "WEBHOOK_TIMESTAMP": headers["webhook-timestamp"]}
    path = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    ran = subprocess.run(["sh", "-c", code], env={**path, **given}, cwd=tmp_path, capture_output=True, check=True)
    assert f"v1,{ran.stdout.decode().strip()}" == headers["webhook-signature"]
