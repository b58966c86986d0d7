"""How Chinese public bodies are called: the vocabulary that finds where one printed name ends and the next begins.

It knows kinds of bodies, not bodies: 民政局 of any city, province or autonomous region. What a directory knows by
name is looked up there. Source: the names of the State Council's and the provinces' bodies after the reforms of
2018 and 2023, with the older ones that documents in force still print.
"""

import re
from importlib import resources


def _words(name: str) -> list[str]:
    """A word list of this area, one a line: fields of work, whole names, and names of the central bodies."""
    return resources.files("app.documents").joinpath(f"data/{name}.txt").read_text(encoding="utf-8").split()


_FIELDS = _words("fields")
_FIELD = "|".join(sorted(_FIELDS, key=len, reverse=True))
_TAIL = (
    "(?:事务|管理|监督管理|工作|领导小组|建设|安全|工作领导小组|综合)?"
    "(?:委员会办公室|委员会|委办公室|委办|办公室|总局|总署|总队|管理局|监管局|厅|局|委|署|部|办)"
)
_WHOLE_NAMES = _words("whole_names")
_WHOLE = "|".join(sorted(_WHOLE_NAMES, key=len, reverse=True))
_PLACE = r"[^省市区县州盟旗厅委局办部署院会、，。；：（）各等和由]{2,6}"
_PREFIX = (
    rf"(?:中共)?(?:{_PLACE}(?:省|自治区|特别行政区|自治州|市|州|盟|区|县|旗)"
    r"|省|自治区|自治州|新区|市|州|盟|区|县|旗|国家|全国|中国|中央|国务院|兵团|新疆生产建设兵团)?"
    r"(?:人民政府|政府|党委|委|直属?机关)?"
)
_ORGAN = re.compile(rf"(?:{_PREFIX})(?:(?:{_FIELD}){_TAIL}|{_WHOLE})")

_NATIONAL = _words("national")
_BRANCH = re.compile(
    r"(?:国家税务总局[^、，。；]{2,8}税务局|国家统计局[^、，。；]{2,8}调查(?:总)?队|国家金融监督管理总局[^、，。；]{2,6}监管(?:分)?局"
    r"|国家外汇管理局[^、，。；]{2,6}分局|中国证券监督管理委员会[^、，。；]{2,6}监管局|中国银行保险监督管理委员会[^、，。；]{2,6}监管局"
    r"|(?:中国)?(?:人民银行|人行)[^、，。；]{2,8}?(?:分行营业管理部|营业管理部|中心支行|分行|支行|总部)|财政部[^、，。；]{2,6}监管局"
    r"|国家能源局[^、，。；]{2,6}监管(?:局|办公室|办)|国家矿山安全监察局[^、，。；]{2,6}局|生态环境部[^、，。；]{2,6}(?:督察局|监管局)"
    r"|国网[^、，。；]{2,6}电力(?:有限)?(?:公司)?|中国铁路[^、，。；]{2,5}局集团(?:有限)?公司|中铁[^、，。；]{2,5}局集团(?:有限)?公司"
    r"|中央军委[^、，。；（）]{2,8}部(?:[^、，。；（）]{2,6}局)?"
    rf"|(?:{_PREFIX})公安[厅局](?:交通管理局|交通警察[总支大]队|交管局|交警[总支大]队|出入境管理局|森林公安局)"
    r"|民航[^、，。；]{2,6}(?:管理局|监管局)|共青团[^、，。；]{2,8}委(?:员会)?|团(?:省|市|区|县|州|自治区党)委|[^省市区、，。；：（）各和等由]{2,4}"
    r"(?:银保监|证监|保监|银监|金融监管)局|[^省市区、，。；：（）各和等由]{2,4}海关)"
)
_NAMED = re.compile("|".join(sorted(_NATIONAL, key=len, reverse=True)))

