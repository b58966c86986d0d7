"""Addresses that lead to one household's door."""

import re

from app.masking.context import following, preceding
from app.masking.spans import Span

LONGEST_LEAD = 60
"""Code points searched before a house number for city, district, street and estate."""
LONGEST_NAME = 8
"""Code points of a place's own name between two words for kinds of place (市, 路, 小区, …)."""
LONGEST_BARE_NAME = 6
"""Code points of an estate's name that does not say what it is (江畔名都)."""

_NUMERAL = r"(?:门牌号?码?：?)?(?:\d{1,4}[A-Za-z甲乙丙丁]?|[A-Z]\d{0,3}|[一二三四五六七八九十百零〇]{1,5}|[甲乙丙丁])"
_GAP = r"[ \t\u3000，]?"
_KINDS = {
    "building": r"号楼|号院|栋楼?|幢楼?|座|#楼?|楼(?=[ ]?[\d一二三四五六七八九]{1,2}(?:单元|门))",
    "unit": r"单元|门(?![口前头诊外牌])|梯",
    "room": r"室|号房|房间|(?<=\d)户(?![型口籍都])",
    "floor": r"层|楼(?![上下道梯顶房盘])",
    "group": r"组|队",
    "house": r"号(?![线文令台])[甲乙丙丁]?",
}
_PART = re.compile(
    rf"{_NUMERAL}(?:-\d{{1,4}}){{0,2}}[ ]?(?:" + "|".join(f"(?P<{k}>{v})" for k, v in _KINDS.items()) + ")"
)
_PLAIN_PART = re.sub(r"\?P<\w+>", "?:", _PART.pattern)
_HAS_PART = re.compile(r"[\dA-Za-z一二三四五六七八九十百零〇甲乙丙丁][ ]?[号栋幢座楼#单门梯室房户层组队]")
"""The last sign of a part's numeral and the first of its kind: most comments have no such two together."""
_BARE_ROOM = (
    r"[ ]?(?:\d{1,4}(?:-\d{1,4}){1,2}|\d{3,4}|[一二三四五六七八九零〇]{3,4}|[东西南北中左右]{1,2}[户门])"
    r"(?![\d.\-一二三四五六七八九十百千万]|[ ]?[元人户年米个平层])"
)
_CHAIN = re.compile(rf"(?<![\d.\-第]){_PLAIN_PART}(?:{_GAP}{_PLAIN_PART}){{0,6}}({_BARE_ROOM})?")
_DASHED = re.compile(
    r"(?<![A-Za-z\d.\-/])(?:[A-Z]?\d{1,3}[甲乙丙丁]?#?-\d{1,2}(?:-\d{1,2})?-\d{1,4}|[A-Z]?\d{1,3}[甲乙丙丁]?#-\d{2,4})(?![\d.\-/])[室号户]?"
)
_ROOM_OF_A_DASHED = re.compile(r"\d{1,3}#?-\d{1,2}-(?!19\d\d|20\d\d)(?:[1-9]|[1-3]\d)\d{2}[室号户]?")
_NOT_A_ROOM = re.compile(r"(?:第|图|表|附件|编号|号|款|条|型|版本?|标准|代码|比分?|No)[：. ]?$")
_NAMED_GROUP = re.compile(
    r"(?<=[村屯])(?:[\u4e00-\u9fff]{1,3}(?:组|屯)(?![织长里的])|村?[东西南北][头边侧](?:第[一二三四五六七八九十\d]{1,2}[家户])?)"
)

