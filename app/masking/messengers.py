"""Accounts of WeChat, QQ and the like, told by the word beside them."""

import re

from app.masking.context import following, preceding
from app.masking.spans import Span

_WECHAT = (
    r"(?:微信|威信|薇信|维信|徽信|葳信|危信|崴信|微 信|卫星(?=号|：)|绿泡泡"
    r"|微[ .·\-_/]{1,2}信|[微薇威v]\s?[❤♥💚💌]|[+➕]\s?(?:薇|微|[vw](?![a-z]))|加\s?(?:薇|微|vx?|wx)"
    r"|[薇微](?=[：号])|v信"
    r"|(?<![a-z0-9])(?:w\s?x|v\s?x|(?:wechat|weixin|v)(?![a-z])))"
)
_QQ = r"(?:(?<![a-z0-9])q\s?q(?![a-z])|扣扣|扣q|企鹅(?=号|：|\d)|(?:加\s?|我的)q(?![a-z])|(?<![a-z0-9])q(?=号|：))"
_OTHER = r"(?:抖音|快手|小红书|钉钉|陌陌|支付宝|(?<![a-z])(?:telegram|whatsapp|line))"
_LINK = (
    r"(?:号码?|账号|帐号|id|is|名|群|邮箱|搜索?|同号?|和|或者?|、|，|QQ|微信|手机|：|是|为|叫|加|我|的|一下|请"
    r"|语音|视频|私聊|详聊|聊|吧|呗|哈|哦|沟通|交流|咨询|细说|谈|说|发|好友|用户名|昵称"
    r"|联系|方式|就|都|也|\s|（|）|“|\"|/|=|-){0,8}"
)
_SURE_LINK = r"(?:号码?|账号|帐号|id|：|是|为)(?:号码?|：|是|为|叫|\s|（|“|\"){0,5}"

_ACCOUNT = r"[A-Za-z][A-Za-z0-9_\-]{4,19}(?![A-Za-z0-9_\-@]|\.[A-Za-z0-9])"
_NUMBER = r"[1-9]\d{4,10}(?![\dA-Za-z@]|\.[A-Za-z0-9])"

_WECHAT_ACCOUNT = re.compile(rf"{_WECHAT}({_LINK})({_ACCOUNT}|{_NUMBER})", re.IGNORECASE)
_QQ_NUMBER = re.compile(rf"{_QQ}{_LINK}({_NUMBER})", re.IGNORECASE)
_OTHER_ACCOUNT = re.compile(rf"{_OTHER}{_SURE_LINK}({_ACCOUNT}|{_NUMBER})", re.IGNORECASE)
_ACCOUNT_FIRST = re.compile(
    r"(?<![A-Za-z0-9_\-.@/])([A-Za-z][A-Za-z0-9_\-]{4,19}|[1-9]\d{4,10})\s?"
    rf"(?:（(?:我的)?(?:{_WECHAT}|{_QQ})号?）|(?:这个|是我的?|的)(?:{_WECHAT}|{_QQ}))",
    re.IGNORECASE,
)
_MAY_BE_ONE = re.compile(r"[A-Za-zİıſ\u212a1-9][A-Za-z0-9İıſ\u212a_\-]{4}")
"""What every account holds, in either case; most comments have nothing of the kind."""
_IS_SURE = re.compile(r"[号：是为叫加搜=]|id", re.IGNORECASE)
_ASKED_FOR = re.compile(r"[加搜我+➕]|本人|联系")
_COUNTED = re.compile(r"\s?[年元人万亿个次版月日号条款户家名位份多余％%]")
_HOTLINES = re.compile(r"12[013]\d{2}|9[56]\d{3}|100[018]\d|955\d{2}")
_WORDS = frozenset(
    {"windows", "android", "iphone", "wechat", "weixin", "group", "account", "public", "harmonyos", "email", "phone"}
    | {"telegram", "whatsapp", "facebook", "twitter", "douyin", "tiktok", "weibo", "alipay", "mobile", "number"}
)


def find_messengers(text: str) -> list[Span]:
    """Accounts behind 微信, VX, QQ, 扣扣 and their by-names, without that word; or before it in brackets.

    Public accounts (公众号), groups by name, mini programs and payments are none: no account follows their word.
    A WeChat account needs a digit, a _ or a -, or a word such as 号 or ： that says what follows.
    """
    if not _MAY_BE_ONE.search(text):
        return []
    found = [match.span(2) for match in _WECHAT_ACCOUNT.finditer(text) if _is_account(match)]
    for pattern in (_QQ_NUMBER, _OTHER_ACCOUNT, _ACCOUNT_FIRST):
        found += [match.span(1) for match in pattern.finditer(text) if not _is_count(text, *match.span(1))]
    return [Span(start, end, "im") for start, end in found]


def _is_account(match: re.Match[str]) -> bool:
    account = match[2]
    if account.lower() in _WORDS or _is_count(match.string, *match.span(2)):
        return False
    if re.search(r"[\d_\-]", account) or _IS_SURE.search(match[1]):
        return True
    is_asked_for = "\n" not in match[1] and (
        _ASKED_FOR.search(preceding(match.string, match.start(), 6) + match[0][:3]) is not None
    )
    is_behind = re.fullmatch(r"[（ \t]*", match[1]) is not None
    return len(account) > 5 and account.islower() and (is_asked_for or is_behind)


def _is_count(text: str, start: int, end: int) -> bool:
    account = text[start:end]
    if not account.isdigit():
        return False
    return _HOTLINES.fullmatch(account) is not None or _COUNTED.match(following(text, end, 2)) is not None
