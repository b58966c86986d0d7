"""Letters as campaigns have them, all invented: each changed as people change what they pass on, and letters that only
look alike."""

import random

LETTERS = (
    (
        "小区的健身步道坏了一年多，下雨天全是积水，好几位老人在上面滑倒。",
        "物业说要等维修资金，街道说归物业管。",
        "建议由街道先行垫付修好步道，费用从明年的维修资金里扣还。",
        "修好之后每季度检查一次，结果贴在公告栏。",
    ),
    (
        "乡里到县城的早班车取消以后，看病的人只能包车。",
        "包一趟车要{n}元，比药费还贵。",
        "请恢复每天早上六点半的班车，票价由县里定。",
        "班车改线要提前十五天告诉村里。",
    ),
    (
        "幼儿园放学时门口的路被送货车堵得水泄不通。",
        "希望在下午四点到五点半禁止货车驶入，并划出接送区。",
        "违规停车的由交警每周通报一次。",
    ),
)
SHORT = "建议图书馆的自习室开到晚上十点，周末不闭馆。"
ADDED = (
    "我在这里住了三十年，头一回碰到这么长时间没人管的事，打电话、写信、找人都试过了，每次都说在研究。",
    "顺便说一句，广场上的公厕晚上锁门，也请开一下。",
    "我父亲腿脚不好，去年冬天摔了一跤，到现在还要拄拐杖，家里轮流请假照看，日子过得实在艰难。",
)
OPENINGS = ("", "", "尊敬的领导：您好！", "大家好，我是{p}的{m}。", "作为一名普通居民，我认真阅读了征求意见稿。")
CLOSINGS = ("", "", "谢谢！", "恳请采纳。{m}", "此致敬礼！", "以上是我的一点看法，请予考虑。")
SAME_SENSE = (
    ("建议", "希望"),
    ("检查", "查验"),
    ("取消", "停掉"),
    ("结果", "情况"),
    ("恢复", "重新开"),
    ("门口", "大门前"),
)
ALONE = (
    "健身步道不用修了，把钱用来装路灯更实在。",
    "街道垫付不合适，谁的责任谁出钱，建议让物业按合同修。",
    "不应由街道先行垫付修好步道，也不要从明年的维修资金里扣还。",
    "早班车没几个人坐，停了也好，不如开网约小巴。",
    "县医院能不能到乡里设门诊，省得老人来回跑。",
    "货车白天不让进，店里的菜就断了，请给我们留两个小时。",
    "接送区划在小区里面更安全，门口太窄。",
    "图书馆开到十点，保安和保洁的加班费谁出？",
    "自习室总有人占座，请用预约系统。",
    "公园的长椅太少，走一圈没地方歇脚。",
    "菜市场的秤不准，请市场监管部门多查。",
    "冬天路面结冰，撒盐车来得太晚。",
)
FRAME = (
    "尊敬的各位领导：你们好！我是一名退休多年的老同志，一直十分关心家乡的发展，看到政府公开征求意见，我非常高兴，现将自己的想法汇报如下：{}",
    "以上看法不一定全面，但都是真心话，希望领导在百忙之中看一看，祝愿我们的家乡越来越好！",
)
QUOTED = "街道应当会同有关部门完善公共活动场所的维护管理机制，定期开展安全检查，及时消除隐患"
ON_QUOTED = (
    "写得太笼统。",
    "同意。",
    "不同意，应由物业承担。",
    "建议增加经费来源。",
    "建议删去“定期”二字。",
    "农村怎么办？",
)
GENERIC = ("同意", "支持！", "没有意见", "赞成，希望早日实施", "完全同意该草案", "无意见。", "很好，支持")


def passed_on(letter: tuple[str, ...], chance: random.Random) -> str:
    """The letter as somebody else sends it."""
    sentences = list(letter)
    if len(sentences) > 3 and chance.random() < 0.2:
        sentences.pop(chance.choice((0, 1, 3)))
    if chance.random() < 0.2:
        chance.shuffle(sentences)
    text = "".join(sentences)
    for word, other in SAME_SENSE:
        text = text.replace(word, other) if chance.random() < 0.3 else text
    text = _added(text, chance)
    text = chance.choice(OPENINGS) + text + chance.choice(CLOSINGS)
    text = text.replace("{n}", chance.choice(("80", "120", "三百")))
    text = text.replace("{p}", chance.choice(("东河区", "西山县"))).replace("{m}", chance.choice(("王建国", "李芳")))
    return _set_otherwise(text, chance)


def members(of_each: int, chance: random.Random) -> list[tuple[str, int]]:
    """Letters with the number of their campaign."""
    letters = [(passed_on(letter, chance), place) for place, letter in enumerate(LETTERS) for _ in range(of_each)]
    short = [(chance.choice(OPENINGS[:3]) + SHORT + chance.choice(CLOSINGS[:3]), len(LETTERS)) for _ in range(of_each)]
    return letters + short


def strangers() -> list[str]:
    """Letters of which no two ask for the same."""
    framed = [FRAME[0].format(text) + FRAME[1] for text in ALONE[::2]]
    quoting = [f"草案规定：{QUOTED}。{own}" for own in ON_QUOTED]
    pasted = [f"{QUOTED}。{own}" for own in ON_QUOTED[2:4]]
    return [*ALONE[1::2], *framed, *quoting[:2], *quoting[4:], *pasted, *GENERIC, *GENERIC]


def _added(text: str, chance: random.Random) -> str:
    which = chance.random()
    if which < 0.2:
        return text + chance.choice(ADDED)
    if which < 0.35:
        return chance.choice(ADDED) + text
    return chance.choice(ADDED) + text + chance.choice(ADDED) if which < 0.4 else text


def _set_otherwise(text: str, chance: random.Random) -> str:
    """In other marks, widths and lines."""
    ways = (
        text.replace("，", ",").replace("。", "."),
        text.replace("。", "！"),
        text.replace("。", "。\n\n　　"),
        text.replace("，", " ").replace("。", " "),
        "".join(chr(ord(it) + 0xFEE0) if it.isascii() and it.isalnum() else it for it in text) + "👍",
        text,
        text,
    )
    return chance.choice(ways)
