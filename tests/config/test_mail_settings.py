"""A way out for mail is whole or refused, with a line that says what to change."""

from typing import Any

import pytest

from app.config import ConfigurationError, load_settings


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"mail_server": "mail.example.cn"}, "YANLU_MAIL_FROM must be an address"),
        ({"mail_folder": "mail"}, "YANLU_MAIL_FROM must be an address"),
        ({"mail_server": "mail.example.cn", "mail_from": "a@example.cn\nBcc: b@example.cn"}, "YANLU_MAIL_FROM must"),
        ({"mail_server": "mail.example.cn", "mail_folder": "mail", "mail_from": "a@example.cn"}, "can't both be set"),
        (
            {
                "mail_server": "mail.example.cn",
                "mail_from": "a@example.cn",
                "mail_user": "a",
                "mail_encryption": "none",
            },
            "the password would be readable",
        ),
        ({"mail_server": "mail.example.cn", "mail_from": "a,b@example.cn"}, "YANLU_MAIL_FROM must"),
        ({"mail_server": "mail.example.cn", "mail_from": "意见 <a@example.cn>"}, "YANLU_MAIL_FROM must"),
        ({"mail_encryption": "ssl"}, "YANLU_MAIL_ENCRYPTION"),
        ({"mail_port": 0}, "YANLU_MAIL_PORT"),
    ],
)
def test_half_a_way_out_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        load_settings(environment="test", **given)


def test_a_server_on_this_machine_needs_no_encryption() -> None:
    given = {"mail_server": "127.0.0.1", "mail_from": "a@example.cn", "mail_user": "a", "mail_encryption": "none"}
    assert load_settings(environment="test", **given).mail_server == "127.0.0.1"


def test_the_sender_is_the_site_owner_or_the_column() -> None:
    assert load_settings(environment="test", site_owner="测试省人民政府").mail_sender == "测试省人民政府"
    assert load_settings(environment="test", column_name="意见征集").mail_sender == "意见征集"
    assert load_settings(environment="test", site_owner="测试省", mail_sender="民意办").mail_sender == "民意办"
    assert load_settings(environment="test", site_owner="测试省\n人民政府").mail_sender == "测试省 人民政府"


def test_the_password_shows_in_no_description() -> None:
    settings = load_settings(environment="test", mail_password="very secret")
    assert "very secret" not in repr(settings)
