"""A demonstration writes its messages to files, unless its settings name another way out."""

from pathlib import Path
from typing import Any

import pytest

from app.config import Environment, Settings, load_settings
from app.deliveries.channels import FolderChannel
from app.worker import delivering


def settings(**given: Any) -> Settings:
    return Settings(environment=Environment.DEMONSTRATION, **given)


def test_messages_become_files_beside_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_ENVIRONMENT", "demonstration")
    monkeypatch.setenv("YANLU_VAR_DIR", str(tmp_path))
    post = delivering.post_of(load_settings())
    assert post is not None
    assert isinstance(post.channel, FolderChannel)
    assert post.channel._folder == tmp_path / "mail"


@pytest.mark.parametrize("way", [{"mail_server": "mail.example.cn"}, {"mail_folder": Path("elsewhere")}])
def test_a_way_out_that_was_set_is_kept(way: dict[str, Any]) -> None:
    set_so = settings(mail_from="yijian@example.cn", **way)
    assert (set_so.mail_server, set_so.mail_folder) == (way.get("mail_server", ""), way.get("mail_folder"))
    assert set_so.sends_mail


@pytest.mark.parametrize("environment", [Environment.PRODUCTION, Environment.TEST])
def test_elsewhere_nothing_is_sent_unless_a_way_out_is_set(environment: Environment) -> None:
    assert not Settings(environment=environment).sends_mail
