"""Two departments and everybody around them, over HTTP alone, from fifty letters of the same content to the conclusion.

The health commission (A) leads what the letters ask for; the market regulator (B) cooperates, gets what A sends back,
and passes one on. The drafting department's head confirms, the publisher releases, and everybody is told once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import build
from app.permissions import Role
from tests.support.app import SECRETS, hidden, press, settings, words
from tests.support.journey import SLUG, START, StoppedClock, World
from tests.support.service import Program, Receipt, Service, choices, links, own_page

A, B, THIRD = "health", "market-regulation", "finance"
LETTER = (
    "助餐点门口都有三级台阶，坐轮椅的老人进不去，只能在门外等。"
    "请在每个助餐点的入口修建坡道并安装扶手，所需费用从改造资金中列支。"
    "完工后请残联和老年人代表一起验收。"
)
ADDED = "我父亲去年就在台阶上摔断了腿，躺了三个月才能下床走路。"
SENDERS = 50
OWN = {
    "weekend": "助餐点周末不开门，独居老人只能吃剩饭，希望周末照常供餐。",
    "holiday": "国庆七天助餐点全部关门，建议节假日轮流值班供餐。",
    "kitchen": "后厨的检查结果没有地方看，建议贴在取餐口。",
    "menu": "菜单每天现写，糖尿病人常常白跑一趟，建议提前一周公布。",
    "parking": "我们小区停车位太少，晚上回家找不到位置。",
}
RAMPS, WEEKEND, KITCHEN, MENU = (
    "助餐点入口修建坡道、安装扶手。",
    "助餐点周末和节假日照常供餐。",
    "在取餐口公布后厨检查结果。",
    "提前一周公布菜单。",
)
MERGED = {"disposition": "partly_adopted", "reason": "坡道、周末供餐和菜单公布已写入；节假日由各街道另行安排。"}
LETTER_NUMBER = "民函〔2026〕3号"


@dataclass(frozen=True)
class Story:
    """The service, the two departments' programs, and who sent what."""

    service: Service
    a: Program
    b: Program
    senders: list[Receipt]
    own: dict[str, Receipt]


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    clock = StoppedClock(START)
    app = build(settings(captcha=True), SECRETS, world.database, clock)
    with TestClient(app, follow_redirects=False) as http:
        yield Service(world, app, http, clock)


def test_from_fifty_letters_to_the_conclusion(service: Service) -> None:
    a, b = service.program(A), service.program(B)
    senders = [service.comment(place, LETTER + ADDED * (place == 9)) for place in range(SENDERS)]
    own = {name: service.comment(60 + place, text) for place, (name, text) in enumerate(OWN.items())}
    story = Story(service, a, b, senders, own)
    screened(story)
    pages = gathered(story)
    handed_over(story, pages)
    sent_back(story, pages)
    passed_on(story)
    answered(story)
    confirmed(story)
    released(story)
    concluded(story)


def screened(story: Story) -> None:
    """The screener decides the fifty at once, and the others one by one; nothing is drawn for a second look."""
    service = story.service
    manager = service.staff(Role.MANAGER)
    asked = f"/staff/second-looks?consultation={SLUG}"
    assert press(manager, asked, f"/{SLUG}/second-looks", percent="0").status_code == 303
    service.work()
    screener = service.staff(Role.SCREENER)
    listed = screener.get(f"/staff/consultations/{SLUG}/campaigns")
    assert f"{SENDERS} 份内容相同，其中 1 份有补充" in words(listed.text)
    where = campaign(screener)
    assert press(screener, f"{where}/decide?way=accept", f"{where}/decide").status_code == 303
    for name in ("weekend", "holiday", "kitchen", "menu"):
        assert press(screener, own_page(screener, OWN[name][:12]), "/accept").status_code == 303
    case = own_page(screener, OWN["parking"][:12])
    closed = press(screener, case, "/out-of-scope", reason="与草案无关，请向街道反映。")
    assert closed.status_code == 303
    assert "请向街道反映" in service.receipt(story.own["parking"])
    assert "请向街道反映" not in service.receipt(story.senders[0])


