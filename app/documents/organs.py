"""How Chinese public bodies are called: the vocabulary that finds where one printed name ends and the next begins.

It knows kinds of bodies, not bodies: 民政局 of any city, province or autonomous region. What a directory knows by
name is looked up there. Source: the names of the State Council's and the provinces' bodies after the reforms of
2018 and 2023, with the older ones that documents in force still print.
"""

import re

_FIELDS = """
发展和改革 发展改革 发改 教育 科学技术 科技 工业和信息化 工业信息化 工业与信息化 工信 经济和信息化 经济信息化 经信 民族宗教 民族和宗教 民族
宗教 民宗 公安 国家安全 民政 司法 财政 人力资源和社会保障 人力资源社会保障 人社 自然资源 规划和自然资源 规划自然资源
规划国土 国土资源 生态环境 环境保护 住房和城乡建设 住房城乡建设 住房建设 住建 建设 城乡建设 交通运输 交通 水利 水务 农业农村 农业 商务 文化和旅游
文化旅游 文化广电旅游 文化广电和旅游 文化广播电视和旅游 文旅 文化 旅游 卫生健康 卫生和健康 卫健 卫生计生 卫生和计划生育 卫生 退役军人 应急管理 应急 审计
外事 外办 国有资产监督管理 国有资产 国资 市场监管 市场监督管理 市监 体育 统计 医疗保障 医保 数据 大数据 大数据发展 大数据中心 政务服务数据
政务服务和数据 政务服务 营商环境 营商环境建设 营商 地方金融 金融 金融监督 金融监管 机关事务 信访 广播电视 广电 新闻出版 版权 新闻出版广电
林业和草原 林草 林业 园林绿化 绿化市容 绿化和市容 绿化 药品监督 药品监管 药监 食品药品监管 食品药品监督 知识产权 粮食和物资储备 粮食和储备 粮食
物资储备 乡村振兴 扶贫开发 扶贫 人民防空 人防 国防动员 老龄 老龄工作 妇女儿童工作 妇儿工委 城市管理 城市管理综合执法 城管执法 综合行政执法 城管 行政审批服务
行政审批 投资促进 投资合作 口岸 口岸物流 港航 海洋 海洋与渔业 海洋发展 海事 渔业 畜牧 畜牧兽医 农机 供销 民航 铁路 邮政 烟草专卖 烟草 气象 地震
通信 税务 地税 国税 能源 矿山安全监察 矿山安监 煤监 煤炭 国防科技工业 国防科工 移民 文物 中医药 疾病预防控制 疾控 外汇 证券监管 证监 银保监
保监 银监 金融监督管理 监狱 戒毒 档案 参事 地方志 史志 研究 政策研究 侨务 台湾事务 港澳 港澳事务 合作交流 经济合作 公园管理 住房保障 房屋管理 房管
住房公积金 公共资源交易 公积金 食品安全 安全生产 打击走私 双拥 国土空间规划 规划 城乡规划 测绘地理信息 计量 标准化 消防救援 消防 人事 科学
教科 教体 教育体育 文教 经贸 经济贸易 商贸 工业 信息化 电子政务 信息 民营经济 中小企业 企业服务 农业农村水利 水产 自然资源和规划 自然资源规划 社会工作 网络安全和信息化 网信
机构编制 编制 军民融合发展 军民融合 组织 宣传 统一战线 统战 政法 社会建设 财经 农村工作 农工 老干部 精神文明 精神文明建设 文明 直属机关 全面依法治省 金融工作 残疾人工作 就业 人才 人才工作 巡视 监察 纪检 移民工作
""".split()
_FIELD = "|".join(sorted(_FIELDS, key=len, reverse=True))
_TAIL = (
    "(?:事务|管理|监督管理|工作|领导小组|建设|安全|工作领导小组|综合)?"
    "(?:委员会办公室|委员会|委办公室|委办|办公室|总局|总署|总队|管理局|监管局|厅|局|委|署|部|办)"
)
_WHOLE_NAMES = """
总工会 妇联 妇女联合会 残联 残疾人联合会 科协 科学技术协会 文联 作协 工商联 工商业联合会 贸促会 红十字会 侨联 台联 社科联 记协 计生协 关工委 慈善总会 慈善会
团委 法院 高级人民法院 中级人民法院 人民法院 检察院 人民检察院 高法院 政府办公厅 人民政府办公厅 政府办公室 人民政府办公室 办公厅 政府研究室 政府外办
人民政府外事办公室 政府国资委 供销社 供销合作社 供销合作总社 供销合作联社 供销总社 党校 委党校 行政学院 科学院 社科院 社会科学院 农科院 农业科学院 工程院 档案馆 图书馆
编办 网信办 文明办 政研室 委办公厅 信用办 参事室 研究室 发展研究中心 国资委 教委 科委 经信委 建委 农委 卫健委 卫生健康委 商委 交通委 农业农村委
住房城乡建设委 住房城乡建设管理委 交通委员会 规划资源局 规划自然资源委 住房和城乡建设管理委 农业农村委员会 妇儿工委办公室 妇儿工委 税务局 气象局 通信管理局 邮政管理局 烟草专卖局
消防救援总队 消防救援支队 公安消防总队 海关 证监局 银保监局 金融监管局 外汇局 电力公司 地方金融监管局 银行保险监管局 大数据局 大数据中心 公共资源交易中心 公共资源交易管理局 武警总队
银行业协会 保险行业协会 地质局 地矿局 核工业局 农垦局 农垦总局 森工集团 监狱管理局 委宣传部 委组织部 委统战部 委政法委 委网信办 委编办 委社会工作部 委金融办 委老干部局
委军民融合办 委农办 委台办 委教育工委 委办公室 委政研室 委改革办 委外办 委财办 委军民融合发展办
""".split()
_WHOLE = "|".join(sorted(_WHOLE_NAMES, key=len, reverse=True))
_PLACE = r"[^省市区县州盟旗厅委局办部署院会、，。；：（）各等和由]{2,6}"
_PREFIX = (
    rf"(?:中共)?(?:{_PLACE}(?:省|自治区|特别行政区|自治州|市|州|盟|区|县|旗)"
    r"|省|自治区|自治州|新区|市|州|盟|区|县|旗|国家|全国|中国|中央|国务院|兵团|新疆生产建设兵团)?"
    r"(?:人民政府|政府|党委|委|直属?机关)?"
)
_ORGAN = re.compile(rf"(?:{_PREFIX})(?:(?:{_FIELD}){_TAIL}|{_WHOLE})")