_END_OF_LEAD = re.compile(r"[^\w#\- \t\u3000]")
_NO_PLACE = re.compile(
    r"我们?|你们?|他们?|她们?|咱们?|您|本人|(?:住|在|是|的|了|址|于(?!洪)|到|去|寄|给|这|那|叫|找|请|从|把|被|有|也|还|跟|及"
    r"|或|但|因|租|每|为|该|说|看|没|不|很|籍|离|距)(?!(?<=[市区县旗镇乡道][\u4e00-\u9fff].)[镇乡街村屯路社])"
    r"|现居|定居|户口|业主|居民|收货|发往|就|投诉|举报|反映|建议|希望|关于|针对|来自|老家"
    r"|坐落|经过|隔壁|楼上|楼下|对门|对面|以及|比如|例如|包括|一直|现在|今年"
)
_KIND_OF_PLACE = "省市区县旗镇乡村屯街路道巷弄里园苑城府庄院厦段组号邨坊湾寓墅居庭郡轩阁岛堡同期队委处"
_ESTATE = frozenset("区园苑城府庄院厦邨坊湾寓墅居庭郡轩阁里期楼堡")
_ROAD_OR_VILLAGE = frozenset("路街道巷弄同段村屯组队里委")
_PROVINCE_OR_CITY = re.compile(
    "(?:(?:辽宁|沈阳|大连|鞍山|抚顺|本溪|丹东|锦州|营口|阜新|辽阳|盘锦|铁岭|朝阳市|葫芦岛"
    "|北京|上海|天津|重庆|吉林|长春|黑龙江|哈尔滨)(?![路街大道巷胡])"
    "|和平区|沈河区|大东区|皇姑区|铁西区|苏家屯区|浑南区|沈北新区|于洪区|辽中区|康平县|法库县"
    "|新民市|中山区|西岗区|沙河口区|甘井子区|旅顺口区|金州区|普兰店区|长海县|瓦房店市|庄河市"
    "|铁东区|立山区|千山区|台安县|岫岩|海城市|新抚区|东洲区|望花区|顺城区|抚顺县|新宾|清原"
    "|平山区|溪湖区|明山区|南芬区|本溪县|桓仁|元宝区|振兴区|振安区|宽甸|东港市|凤城市|古塔区"
    "|凌河区|太和区|黑山县|义县|凌海市|北镇市|站前区|西市区|鲅鱼圈区|老边区|盖州市|大石桥市"
    "|海州区|新邱区|太平区|清河门区|细河区|彰武县|白塔区|文圣区|宏伟区|弓长岭区|太子河区|辽阳县"
    "|灯塔市|双台子区|兴隆台区|大洼区|盘山县|银州区|清河区|铁岭县|西丰县|昌图县|调兵山市|开原市"
    "|双塔区|龙城区|朝阳县|建平县|喀左|喀喇沁左翼|北票市|凌源市|连山区|龙港区|南票区|绥中县"
    "|建昌县|兴城市)"
)
"""With the counties and districts of Liaoning: an address begins with the first of them."""
_AT_HOME = re.compile(
    r"住|[我俺咱她他]们?家(?![对门附旁楼前后])|家(?:就|位于|是|：)|家在|租|房屋|家里|老家|家庭|地址|住址|户籍|户口|寄|收货|收件|送到|门牌|房产|房子|现居"
    r"|定居"
)
_PUBLIC = re.compile(
    r"政府|政务|大厅|医院|学校|大学(?![路街城])|中学|小学|幼儿园|法院|机关|办公|会议|酒店|宾馆|商场|写字楼"
    r"|[局厅](?=.{0,2}$)"
)
_OFFICE = re.compile(
    r"政府|政务|[局厅委署]|法院|检察院|医院|学校|大学|中学|小学|幼儿园|机关|单位|公司|企业|工厂|中心|办公|会议|酒店|宾馆|商场|写字楼"
    r"|银行|超市|门店|饭店|药店|派出所|[图博科展场]馆|站|窗口|大厅|养老院|服务处|机构|门市|营业"
)
_LIVES_THERE = re.compile(r"的?(?:居住|住(?![户宅院房]))")
_CONTACT_BEHIND = re.compile(r"[，。；\s]{0,2}(?:（?收|(?:联系)?(?:电话|手机)|邮编|\*)")
_IS_RESIDENT = re.compile(r"(?:我们?|本人|俺们?)(?:都?是|作为)|^作为|本人系")
_RESIDENT = re.compile(r"的?(?:村民|居民|业主|住户|农户|农民|人(?![员大]))")
_NEARBY = re.compile(r"的?(?:对面|附近|旁|门口|门前|路口|前|后|楼下|一带|周边|院墙|以[东南西北])")


def find_addresses(text: str) -> list[Span]:
    """Addresses down to a room, or to a unit or house where the place is named or someone is said to live there.

    A span begins with the city, street or estate that leads up to the number; longer spans come first. A street, an
    estate or a building alone is none, nor is the house number of what stands in the street.
    """
    found: list[Span] = []
    for match in _CHAIN.finditer(text) if _HAS_PART.search(text) else ():
        start = _beginning_of_lead(text, match.start())
        if _leads_to_a_door(text, match, start):
            found.append(Span(start, match.end(), "address"))
    for match in _DASHED.finditer(text) if "-" in text else ():
        start = _beginning_of_lead(text, match.start())
        ends_in_estate = start < match.start() and text[match.start() - 1] in _ESTATE | _ROAD_OR_VILLAGE
        is_long = match[0][-2:].isdigit() or match[0].count("-") > 2 or not match[0][-1].isdigit()
        if ends_in_estate or (is_long and _is_home(text, *match.span())) or _is_bare_room(text, match):
            found.append(Span(start, match.end(), "address"))
    for match in _NAMED_GROUP.finditer(text) if "村" in text or "屯" in text else ():
        start = _beginning_of_lead(text, match.start())
        if start < match.start() and _is_home(text, start, match.end()):
            found.append(Span(start, match.end(), "address"))
    return sorted(found, key=lambda span: span.start - span.end)