_PARTY_OFFICES = "宣传部|组织部|统战部|社会工作部|政法委|网信办|编办"
_AREAS = r"[省自治区直辖市州县盟旗设级的以上下地行署公各和及与、（）〈〉乡镇街道新开发高示范辖副计划单列]"
_AFTER = "(?=[、，。；）和等及按负牵均需为由]|$)"
_SCOPE = re.compile(
    r"各省、自治区、直辖市(?:和计划单列市)?(?:人民政府|政府)?|"
    r"各盟(?:行政公署|行署)[、和]各?市(?:人民)?政府"
    rf"|各{_AREAS}{{0,24}}?(?:（(?:含|包括)[^（）]{{1,20}}）)?"
    r"(?:党委(?:、|和)?(?:人民)?政府|人民政府|政府|党委|管理委员会|管委会|行署|行政公署)"
    rf"(?:办公厅|办公室|{_PARTY_OFFICES})?"
    rf"|各{_AREAS}{{0,24}}?委(?:办公室|{_PARTY_OFFICES})"
    r"|各(?:市州|市（州）|市（地）|盟市|地市|设区市|省辖市|地级以上市|州市|州、市|州（市）|区县|市县|县区|县（市、区）|县（区）"
    rf"|区（县）|区县（市）|市、县（市、区）|省（自治区、直辖市）|省区市|省|市|州|县|区|旗县区|地区|地方|地){_AFTER}"
    r"|(?:市|区|县|省|自治区|中央|国家|国务院)?(?:直|级|（中）|以上)*各?(?:有关|相关|其他有关|其他相关|其他)"
    r"(?:职能|主管|成员|行业|市级|省级)?(?:部门|单位|企业|地方|地区|院校|金融机构)"
    r"(?:（[^（）]{1,8}）|[和及](?:单位|地区|地方|企业))?"
    r"|(?:省级|市级|县级|地方(?:各级)?|各级|属地|所在地|事发地|当地|省|市|区|县|乡镇|镇|街道)(?:人民)?政府"
    rf"|(?:省|市|区|县|州)直各?(?:部门|单位)|(?:乡镇|镇|街道)(?:办事处)?{_AFTER}|各(?:成员|责任|职能|主管)?(?:单位|部门)"
    rf"|各(?:乡镇|镇街|乡|镇|街道)(?:（[^（）]{{1,6}}）)?{_AFTER}"
    rf"|各?(?:高等|普通)?(?:高校|院校|学校|商业银行|金融机构|新区|开发区|功能区){_AFTER}"
)

_SUFFIX = re.compile(
    r"(?:部|委|厅|局|办|署|院|会|社|行|联|司|中心|公司|集团|总队|支队|大队|政府|法院|检察院|管委会|公室|[督巡]查室|办公厅|分行|海关|处|所|站|台|校|学院|大学|协会"
    r"|馆|党委|工委|银行|联盟|基金|机构|企业|学会|单位|部门|电网|街道|镇|乡|兵团|军区|团省委|指挥部|领导小组|专班|联席会议)$"
)
_PLACE_NAME = re.compile(r"[^各省市县区州盟旗的]{2,5}(?:市|县|州|盟|新区)$")
_PROSE = re.compile(
    r"[的了着将把应须被对为从其并]|鼓励|支持|推动|推进|建立|开展|加强|落实|完善|实施|组织|制定|结合|根据|按照|通过|参照|依法(?!治[省市县区国])"
    r"|要求|以下|以上|包括|每年|不得|可以|情况|简称|布局|格局|大局|全局|部署|[举主承]办"
)


def longest_organ(folded: str, start: int) -> int:
    """Length of the longest name of a known kind of body that `folded` holds at `start`; 0 if none."""
    lengths = [0]
    for pattern in (_NAMED, _BRANCH, _ORGAN):
        found = pattern.match(folded, start)
        if found:
            lengths.append(found.end() - start)
    return max(lengths)


def longest_scope(folded: str, start: int) -> int:
    """Length of a collective such as 各市、县（市、区）人民政府 or 各有关部门（单位） at `start`; 0 if none."""
    found = _SCOPE.match(folded, start)
    return found.end() - start if found else 0


def is_scope(folded: str) -> bool:
    """Whether the whole name is a collective of places or bodies rather than one body."""
    return longest_scope(folded, 0) == len(folded)


def looks_like_unit(folded: str) -> bool:
    """Whether an unknown phrase is shaped like the name of a body: it ends as bodies do and holds no verb."""
    bare = re.sub(r"（[^（）]*）?$", "", folded)
    if _PLACE_NAME.match(bare):
        return True
    return 2 <= len(bare) <= 24 and bool(_SUFFIX.search(bare)) and not _PROSE.search(bare)


def is_prose(folded: str) -> bool:
    """Whether a phrase holds words that names of bodies don't."""
    return _PROSE.search(folded) is not None