_NATIONAL = """
外交部 国防部 国家发展改革委 国家发展和改革委员会 教育部 科技部 科学技术部 工业和信息化部 工信部 国家民委 公安部 安全部 国家安全部 民政部 司法部 财政部 人力资源社会保障部 人社部
自然资源部 国土资源部 生态环境部 环境保护部 住房城乡建设部 住房和城乡建设部 住建部 交通运输部 水利部 农业农村部 农业部 商务部 文化和旅游部 文化部 国家卫生健康委
卫生计生委 国家卫生计生委 退役军人部 退役军人事务部 应急管理部 应急部 中国人民银行 人民银行 审计署 国务院国资委 海关总署 税务总局 国家税务总局 市场监管总局
国家市场监督管理总局 金融监管总局 国家金融监督管理总局 证监会 中国证监会 银保监会 中国银保监会 保监会 银监会 广电总局 国家广播电视总局 新闻出版广电总局 体育总局 国家体育总局 国家统计局
国家知识产权局 国家国际发展合作署 国家医保局 国家医疗保障局 国家信访局 国管局 国家粮食和储备局 国家能源局 国家数据局 国家国防科工局 国家烟草局 国家移民局 国家林草局
国家铁路局 中国民航局 民航局 国家邮政局 国家文物局 国家中医药局 国家疾控局 国家矿山安监局 国家消防救援局 国家药监局 国家外汇局 国家外汇管理局 国家密码局 国家保密局 国家档案局
国家公务员局 国家网信办 中央网信办 中央宣传部 中宣部 中央组织部 中组部 中央统战部 中央政法委 中央编办 中央社会工作部 中央金融办 中央农办 中央文明办 中央军委后勤保障部 中央军委政治工作部 全国总工会 共青团中央 团中央
全国妇联 中国残联 中国科协 全国工商联 全国老龄办 中国贸促会 中国红十字会 全国供销合作总社 供销合作总社 中国科学院 中科院 中国工程院 工程院 中国社科院 社科院 中国气象局 气象局 国务院扶贫办 国家乡村振兴局 国务院港澳办
国务院台办 国务院妇儿工委办公室 最高人民法院 最高法院 最高人民检察院 最高检察院 国务院研究室 国务院办公厅 国家开发银行 中国铁路总公司 国铁集团 中国国家铁路集团有限公司 中国邮政集团公司 国家电网公司
国家认监委 国家标准委 国家林业局 国家海洋局 国家旅游局 旅游局 安全监管总局 质检总局 工商总局 食品药品监管总局 法制办 国务院法制办
""".split()
_BRANCHES = (
    r"(?:国家税务总局[^、，。；]{2,8}税务局|国家统计局[^、，。；]{2,8}调查(?:总)?队|国家金融监督管理总局[^、，。；]{2,6}监管(?:分)?局"
    r"|国家外汇管理局[^、，。；]{2,6}分局|中国证券监督管理委员会[^、，。；]{2,6}监管局|中国银行保险监督管理委员会[^、，。；]{2,6}监管局"
    r"|(?:中国)?(?:人民银行|人行)[^、，。；]{2,8}?(?:分行营业管理部|营业管理部|中心支行|分行|支行|总部)|财政部[^、，。；]{2,6}监管局"
    r"|国家能源局[^、，。；]{2,6}监管(?:局|办公室|办)|国家矿山安全监察局[^、，。；]{2,6}局|生态环境部[^、，。；]{2,6}(?:督察局|监管局)"
    r"|国网[^、，。；]{2,6}电力(?:有限)?(?:公司)?|中国铁路[^、，。；]{2,5}局集团(?:有限)?公司|中铁[^、，。；]{2,5}局集团(?:有限)?公司"
    r"|民航[^、，。；]{2,6}(?:管理局|监管局)|共青团[^、，。；]{2,8}委(?:员会)?|团(?:省|市|区|县|州|自治区党)委|[^省市区、，。；：（）各和等由]{2,4}"
    r"(?:银保监|证监|保监|银监|金融监管)局|[^省市区、，。；：（）各和等由]{2,4}海关)"
)
_NAMED = re.compile("|".join(sorted(_NATIONAL, key=len, reverse=True)))
_BRANCH = re.compile(_BRANCHES)