def _leads_to_a_door(text: str, chain: re.Match[str], start: int) -> bool:
    kinds = {part.lastgroup for part in _PART.finditer(chain[0])}
    has_bare_room = chain[1] is not None and bool(kinds & {"building", "unit", "floor", "house"})
    has_room = "room" in kinds or has_bare_room or {"unit", "house"} <= kinds
    if has_room and kinds & {"building", "unit"}:
        is_private = "unit" in kinds or not _PUBLIC.search(text[start : chain.start()])
        return is_private or _is_home(text, *chain.span())
    if start == chain.start():
        return {"unit", "building"} <= kinds and _is_home(text, *chain.span())
    return _names_a_household(text, chain, start, kinds, has_room=has_room)


def _names_a_household(text: str, chain: re.Match[str], start: int, kinds: set[str | None], *, has_room: bool) -> bool:
    """Whether a named place with less than a building's room, such as a house in a road, is where someone lives."""
    if "unit" in kinds and kinds & {"building", "house"}:
        return True
    is_placed = text[chain.start() - 1] in _ROAD_OR_VILLAGE | _ESTATE
    if has_room and "house" in kinds and is_placed:
        return True
    if _NEARBY.match(following(text, chain.end(), 4)):
        return False
    if {"group", "house"} <= kinds:
        return is_placed
    at_road = bool(kinds & {"house", "group"}) and is_placed
    if (at_road or "building" in kinds) and _belongs_to_someone(text, start, chain.end(), at_road=at_road):
        return True
    names_an_office = _OFFICE.search(re.split(r"[，。！？；、（）\s]", following(text, chain.end(), 12))[0]) is not None
    return not names_an_office and _is_home(text, *chain.span())


def _belongs_to_someone(text: str, start: int, end: int, *, at_road: bool) -> bool:
    """Whether residents or a contact are named behind it, or nothing tells and a house in a road is named in full."""
    if _CONTACT_BEHIND.match(text, end):
        return not _OFFICE.search(re.split(r"[，。！？；]", preceding(text, start, 24))[-1])
    return at_road and (_is_of_residents(text, end) or _stands_alone(text, start, end))


def _is_of_residents(text: str, end: int) -> bool:
    return _RESIDENT.match(following(text, end, 4)) is not None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a whole postal address ends its clause and nothing around it says that an office is there."""
    clause = re.split(r"[，。！？；]", preceding(text, start, 24))[-1]
    behind = following(text, end, 12)
    is_whole = re.search(r"[市区县旗]", text[start:end]) is not None
    return is_whole and re.match(r"\s*(?:$|[，。；、）])", behind) is not None and not _OFFICE.search(clause + behind)


def _is_bare_room(text: str, match: re.Match[str]) -> bool:
    """Whether building, unit and room stand there although nothing is said of a home: 6-3-601."""
    is_room = _ROOM_OF_A_DASHED.fullmatch(match[0]) is not None
    is_example = re.match("这样|这种|格式|的?编号|之类", following(text, match.end(), 4)) is not None
    return is_room and not is_example and _NOT_A_ROOM.search(preceding(text, match.start(), 4)) is None


def _is_home(text: str, start: int, end: int) -> bool:
    """Whether the words of the same clause before it, or right behind it, say that someone lives there."""
    clause = re.split(r"[，。！？；]", preceding(text, start, 40))[-1]
    if _AT_HOME.search(clause) or _LIVES_THERE.match(following(text, end, 4)):
        return True
    return _IS_RESIDENT.search(clause) is not None and _is_of_residents(text, end)


def _beginning_of_lead(text: str, place: int) -> int:
    """Where the names of places that end at `place` begin; `place` itself if none does."""
    lead = preceding(text, place, LONGEST_LEAD)
    lead = _END_OF_LEAD.split(lead)[-1]
    lead = _NO_PLACE.split(lead)[-1]
    return place - len(_named_part(lead.lstrip("家 \t\u3000")))


def _named_part(lead: str) -> str:
    """The end of a lead that names places one after another, each name with its kind: 和平区南京街, 星海小区."""
    trimmed = lead.rstrip()
    if not trimmed:
        return ""
    last = max(map(trimmed.rfind, _KIND_OF_PLACE))
    if len(trimmed) - 1 - last > LONGEST_BARE_NAME:
        return ""
    if last < 0:
        return lead if len(trimmed) > 1 else ""
    first = _first_kind_of_place(trimmed[: last + 1])
    start = max(0, first - LONGEST_NAME)
    if " " in trimmed[start:first]:
        start += trimmed[start:first].rindex(" ") + 1
    city = _PROVINCE_OR_CITY.search(lead, start)
    named = lead[city.start() if city else start :]
    return "" if named.strip() in {"小区", "社区", "区", "村", "街", "路", "楼"} else named


def _first_kind_of_place(lead: str) -> int:
    """The leftmost word for a kind of place from which names of ordinary length lead on to the end."""
    first = len(lead) - 1
    for index in range(len(lead) - 2, -1, -1):
        if first - index > LONGEST_NAME + 1:
            break
        if lead[index] in _KIND_OF_PLACE:
            first = index
    return first
