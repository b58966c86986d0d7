"""The page of settings lists exactly what the service reads."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from app.config import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
LISTED = {name: (default, meaning) for name, default, meaning in ROW.findall((ROOT / "docs/settings.md").read_text())}


def test_every_setting_is_listed_and_nothing_else() -> None:
    assert list(LISTED) == [PREFIX + name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_plain_default_is_the_one_in_the_code(name: str) -> None:
    default = Settings.model_fields[name.removeprefix(PREFIX).lower()].default
    printed = LISTED[name][0]
    if isinstance(default, bool):
        assert printed == f"`{'on' if default else 'off'}`"
    elif isinstance(default, list) and default:
        assert printed == f"`{','.join(default)}`"
    elif isinstance(default, StrEnum | int | Path) or (isinstance(default, str) and default):
        assert printed == f"`{default}`"
    else:
        assert printed != f"`{default}`"


def test_the_pages_name_only_settings_that_exist() -> None:
    for page in ("settings.md", "operations.md"):
        named = set(re.findall(r"YANLU_[A-Z_]*[A-Z]", (ROOT / "docs" / page).read_text()))
        assert named - {"YANLU_TEST"} <= LISTED.keys()