_AREAS = r"[省自治区直辖市州县盟旗设级以上下地各和及与、（）乡镇街道新开发高示范辖副计划单列]"
_SCOPE = re.compile(
    rf"各{_AREAS}{{0,24}}?(?:党委(?:、|和)?(?:人民)?政府|人民政府|政府|党委|管理委员会|管委会|行署|行政公署)(?:办公厅|办公室)?"
    r"|各(?:市州|市（州）|地市|设区市|省辖市|地级以上市|州市|州、市|区县|县区|县（市、区）|区（县）|区县（市）|省（自治区、直辖市）|省|市|州|县|区|地区|地方|地)"
    r"(?=[、，。；）和等及按负牵]|$)"
    r"|(?:市|区|县|省|中央|国家|国务院)?(?:直|级|\(中\)|（中）|以上)*(?:各)?(?:有关|相关|其他有关|其他相关|其他)(?:职能|主管|成员|行业|市级|省级)?"
    r"(?:部门|单位|企业|地方|地区|院校|金融机构)(?:（[^（）]{1,8}）|[和及](?:单位|地区|地方|企业))?"
    r"|(?:省级|市级|县级|地方(?:各级)?|各级|属地|所在地|事发地|当地|省|市|区|县|乡镇|镇|街道)(?:人民)?政府|(?:乡镇|镇|街道)(?:办事处)?(?=[、，。；）和等及按负牵]|$)"
    r"|各(?:成员|责任|职能|主管)?(?:单位|部门)|各?(?:高等|普通)?(?:高校|院校|学校|商业银行|金融机构|新区|开发区|功能区)(?=[、，。；）和等及按负牵]|$)"
)