def campaign(browser: TestClient) -> str:
    listed = browser.get(f"/staff/consultations/{SLUG}/campaigns").text
    return next(link for link in links(listed) if link.startswith("/staff/campaigns/"))


def gathered(story: Story) -> dict[str, str]:
    """The editor makes four suggestions of it all, one of them merged from two; words → address."""
    service = story.service
    editor = service.staff(Role.EDITOR)
    where = campaign(editor)
    pages = {RAMPS: str(press(editor, where, f"{where}/gather", text=RAMPS).headers["location"])}
    texts = {"weekend": WEEKEND, "holiday": "节假日轮流值班供餐。", "kitchen": KITCHEN, "menu": MENU}
    for name, text in texts.items():
        case = own_page(editor, OWN[name][:12])
        fields = {"passage": choices(editor.get(case).text, "passage"), "text": text, "suggestion": "", "theme": "助餐"}
        made = press(editor, case, "/gather", **fields, clause="")
        assert made.status_code == 303
        pages[text] = str(made.headers["location"])
    merge(editor, pages.pop(texts["holiday"]), pages[WEEKEND])
    case = own_page(editor, ADDED[:12])
    assert ADDED in words(editor.get(case).text)
    assert press(editor, case, "/settle", remark="个人情况说明。").status_code == 303
    assert "50" in words(editor.get(pages[RAMPS]).text)
    for page in pages.values():
        assert press(editor, page, "/submit").status_code == 303
    return pages


def merge(editor: TestClient, away: str, kept: str) -> None:
    shown = editor.get(f"{away}/merge").text
    (into,) = [one for one in choices(shown, "into") if one.startswith(kept.rpartition("/")[2])]
    assert editor.post(f"{away}/merge", data=hidden(shown) | {"into": into}).headers["location"].endswith(kept)


def handed_over(story: Story, pages: dict[str, str]) -> None:
    """The approver hands over: A leads three of them with B beside it in one, B leads the fourth."""
    approver = story.service.staff(Role.APPROVER)
    for text, page in pages.items():
        assert press(approver, page, "/approve").status_code == 303
        lead, cooperating = (B, []) if text == MENU else (A, [B] if text == RAMPS else [])
        assert press(approver, page, "/assign", lead=lead, cooperating=cooperating).status_code == 303
    story.service.work()
    assert set(story.a.items()) == {RAMPS, WEEKEND, KITCHEN}
    assert {text: item["role"] for text, item in story.b.items().items()} == {MENU: "lead", RAMPS: "cooperating"}
    assert story.a.items()[RAMPS]["suggestion"]["distinct_persons"] == SENDERS
    assert story.a.items()[WEEKEND]["suggestion"]["distinct_persons"] == 2
    kinds = [event["kind"] for event in story.a.get("/events", after=0)["items"]]
    assert kinds == ["assignment.delivered"] * 3
    sees_nothing_of(story.b, story.a)
    sees_nothing_of(story.a, story.b)


def sees_nothing_of(one: Program, other: Program) -> None:
    """Neither by a list, an id, a write nor the feed."""
    theirs = {item["id"] for item in other.items().values()}
    assert not theirs & {item["id"] for item in one.items().values()}
    assert not theirs & {event["record"]["id"] for event in one.get("/events", after=0, limit=500)["items"]}
    for id in theirs:
        nobodys = one.ask("GET", "/assignments/00000000-0000-7000-8000-000000000000").json()
        seen = one.ask("GET", f"/assignments/{id}")
        assert (seen.status_code, seen.json()["code"]) == (404, nobodys["code"])
        for verb, body in (("acknowledge", {}), ("answer", MERGED), ("send-back", {"reason": "不归我们管。"})):
            assert one.ask("POST", f"/assignments/{id}/{verb}", json=body).status_code == 404
    bulk = one.ask("POST", "/assignment-answers", json={"assignments": sorted(theirs), **MERGED})
    assert bulk.status_code == 404


