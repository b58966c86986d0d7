"""The text as it is searched: one form of width, digit and dash, without invisible characters."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.kit.text import fold
from app.masking.spans import Kind, Span

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣~～"), ord("-"))
_TRADITIONAL = str.maketrans(
    "佔來係個們倫偉傑傳儀優儲劉劍動務勛勝勞勳區協參吳呂員問啟喬單嚴國園團堅場塊塗墻壯夢奮婦媽嬸孃孫學實寧審寫寬寶對屆"
    "層島嶺嶽師帳帶幹廣張強從愛慶憲憶應懷戰戶撫攝數斷於時曉書會東條楊極榮樂樓標樣樹機歐歡歲歷殘殺氣淵湯溫滬滿漢濤瀋灣"
    "為無燈營爺現瑩畢畫當療發盡盤盧碼礙禮種穎窮競筆節範簽紀紅紐純紙級細終組絡給經綠維網緊線縣縫總績繫羅義聯聰聲聶職腦"
    "膚臨與興舊艷莊華萬葉蓮蔣蕭藍藝藥蘆蘇蘋蘭虛號蟲衛裝親覺觀計記設許詢試話詳認語說調談請論諾講謝證識譚護讀變讓豐豔貝"
    "負財貨責貴買費賀賈賢賣質賬賴贊趙跡踐車軍軒較載輕輝輪轉農這連進運過達遠遲選遼還邊郵鄉鄒鄧鄭鄰釋針鈞銀銘鋒鋼錄錢錦"
    "鍾鎮鏡鐘鐵長門開閒間閔閱閻關陳陸陽隊階隨雙雜離難雲電霧靈靜韋韓頂項順預領頭題顏願類顧風飛飯館馬馮體鮮鳥鳳鵬麗麥黃"
    "點齊龍龐龔",
    "占来系个们伦伟杰传仪优储刘剑动务勋胜劳勋区协参吴吕员问启乔单严国园团坚场块涂墙壮梦奋妇妈婶娘孙学实宁审写宽宝对届"
    "层岛岭岳师账带干广张强从爱庆宪忆应怀战户抚摄数断于时晓书会东条杨极荣乐楼标样树机欧欢岁历残杀气渊汤温沪满汉涛沈湾"
    "为无灯营爷现莹毕画当疗发尽盘卢码碍礼种颖穷竞笔节范签纪红纽纯纸级细终组络给经绿维网紧线县缝总绩系罗义联聪声聂职脑"
    "肤临与兴旧艳庄华万叶莲蒋萧蓝艺药芦苏苹兰虚号虫卫装亲觉观计记设许询试话详认语说调谈请论诺讲谢证识谭护读变让丰艳贝"
    "负财货责贵买费贺贾贤卖质账赖赞赵迹践车军轩较载轻辉轮转农这连进运过达远迟选辽还边邮乡邹邓郑邻释针钧银铭锋钢录钱锦"
    "钟镇镜钟铁长门开闲间闵阅阎关陈陆阳队阶随双杂离难云电雾灵静韦韩顶项顺预领头题颜愿类顾风飞饭馆马冯体鲜鸟凤鹏丽麦黄"
    "点齐龙庞龚",
)
"""汉字 of Hong Kong, Macao and Taiwan that stand in names, places and words about contacts."""
_PLAIN = _DASHES | _TRADITIONAL
_NOT_PLAIN = re.compile(f"[{re.escape(''.join(map(chr, _PLAIN)))}]")
_UNUSUAL = re.compile("[^\x00-\x7e\xb7\u2014-\u201d\u2026\u3000-\u301f\u4e00-\u9fff\uff00-\uff60\uffe5]")
"""Anything but ASCII, the marks of Chinese text and common 汉字: only then is each character looked at."""
_DROPPED = {"Cf", "Me"}
_HAN_DIGITS = str.maketrans("〇○零洞一壹幺二贰两三叁四肆五伍六陆七柒拐八捌九玖勾", "0000111222334455667778899" + "9")
HAN_DIGIT = "〇○零洞一壹幺二贰两三叁四肆五伍六陆七柒拐八捌九玖勾"
_PAUSE = re.compile(f"(?<=[{HAN_DIGIT}])[，、](?=[{HAN_DIGIT}])")


@dataclass(frozen=True, slots=True)
class Projection:
    """A text to search, and for each of its code points and its end the place in the original that it stands for."""

    text: str
    places: Sequence[int]

    def original(self, start: int, end: int, kind: Kind) -> Span:
        """The range of the original that a non-empty range of the searched text stands for, hidden marks with it."""
        return Span(self.places[start], self.places[end], kind)


def project(text: str) -> Projection:
    """Folded width (`kit.text.fold`: brackets and marks full-width, letters and digits half-width), plain dashes.

    Decimal digits of every script become ASCII; zero-width, bidirectional and enclosing marks, which
    hide a number from a search without changing how it reads, are left out.
    """
    folded = fold(text)
    if _NOT_PLAIN.search(folded):
        folded = folded.translate(_PLAIN)
    if not _UNUSUAL.search(folded):
        return Projection(folded, range(len(text) + 1))
    kept = [
        (_plain(character), place)
        for place, character in enumerate(folded)
        if character.isascii() or not _is_hidden(character)
    ]
    return Projection("".join(character for character, _ in kept), (*(place for _, place in kept), len(text)))


def with_han_digits_read(text: str) -> str:
    """The searched text, same length, with 〇一二… 壹贰… and 幺洞拐勾 as ASCII digits, spoken pauses as blanks."""
    return _PAUSE.sub(" ", text).translate(_HAN_DIGITS)


def _plain(character: str) -> str:
    if character.isascii():
        return character
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _DROPPED or "\ufe00" <= character <= "\ufe0f"