_SUFFIX = re.compile(
    r"(?:部|委|厅|局|办|署|院|会|社|行|联|司|中心|公司|集团|总队|支队|大队|政府|法院|检察院|管委会|公室|办公厅|分行|海关|处|所|站|台|校|学院|大学|协会"
    r"|馆|党委|工委|银行|联盟|基金|机构|企业|学会|单位|部门|电网|街道|镇|乡|兵团|军区|团省委|指挥部|领导小组|专班|联席会议)$"
)
_PLACE_NAME = re.compile(r"[^各省市县区州盟旗的]{2,5}(?:市|县|州|盟|新区)$")
_PROSE = re.compile(
    r"[的了着将把应须被对为从其并]|鼓励|支持|推动|推进|建立|开展|加强|落实|完善|实施|组织|制定|结合|根据|按照|通过|参照|依法|要求|以下|以上|包括|每年|不得|可以|情况|简称"
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


_LEADING = re.compile(r"(?:中共)?(省|自治区|自治州|国务院|国家|中央|全国|中国|兵团|市|州|盟|区|县|旗)")


def leading_scope(folded: str) -> str | None:
    """The leading word that says whose body it is (省, 市, 自治区, 国家 …); None for a bare or a proper name."""
    found = _LEADING.match(folded)
    return found.group(1) if found else None


_BARE = re.compile(rf"(?:(?:{_FIELD}){_TAIL}|{_WHOLE})$")


def is_bare_organ(folded: str) -> bool:
    """Whether a name is a kind of body without saying whose: 民政局, 发展改革委."""
    return leading_scope(folded) is None and _BARE.match(folded) is not None


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
_CONTRACTED = re.compile(rf"({'|'.join(short for short, _ in _STANDARD_FIELDS)})(?=厅|局|委|部)")


def spelled_out(folded: str) -> str:
    """The name with a contracted field in its usual long form: 市人社局 → 市人力资源社会保障局."""
    return _CONTRACTED.sub(lambda found: dict(_STANDARD_FIELDS)[found.group(1)], folded)


_NATIONAL_FORMS = {
    short: prefix + short
    for prefix, shorts in {
        "国家": "发展改革委 卫生健康委 卫生计生委 民委 医保局 统计局 能源局 林草局 粮食和储备局 中医药局 药监局 知识产权局 数据局 邮政局 铁路局 "
        "文物局 疾控局 矿山安监局 外汇局 信访局 国防科工局 乡村振兴局 档案局 移民局 消防救援局",
        "国务院": "国资委 扶贫办 港澳办",
        "中国": "人民银行 证监会 银保监会 残联 科协 气象局 民航局 科学院 工程院 社科院 贸促会",
        "中央": "网信办 编办 文明办 宣传部 组织部 统战部 政法委 社会工作部",
        "全国": "总工会 妇联 工商联 老龄办",
    }.items()
    for short in shorts.split()
}


def national_form(folded: str) -> str | None:
    """The full form of a name whose 国家, 国务院, 中国, 中央 or 全国 a State Council document left out."""
    return _NATIONAL_FORMS.get(folded)
