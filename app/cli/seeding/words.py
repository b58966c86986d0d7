"""Comments made of building blocks: hardly two of people's own are alike, copies are, quite or nearly."""

import random
from dataclasses import dataclass

from app.cli.seeding.drafts import Matter

OPENINGS = (
    "您好，",
    "我是本地居民，",
    "作为家长，我想说几句。",
    "看了征求意见稿，",
    "住了{years}年，有些体会。",
    "",
    "",
    "",
)
REASONS = ("主要是因为", "常见的情况是", "实际情况是", "这几年", "去年以来，", "")
CLOSINGS = ("谢谢。", "望采纳。", "请考虑。", "以上意见供参考。", "希望早日实施。", "", "")
ADDITIONS = ("另外，{place}的照明也该修一修。", "我母亲{age}岁了，更需要这一条。", "我们楼里有{homes}户都这么想。")
FOREIGN = (
    ("暖气不热", "我家暖气从上个月开始只有十几度，打了电话没有人来，请帮忙协调。"),
    ("办理退休手续", "请问办理退休要带哪些材料，窗口周六上班吗？"),
    ("邻居装修", "楼上装修到夜里十点，已经两个星期了，请有关部门管一管。"),
)
TITLES = ("关于{what}的意见", "{what}的建议", "对{what}提一点看法", "{what}")


@dataclass(frozen=True)
class Written:
    title: str
    comment: str


def own(matter: Matter, chance: random.Random, what: str) -> Written:
    """One person's own words about a clause, or about the whole; `what` names it."""
    first, second = chance.sample(matter.wishes, 2)
    parts = [
        chance.choice(OPENINGS),
        f"{chance.choice(matter.places)}，{chance.choice(REASONS)}{chance.choice(matter.troubles)}",
        f"，离家{chance.randrange(50, 1500, 10)}米" if chance.random() < 0.3 else "",
        "。",
        f"关于“{what}”，" if chance.random() < 0.5 else "",
        f"建议{first}",
        f"；也可以{second}" if chance.random() < 0.6 else "",
        f"，大约{chance.randrange(5, 400)}人受益" if chance.random() < 0.3 else "",
        "。",
        chance.choice(CLOSINGS),
    ]
    comment = "".join(parts).format(years=chance.randrange(2, 40))
    return Written(chance.choice(TITLES).format(what=what), comment)


def copied(matter: Matter, chance: random.Random, which: int) -> Written:
    """One of a few texts that many send, now and then with a sentence of the sender's own."""
    wish, place = matter.wishes[which % len(matter.wishes)], matter.places[which % len(matter.places)]
    text = (
        f"我支持这份文件，同时认为应当{wish}。{place}的情况大家都清楚，这件事不能再拖。请有关部门认真研究并公布结果。"
    )
    if chance.random() < 0.15:
        own_words = chance.choice(ADDITIONS)
        text += own_words.format(
            place=chance.choice(matter.places), age=chance.randrange(60, 95), homes=chance.randrange(6, 60)
        )
    return Written(f"关于{wish[:12]}的意见", text)


def foreign(chance: random.Random) -> Written:
    """What has nothing to do with any draft."""
    return Written(*chance.choice(FOREIGN))
