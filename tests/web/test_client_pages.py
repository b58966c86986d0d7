"""The administrator's pages of programs: made, given further keys, renewed and revoked; a key is shown once."""

import re
from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest
from fastapi.testclient import TestClient

from app.permissions import Role
from tests.support.app import press, serving, signed_in, words
from tests.support.journey import DRAFTING, StoppedClock, World

KEY = re.compile(r"yl_(?:test_)?[0-9a-f]{12}_[A-Za-z0-9_-]{43}")


@pytest.fixture
def administrator(sqlite_world: World) -> Iterator[TestClient]:
    with serving(sqlite_world.database, StoppedClock()) as client:
        client.headers["Accept-Language"] = "en"
        yield signed_in(client, Role.ADMINISTRATOR)


def key_in(page: str) -> str:
    (found,) = set(KEY.findall(page))
    return str(found)


def page_of(client: TestClient, name: str) -> str:
    found = re.search(rf'href="(/staff/clients/[0-9a-f-]+)">{name}<', client.get("/staff/clients").text)
    assert found
    return found[1]


def sent(client: TestClient, page: str, action: str, **fields: str) -> Any:
    """Sends the page's one form with exactly that action."""
    (form,) = lxml.html.fromstring(client.get(page).text).xpath(f"//form[@action='{action}']")
    carried = {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}
    return client.post(action, data=carried | fields)


def opens(client: TestClient, key: str) -> int:
    return client.get("/api/v1/whoami", headers={"X-API-Key": key}).status_code


def made(client: TestClient, **given: str) -> str:
    answer = press(client, "/staff/clients/new", "/staff/clients", **given)
    assert answer.status_code == 200
    return key_in(answer.text)


def test_a_key_is_shown_once_opens_and_shows_its_use(administrator: TestClient) -> None:
    key = made(administrator, name="OA 系统", department=DRAFTING)
    assert opens(administrator, key) == 200
    page = administrator.get(page_of(administrator, "OA 系统")).text
    assert key not in page
    told = words(page)
    assert "GET /whoami" in told
    assert "Read and answer its assignments" in told
    assert "Send comments in" not in told
    assert "never" not in told


def test_keys_are_added_renewed_and_revoked_each_by_itself(administrator: TestClient) -> None:
    first = made(administrator, name="OA", department=DRAFTING)
    path = page_of(administrator, "OA")
    tried = key_in(sent(administrator, path, f"{path}/keys", scope="assignments:read", mode="test", days="30").text)
    assert tried.startswith("yl_test_")
    new = key_in(sent(administrator, path, f"{path}/rotate").text)
    assert [opens(administrator, key) for key in (first, new)] == [200, 200]
    told = words(administrator.get(path).text)
    assert "Sandbox" in told
    assert "06-10" in told
    assert "05-18" in told
    assert sent(administrator, path, f"{path}/keys/{first.split('_')[1]}/revoke").status_code == 303
    assert [opens(administrator, key) for key in (first, new)] == [401, 200]
    assert sent(administrator, path, f"{path}/revoke").status_code == 303
    assert opens(administrator, new) == 401


def test_a_trusted_channels_program_sends_comments_in_and_sees_nothing(administrator: TestClient) -> None:
    key = made(administrator, name="12345", channel="hotline")
    who = administrator.get("/api/v1/whoami", headers={"X-API-Key": key}).json()
    assert (who["channel"], who["scopes"], who["department_id"]) == ("hotline", ["submissions:write"], None)


@pytest.mark.parametrize("given", [{}, {"channel": "web"}, {"department": "nowhere"}])
def test_a_program_is_of_somebody(administrator: TestClient, given: dict[str, str]) -> None:
    refused = press(administrator, "/staff/clients/new", "/staff/clients", name="of nobody", **given)
    assert refused.status_code in (404, 422)
    assert "of nobody" not in administrator.get("/staff/clients").text


def test_only_the_administrator_sees_programs(administrator: TestClient) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        if role.value.startswith("office"):
            continue
        assert signed_in(administrator, role).get("/staff/clients").status_code == 403
