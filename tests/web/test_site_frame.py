"""Head and foot by the settings: what isn't set doesn't show."""

import lxml.html
import pytest

from app.config import ConfigurationError, load_settings
from tests.support.app import serving
from tests.support.journey import StoppedClock, World

WHOLE = {
    "site_owner": "甲省人民政府",
    "site_operator": "甲省信息中心",
    "site_contact": "024-00001234",
    "site_code": "2100000001",
    "icp_record": "甲ICP备00000000号-1",
    "police_record": "甲公网安备 21000000000000号",
    "mistakes_url": "https://mistakes.example.cn/",
    "site_footer": "第一行\n第二行",
}


def test_everything_that_is_set_stands_at_the_foot(world: World) -> None:
    with serving(world.database, StoppedClock(), **WHOLE) as client:
        foot = lxml.html.fromstring(client.get("/").text).xpath("//footer")[0]
    text = foot.text_content()
    for name, value in WHOLE.items():
        if name != "mistakes_url":
            assert all(line in text for line in value.splitlines()), name
    links = foot.xpath(".//a/@href")
    assert "https://beian.mps.gov.cn/#/query/webSearch?code=21000000000000" in links
    assert {"https://beian.miit.gov.cn/", WHOLE["mistakes_url"], "/privacy", "/accessibility", "/receipts"} <= {*links}


def test_what_is_not_set_is_not_there(world: World) -> None:
    with serving(world.database, StoppedClock()) as client:
        foot = lxml.html.fromstring(client.get("/").text).xpath("//footer")[0]
    assert not foot.xpath(".//dl")
    assert not [link for link in foot.xpath(".//a/@href") if link.startswith("http")]


@pytest.mark.parametrize(
    ("setting", "value"),
    [("site_code", "210000000"), ("site_code", "２１００００００００"), ("mistakes_url", "http://a.cn/")],
)
def test_a_setting_that_can_not_be_shown_stops_the_start(setting: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"YANLU_{setting.upper()}"):
        load_settings(**{setting: value})