def sent_back(story: Story, pages: dict[str, str]) -> None:
    """A acknowledges, and sends one back with a better department; the approver gives it to that one."""
    a, b = story.a, story.b
    for item in a.items().values():
        assert a.do(f"/assignments/{item['id']}/acknowledge")["state"] == "acknowledged"
    reason = {"reason": "后厨检查由市场监管部门负责。", "suggested_department": "省市场监管局"}
    given_back = a.do(f"/assignments/{a.items()[KITCHEN]['id']}/send-back", **reason)
    assert given_back["state"] == "sent_back"
    assert given_back["send_back"]["suggested_department"]["id"] == B
    assert KITCHEN not in b.items(), "nobody has it until the approver decides"
    approver = story.service.staff(Role.APPROVER)
    listed = approver.get("/staff/queue", params={"view": "sent_back"}).text
    assert pages[KITCHEN].rpartition("/")[2] in listed
    shown = approver.get(pages[KITCHEN]).text
    assert "后厨检查由市场监管部门负责。" in words(shown)
    assert B in shown
    assert press(approver, pages[KITCHEN], "/assign", lead=B, cooperating=[]).status_code == 303
    assert b.items()[KITCHEN]["state"] == "delivered"
    assert b.items()[KITCHEN]["send_back"] is None, "what A wrote is for the approver"
    assert a.items()[KITCHEN]["state"] == "sent_back"


def passed_on(story: Story) -> None:
    """B passes its first one on to A, which sees where it comes from and can't pass it back."""
    a, b = story.a, story.b
    menu = f"/assignments/{b.items()[MENU]['id']}/transfer"
    assert b.do(menu, to_department=A, reason="营养配餐由卫生健康部门指导。")["state"] == "transferred"
    got = a.items()[MENU]
    assert (got["state"], got["role"], got["why"]) == ("delivered", "lead", "transferred")
    circle = a.ask("POST", f"/assignments/{got['id']}/transfer", json={"to_department": B, "reason": "还给你们。"})
    assert (circle.status_code, circle.json()["code"]) == (409, "had_it_before")
    story.service.work()
    assert "assignment.transferred" in {event["kind"] for event in b.get("/events", after=0)["items"]}
    sees_nothing_of(b, a)


def answered(story: Story) -> None:
    """A answers three at once, or none; B gives its opinion beside, and its own answer."""
    a, b = story.a, story.b
    ids = [a.items()[text]["id"] for text in (RAMPS, WEEKEND, MENU)]
    with_one_sent_back = {"assignments": [*ids, a.items()[KITCHEN]["id"]], **MERGED}
    assert a.ask("POST", "/assignment-answers", json=with_one_sent_back).status_code == 409
    assert {a.items()[text]["state"] for text in (RAMPS, WEEKEND, MENU)} == {"acknowledged", "delivered"}
    beside = {"disposition": "adopted", "reason": "同意修建坡道。"}
    assert b.do(f"/assignments/{b.items()[RAMPS]['id']}/answer", **beside)["state"] == "answered"
    done = a.do("/assignment-answers", assignments=ids, idempotency_key="once", **MERGED)
    assert {item["state"] for item in done["items"]} == {"answered"}
    assert a.do("/assignment-answers", assignments=ids, idempotency_key="once", **MERGED) == done
    kitchen = f"/assignments/{b.items()[KITCHEN]['id']}"
    b.do(f"{kitchen}/progress", text="已征求各市意见。")
    first = {"disposition": "not_adopted", "reason": "现有规定已经足够。", "draft": True}
    assert b.do(f"{kitchen}/answer", **first)["answer"]["draft"] is True
    assert b.do(f"{kitchen}/answer", **{**first, "draft": False})["state"] == "answered"
    for receipt in (story.senders[0], story.own["kitchen"]):
        seen = story.service.receipt(receipt)
        assert MERGED["reason"] not in seen
        assert "现有规定已经足够" not in seen, "nobody is told before the release"


