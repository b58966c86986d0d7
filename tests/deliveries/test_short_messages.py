"""Short messages fit into a few parts, hold nothing but number and words, and lie in a folder for a gateway."""

import json
import stat
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deliveries.channels import Unreachable
from app.deliveries.texts import ALONE, LONGEST, PARTS, FolderTextChannel, Text, fitted, parts


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=600))
def test_whatever_is_said_fits_into_the_parts_that_are_paid_for(words: str) -> None:
    said = fitted(words)
    assert parts(said) <= PARTS
    assert " ".join(words.split()).startswith(said.removesuffix("…"))


@pytest.mark.parametrize(("length", "number"), [(1, 1), (ALONE, 1), (ALONE + 1, 2), (134, 2), (135, 3), (LONGEST, 3)])
def test_one_part_holds_seventy_characters_and_each_of_several_sixty_seven(length: int, number: int) -> None:
    assert parts("字" * length) == number
    assert fitted("字" * length) == "字" * length


def test_the_folder_holds_one_file_for_each_message_that_only_this_user_reads(tmp_path: Path) -> None:
    channel, text = FolderTextChannel(tmp_path / "sms"), Text(uuid.uuid4(), "13900000001", "您的意见已办理。")
    channel.send(text)
    channel.send(text)
    (file,) = (tmp_path / "sms").iterdir()
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "id": str(text.id),
        "number": "13900000001",
        "text": "您的意见已办理。",
        "parts": 1,
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "13900000001" not in repr(text)


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "sms").write_text("a file, no folder")
    with pytest.raises(Unreachable):
        FolderTextChannel(tmp_path / "sms").send(Text(uuid.uuid4(), "13900000001", "您的意见已办理。"))
