"""A passkey from its making to its last use, in Chromium with an authenticator of its own making (CDP WebAuthn)."""

import re
import socket
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import select

from app.accounts.models import Passkey
from app.kit.database import Database
from app.main import build
from tests.journey.test_path_in_browser import ARGUMENTS
from tests.support import journey
from tests.support.app import SECRETS, settings
from tests.support.journey import PASSWORD, StoppedClock
from tests.support.live import live

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _give_password(page: Page) -> None:
    page.goto("/staff/sign-in?next=/staff/account")
    page.get_by_label("用户名").fill("screener")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def _made_used_and_proven(page: Page, clock: StoppedClock) -> None:
    chromium = page.context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    made = chromium.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    _give_password(page)
    page.get_by_role("link", name="添加通行密钥").click()
    expect(page.get_by_role("heading", name="添加通行密钥")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_label("通行密钥名称").fill("办公室电脑")
    page.get_by_role("button", name="创建通行密钥").click()
    expect(page.get_by_role("status")).to_contain_text("已添加通行密钥")
    kept = chromium.send("WebAuthn.getCredentials", {"authenticatorId": made["authenticatorId"]})["credentials"]
    assert [one["isResidentCredential"] for one in kept] == [True]

    page.get_by_role("button", name="退出").click()
    expect(page.get_by_label("密码")).to_be_visible()
    _give_password(page)
    expect(page).to_have_url(re.compile("/staff/sign-in/step"))

    page.goto("/staff/sign-in?next=/staff/account")
    page.get_by_role("button", name="使用通行密钥").click()
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()

    clock.at += timedelta(minutes=6)
    page.get_by_role("link", name="添加通行密钥").click()
    expect(page.get_by_role("button", name="使用通行密钥")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("button", name="使用通行密钥").click()
    expect(page.get_by_role("heading", name="添加通行密钥")).to_be_visible()

    chromium.send("WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": False})
    page.goto("/staff/sign-in")
    page.get_by_role("button", name="使用通行密钥").click()
    expect(page.get_by_role("alert")).to_contain_text("未使用通行密钥")


@pytest.mark.browser
def test_a_passkey_is_made_signs_in_without_a_password_and_proves(sqlite_url: str) -> None:
    clock, database = StoppedClock(), Database(sqlite_url)
    with database.writing() as session:
        journey.staffed(session)
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://localhost:{listener.getsockname()[1]}"
    app = build(settings(public_url=url), SECRETS, database, clock)
    with live(app, listener), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        page = browser.new_context(base_url=url, locale="zh-CN").new_page()
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        _made_used_and_proven(page, clock)
        browser.close()
    assert wrong == []
    database.close()
    again = Database(sqlite_url)
    with again.reading() as session:
        (row,) = session.scalars(select(Passkey))
        assert (row.name, row.sign_count > 0) == ("办公室电脑", True)
    again.close()