_LEADING = re.compile(r"(?:中共)?(省|自治区|自治州|国务院|国家|中央|全国|中国|兵团|市|州|盟|区|县|旗)")


def leading_scope(folded: str) -> str | None:
    """The leading word that says whose body it is (省, 市, 自治区, 国家 …); None for a bare or a proper name."""
    found = None if _BARE.match(folded) else _LEADING.match(folded)
    return found.group(1) if found else None


_BARE = re.compile(rf"(?:(?:{_FIELD}){_TAIL}|{_WHOLE})$")


def is_bare_organ(folded: str) -> bool:
    """Whether a name is a kind of body without saying whose: 民政局, 发展改革委."""
    return _BARE.match(folded) is not None


_OFFICE = re.compile(
    r"(?!.*(?:海事|铁路|民航|海关|证监|保监|监管|监察|督察|专员|外汇|邮政|分局|长江|黄河|淮河|珠江|海河|松辽|太湖))[一-龥]{2,8}(?:厅|局|委|办)$"
)


def may_lack_lead(folded: str) -> bool:
    """Whether a name after 省发展改革委 and the like may be short of the same leading word: 政务和数据局."""
    if leading_scope(folded) is not None or is_national(folded) or is_scope(folded):
        return False
    return _OFFICE.match(folded) is not None and _BRANCH.match(folded) is None


_PARTY = re.compile(
    r"(?:党委)?((?:宣传|组织|统战|统一战线工作|社会工作|老干部)部|政法委|网信办|编办|政研室|金融办|军民融合办|文明办|台办)$"
)


def party_form(folded: str, lead: str) -> str | None:
    """A party organ's full name where 省委 was printed once for several: 宣传部 → 省委宣传部, 自治区党委宣传部."""
    found = _PARTY.match(folded)
    if not found:
        return None
    return lead + ("党委" if lead.startswith("自治") or lead == "兵团" else "委") + found.group(1)


def is_national(folded: str) -> bool:
    """Whether the whole name is one body of the central authorities."""
    found = _NAMED.match(folded)
    return found is not None and found.end() == len(folded)


_STANDARD_FIELDS = (
    ("发改", "发展改革"),
    ("工业信息化", "工业和信息化"),
    ("工信", "工业和信息化"),
    ("人社", "人力资源社会保障"),
    ("住建", "住房城乡建设"),
    ("文旅", "文化和旅游"),
    ("卫健", "卫生健康"),
    ("市监", "市场监管"),
)
_CONTRACTED = re.compile(rf"({'|'.join(short for short, _ in _STANDARD_FIELDS)})(?=(?:厅|局|委|部)(?:（|$))")


def spelled_out(folded: str) -> str:
    """The name with a contracted field in its usual long form: 市人社局 → 市人力资源社会保障局."""
    return _CONTRACTED.sub(lambda found: dict(_STANDARD_FIELDS)[found.group(1)], folded)


_NATIONAL_FORMS = {
    short: prefix + short
    for prefix, shorts in {
        "国家": "发展改革委 卫生健康委 卫生计生委 民委 医保局 统计局 能源局 林草局 粮食和储备局 中医药局 药监局 "
        "知识产权局 数据局 邮政局 铁路局 文物局 疾控局 矿山安监局 外汇局 信访局 "
        "国防科工局 乡村振兴局 档案局 移民局 消防救援局",
        "国务院": "国资委 扶贫办 港澳办",
        "中国": "人民银行 证监会 银保监会 残联 科协 气象局 民航局 科学院 工程院 社科院 贸促会",
        "中央": "网信办 编办 文明办 宣传部 组织部 统战部 政法委 社会工作部",
        "全国": "总工会 妇联 工商联 老龄办",
    }.items()
    for short in shorts.split()
} | {
    "开发银行": "国家开发银行",
    "工信部": "工业和信息化部",
    "人社部": "人力资源社会保障部",
    "住建部": "住房城乡建设部",
    "应急部": "应急管理部",
    "中宣部": "中央宣传部",
    "中组部": "中央组织部",
    "团中央": "共青团中央",
}


def national_form(folded: str) -> str | None:
    """The full form of a name whose 国家, 国务院, 中国, 中央 or 全国 a State Council document left out."""
    return _NATIONAL_FORMS.get(folded)
