"""What the batch finds: the members of campaigns, none of those that only look alike, whatever the order."""

import random
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.campaigns.additions import additions
from app.campaigns.batch import campaigns_among
from app.campaigns.wording import Wording
from tests.campaigns import letters

COMMON = "建议由街道先行垫付修好步道，费用从明年的维修资金里扣还。"
TEXTS = [text for text, _ in letters.members(4, random.Random(1))] + letters.strangers()


def test_members_are_found_and_nobody_else() -> None:
    chance = random.Random(7)
    members, strangers = letters.members(20, chance), letters.strangers()
    keys = campaigns_among([text for text, _ in members] + strangers)
    assert [text for text, key in zip(strangers, keys[len(members) :], strict=True) if key] == []
    found: dict[int, Counter[str | None]] = defaultdict(Counter)
    for (_, campaign), key in zip(members, keys, strict=False):
        found[campaign][key] += 1
    chosen = [counts.most_common(1)[0] for counts in found.values()]
    assert len({key for key, _ in chosen} - {None}) == len(found)
    assert sum(number for _, number in chosen) >= 0.95 * len(members)


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(len(TEXTS))))
def test_the_order_makes_no_difference(order: list[int]) -> None:
    expected = campaigns_among(TEXTS)
    shuffled = campaigns_among([TEXTS[place] for place in order])
    assert [expected[place] for place in order] == shuffled


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_is_taken(texts: list[str]) -> None:
    assert len(campaigns_among(texts)) == len(texts)


@pytest.mark.parametrize(
    "other",
    [
        "建议由街道先行墊付修好步道，费用从明年的维修资金里扣还！",
        "建议由街道先行垫付修好步道,费用从明年的维修资金里扣还.",
        "建议 由街道 先行垫付\n修好步道，费用从明年的 维修资金里扣还。👍",
        "希望由街道先行垫付修好步道，开支从明年的维修资金里扣还。",
        "费用从明年的维修资金里扣还。建议由街道先行垫付修好步道。",
        f"您好！我是一名普通居民。{COMMON}谢谢！",
        f"我父亲去年在这条路上摔断了腿，三个月不能下地，家里人轮流照看。{COMMON}",
    ],
)
def test_the_same_words_set_or_put_otherwise_are_a_campaign(other: str) -> None:
    first, second = campaigns_among([COMMON, other])
    assert first is not None
    assert first == second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("建议增加社区公园的开放时间，晚上九点关门。", "建议减少社区公园的开放时间，晚上九点关门。"),
        ("我同意取消老年卡的时间限制，请尽快办。", "我不同意取消老年卡的时间限制，请尽快办。"),
        ("应当由街道负责公共设施的日常维修工作。", "不应当由街道负责公共设施的日常维修工作。"),
        ("同意", "同意"),
        ("支持该方案，希望早日实施。", "支持该方案，希望早日实施！"),
        (f"草案规定：{letters.QUOTED}。太笼统了。", f"草案规定：{letters.QUOTED}。建议增加经费来源。"),
    ],
)
def test_what_turns_a_demand_round_or_says_only_yes_is_none(one: str, other: str) -> None:
    assert campaigns_among([one, other]) == [None, None]


def test_two_identical_letters_are_a_campaign_of_two_and_one_number_makes_no_difference() -> None:
    keys = campaigns_among(["建议补贴提高到每月300元，按季度发放。", "建议补贴提高到每月500元，按季度发放。"])
    assert keys[0] is not None
    assert keys[0] == keys[1]


def test_what_a_sender_added_is_told_in_code_points_of_the_comment() -> None:
    own = "我父亲去年在这条路上摔断了腿，三个月不能下地。"
    text = f"👨‍👩‍👧您好！{COMMON}{own}谢谢！"
    places = additions(text, Wording(text), Wording(COMMON))
    assert [text[start:end] for start, end in places] == [own]


def test_a_long_frame_with_another_demand_in_it_is_none() -> None:
    before = "邻居们推我执笔，我白天上班，夜里写信，字斟句酌改了四遍，孩子都说我比考大学还用功。"
    after = "啰嗦了半天，不知道您看得到看不到，反正我把信封好，明天一早骑车送到邮局去。"
    demands = ("菜市场的秤要每月校准一次。", "电影院请给聋人加字幕。", "河边的护栏矮了半截，孩子翻得过去。")
    assert campaigns_among([before + demand + after for demand in demands]) == [None] * 3
