"""A demonstration writes its messages to files, unless its settings name another way out."""

from pathlib import Path
from typing import Any

import pytest

from app.cli.demonstration.processes import environment_of
from app.config import Environment, Settings, load_settings
from app.deliveries.channels import FolderChannel
from app.worker import delivering


def settings(**given: Any) -> Settings:
    return Settings(environment=Environment.DEMONSTRATION, **given)


def test_messages_become_files_beside_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment_of(settings(var_dir=tmp_path)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("YANLU_VAR_DIR", str(tmp_path))
    post = delivering.post_of(load_settings())
    assert post is not None
    assert isinstance(post.channel, FolderChannel)
    assert post.channel._folder == tmp_path / "mail"


@pytest.mark.parametrize("way", [{"mail_server": "mail.example.cn"}, {"mail_folder": Path("elsewhere")}])
def test_a_way_out_that_was_set_is_kept(way: dict[str, Any]) -> None:
    told = environment_of(settings(mail_from="yijian@example.cn", **way))
    assert told == {"YANLU_ENVIRONMENT": "demonstration"}
