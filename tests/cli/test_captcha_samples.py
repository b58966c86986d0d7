"""`yanlu captcha sample` writes pictures that are named by their answers, without settings and without a store."""

import re
from pathlib import Path

from tests.cli.conftest import Yanlu


def test_pictures_are_named_by_their_answers(yanlu: Yanlu, tmp_path: Path) -> None:
    folder = tmp_path / "made" / "samples"
    outcome = yanlu("captcha", "sample", "--count", "4", str(folder))
    assert outcome.code == 0
    files = sorted(folder.iterdir())
    assert len(files) == 4
    assert all(re.fullmatch(r"[02-9]{6}_[1-4]\.png", file.name) for file in files)
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)


def test_recordings_stand_beside_them(yanlu: Yanlu, tmp_path: Path) -> None:
    assert yanlu("captcha", "sample", "--count", "1", "--sound", "--language", "en", str(tmp_path)).code == 0
    picture, sound = sorted(tmp_path.iterdir())
    assert picture.stem == sound.stem
    assert sound.read_bytes().startswith(b"RIFF")
