"""A post office for the tests of mails."""

from pathlib import Path

import pytest

from app.mail.taking import Post
from tests.support.journey import World
from tests.support.mails import post_office


@pytest.fixture
def post(world: World, tmp_path: Path) -> Post:
    return post_office(world, tmp_path / "files")
