"""What kind of comment it is: on a clause, on the draft as a whole, or on another matter."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from app.documents.matching.signals import Evidence
from app.documents.matching.synonyms import OUTSIDE
from app.kit.text import squeeze

if TYPE_CHECKING:
    from app.documents.matching.vectors import Sense


class Kind(StrEnum):
    """`general` is praise, blame, length, timing or procedure of the draft; `out_of_scope` is another matter."""

    CLAUSE = "clause"
    GENERAL = "general"
    OUT_OF_SCOPE = "out_of_scope"


_DRAFT = "方案|办法|文件|稿子|稿|草案|意见稿|条例|政策|规划|通知|措施|规定|意见"
_GENERAL = re.compile(
    rf"(?:这|本|该|此|整)(?:个|份|部|篇|项)?(?:{_DRAFT})|整个(?:{_DRAFT})|全文|通篇|通读|总体(?:上|来说|来看|不错|很好|可以)|总的来(?:说|看)|"
    rf"(?:{_DRAFT})(?:写得|很|太|挺|非常|总体|整体|内容|题目|名称|好|出台|印发|长|不错|可行)|"
    r"征求意见|意见稿|正式稿|座谈会|听证|论证|起草|公开征|反馈|采纳|截止|篇幅|太长|看不懂|简单版|解读|宣讲|"
    r"错别字|标点|语病|校对|排版|格式|附件|结构|逻辑|章节|条理|重新梳理|任务清单|时间表|路线图|"
    r"上位法|废止|衔接|立法必要|施行日期|硬指标|空话|套话|喊口号|纸上|形式主义|烂尾|骨感|走过场|一纸空文|落到实处|落地|"
    r"没有意见|无意见|没意见|没别的|无异议|完全同意|完全赞成|完全支持|举双手|点赞|好政策|政策好|写得(?:挺|很|真|太)?好|写得不错|"
    r"支持[，。！!]|[，。]支持|^支持|赞成|感谢|谢谢|辛苦|早该|英明|"
    r"(?:什么时候|啥时候|几时|何时|哪天|早点|尽快|赶紧|赶快|早日)(?:能)?(?:出台|实施|实行|执行|落实|生效|通过|发布|开始|推行|施行)|"
    r"公示期|延长(?:到|至)|没什么(?:可|要|好)?(?:改|说|补充)|可改的|挺全面|很全面|全面|看完了|语句|用词|措辞|表述|文字|不通顺|"
    r"读了一遍|看了一遍|大话|用语|统一用语|核对|通稿|具体办法|每项任务|每一条|各条|逐条|接地气|费心|"
    r"说得好听|没下文|说到做到|好事|盼着|见效|兑现|雷声大|拖拉|一阵风|民生|为民|暖心|给力|良心|"
    r"(?:填|要|留)(?:写)?身份证|表格|填表|题目和内容|改个名|年年发文"
)
_SENDERS_OWN = re.compile(
    r"求领导|求帮忙|帮帮我|做主|报警|立案|请问办|讨(?:个|要)?说法|给我(?:一个|个)?说法|我要(?:举报|投诉|反映)|我不服|要求(?:赔|重审|退)|冤"
)
_ELSEWHERE = re.compile(
    "北京|上海|天津|重庆|广州|深圳|杭州|南京|武汉|成都|西安|郑州|济南|青岛|长春|哈尔滨|石家庄|太原|合肥|南昌|福州|厦门|"
    "长沙|南宁|海口|贵阳|昆明|拉萨|兰州|西宁|银川|乌鲁木齐|呼和浩特|苏州|香港|澳门|台湾"
)
_NEVER_ON_A_DRAFT = frozenset({"advertising", "website", "marriage", "markets", "sport_news", "entertainment", "world"})
_SHORT = 16
_LEAST_STRENGTH = 0.3
_CLEAR_STRENGTH = 8.0
_USUAL = 0.12
_CLOSENESS = 0.5
_CLEARLY_FOREIGN = 0.03
_CLEARLY_INSIDE = -0.1
"""The four are differences of cosines, chosen on all comments that docs/matching.md doesn't call final."""


def judge(comment: str, evidence: Evidence) -> Kind:
    """The kind of a comment that names no clause: by its words, corrected by its meaning where there are vectors."""
    kind = _by_words(comment, evidence)
    return kind if evidence.sense is None else _by_meaning(kind, evidence.sense)


def _by_meaning(kind: Kind, sense: "Sense") -> Kind:
    """What words call general stays so; otherwise the sort of concept decides that the comment is clearly nearest to.

    Whoever is near a clause itself has to be the nearer to another matter, for so many people tell of their own case.
    """
    nearness = _CLOSENESS * (max(sense.clauses.values(), default=0.0) - _USUAL)
    general = sense.general - max(sense.inside, sense.outside) - nearness
    foreign = sense.outside - max(sense.inside, sense.general) - nearness
    if kind is Kind.GENERAL or (general > 0 and kind is Kind.CLAUSE):
        return Kind.GENERAL
    if foreign > _CLEARLY_FOREIGN or (kind is Kind.OUT_OF_SCOPE and foreign > _CLEARLY_INSIDE):
        return Kind.OUT_OF_SCOPE
    return Kind.CLAUSE


def _by_words(comment: str, evidence: Evidence) -> Kind:
    """Praise and words on the draft itself make it general unless it speaks of matters of the draft besides.

    Matters that the draft doesn't know make it out of scope unless it speaks as much of what the draft knows.
    """
    if not comment.strip():
        return Kind.GENERAL
    on_draft = len(_GENERAL.findall(comment))
    known = len(evidence.known)
    if on_draft >= 2 and known <= 2 * on_draft:
        return Kind.GENERAL
    if on_draft and known <= 1 and evidence.strength < _CLEAR_STRENGTH:
        return Kind.GENERAL
    if not evidence.words and evidence.strength < _LEAST_STRENGTH and len(squeeze(comment)) <= _SHORT:
        return Kind.GENERAL
    return Kind.OUT_OF_SCOPE if _is_elsewhere(comment, evidence) else Kind.CLAUSE


def _is_elsewhere(comment: str, evidence: Evidence) -> bool:
    known, unknown = len(evidence.known), len(evidence.unknown)
    if any(concept in _NEVER_ON_A_DRAFT for concept in evidence.unknown):
        return True
    outside = any(evidence.fields[concept] == OUTSIDE for concept in evidence.unknown)
    if outside and known <= unknown:
        return True
    return known <= 1 and (_SENDERS_OWN.search(comment) or _ELSEWHERE.search(comment)) is not None