def confirmed(story: Story) -> None:
    """The drafting department's head returns one answer, B answers again, and all four are confirmed."""
    service, b = story.service, story.b
    head = service.staff(Role.OFFICE_HEAD)
    waiting = words(head.get("/office/confirming").text)
    for text in (RAMPS, WEEKEND, MENU, KITCHEN):
        assert text in waiting
    assert "同意修建坡道。" not in waiting, "a cooperating department's opinion decides nothing"
    returned = suggestion_of(b, KITCHEN)
    remark = "请写明依据哪一条。"
    assert press(head, "/office/confirming", f"{returned}/return", remark=remark).status_code == 303
    service.work()
    now = b.items()[KITCHEN]
    assert (now["state"], now["returned"]["remark"]) == ("in_progress", remark)
    assert b.get("/events", after=0)["items"][-1]["kind"] == "assignment.returned"
    again = {
        "disposition": "adopted",
        "reason": "检查结果在取餐口公布，已写入第二条。",
        "expected_version": now["revision"],
    }
    assert b.do(f"/assignments/{now['id']}/answer", **again)["answer"]["number"] == 3
    head = service.staff(Role.OFFICE_HEAD)
    for program, text in ((story.a, RAMPS), (story.a, WEEKEND), (story.a, MENU), (b, KITCHEN)):
        place = f"/office/confirming/{suggestion_of(program, text)}"
        assert press(head, "/office/confirming", place).status_code == 303
    assert {story.a.items()[text]["state"] for text in (RAMPS, WEEKEND, MENU)} == {"confirmed"}
    assert {item["state"] for item in b.items().values()} == {"confirmed", "transferred"}


def suggestion_of(program: Program, text: str) -> str:
    return str(program.items()[text]["suggestion"]["id"])


def released(story: Story) -> None:
    """One release, one message for each of the fifty and of the others, and the same words behind each receipt."""
    service = story.service
    service.work()
    told_before = service.messages()
    publisher = service.staff(Role.PUBLISHER)
    page = f"/staff/consultations/{SLUG}/outcomes"
    basis = {"title": "第一批办理结果", "basis": "起草单位已确认。"}
    made = press(publisher, f"{page}?state=confirmed", "/releases", **basis)
    sheet = words(publisher.get(f"{made.headers['location']}/sheet").text)
    for said in (RAMPS, MERGED["reason"], "已写入第二条"):
        assert said in sheet
    service.work()
    assert service.messages() == told_before, "nobody is told before the approval"
    done = press(publisher, made.headers["location"], "/release", approver="分管领导", document_number=LETTER_NUMBER)
    assert done.status_code == 303
    service.work()
    told = {address: said for address, said in service.messages().items() if "person64" not in address}
    assert {address: len(said) for address, said in told.items()} == dict.fromkeys(everybody(), 1)
    assert all("部分采纳" in told[f"person{place}@example.com"][0] for place in range(SENDERS))
    for receipt in story.senders:
        seen = service.receipt(receipt)
        assert RAMPS in seen
        assert MERGED["reason"] in seen
    assert "已写入第二条" in service.receipt(story.own["kitchen"])
    assert WEEKEND in service.receipt(story.own["holiday"]), "what was merged is answered to both"


def everybody() -> list[str]:
    """The addresses of all whose comments were accepted."""
    return [f"person{place}@example.com" for place in (*range(SENDERS), 60, 61, 62, 63)]


def concluded(story: Story) -> None:
    """After the window nothing is missing: the manager concludes, the public reads the numbers, none is told twice."""
    service = story.service
    manager = service.staff(Role.MANAGER)
    page = f"/staff/consultations/{SLUG}/conclusion"
    assert press_if_there(manager, page, "/conclude") is None, "the window is open"
    service.clock.at = service.world.consultation.closes_at
    manager = service.staff(Role.MANAGER)
    done = press(manager, page, "/conclude", note="感谢大家参与。")
    assert done.status_code == 303, words(manager.get(page).text)
    public = words(TestClient(service.app).get(f"/consultations/{SLUG}/results").text)
    for said in (f"共收到意见{SENDERS + len(OWN)}份", "感谢大家参与。", "部分采纳", "采纳"):
        assert said in public
    service.work()
    assert {len(said) for said in service.messages().values()} == {1}
    assert len(service.messages()) == SENDERS + len(OWN)
    phases = {one["slug"]: one["phase"] for one in story.a.get("/consultations")["items"]}
    assert phases[SLUG] == "closed"


def press_if_there(browser: TestClient, page: str, action: str) -> Any:
    """None where the page offers no such form."""
    return press(browser, page, action) if f'{action}"' in browser.get(page).text else None
