"""The words around a person's name that say that it is one.

In what whole comments are searched for, every alternative begins with a character that is written out: `re` then passes
over all other characters at once, which makes such a search eight times as fast. What has to stand before is asked for
behind it.
"""

import re

_FIELD = (
    r"姓名|联系人|联络人|收件人|收信人|收货人|留言人|建议人|反映人|来信人|提议人|提出人|申请人|投诉人|举报人|反馈人|来访人"
    r"|诉求人|报告人|监护人|委托人|代理人|受托人|代笔人|口述人|执笔人|记录人|填报人|收款人|付款人|汇款人|寄件人|发件人"
    r"|持卡人|持有人|参保人|证明人|介绍人|推荐人|承租人|出租人|户主|房主|户名|署名|落款|签名|签字|开户人|供稿人|撰稿人"
    r"|申诉人|填表人|发起人|倡议人|起草人|来电人|求助人|陈述人|附议|联名|联署|参会|出席|报名|签到"
)
FIELD_CUE = re.compile(
    rf"(?:{_FIELD}|[\u4e00-\u9fff]人|作者|家属|代表|名字|村民|市民|居民)"
    r"(?:姓名|签名|签字|（(?:签名|签字|签章|盖章|手写|章|本人)）|（?(?:全名|真名|实名)）?)?\s{0,3}[：|]\s{0,4}"
)
"""A word for a person and a colon, as in a form: what follows, up to a mark, is meant as a name."""

STRONG_CUE = re.compile(
    r"(?:我叫|俺叫|他叫|她叫|咱叫|叫(?<=[，、]叫)|名字(?<=[，；。、]名字)|名叫"
    rf"|本人[是叫]|大名[是叫]|真名[是叫]|全名[是叫]|我的名字[是叫]|名字[是叫]|{_FIELD}"
    r"|作者(?<!》作者)(?=：)|著者(?<!》著者)(?=：)|人：(?<=[\u4e00-\u9fff]人：)|敬上|敬礼！?|——|--)"
    r"(?:[：为是叫\s“（|]|就是|名字|姓名|签名|签字|签章|手写|）){0,5}"
)
"""After it a name needs nothing else to be one."""

_OFFICIAL = (
    r"党员|干部|经理|主任|书记|负责人|法人代表|法定代表人|法人|当事人|经办人|代表|校长|院长|社长|组长|队长|科长|专员|院士"
    r"|管家|老板|店长|站长|园长|支书"
)
OFFICIALS = frozenset(_OFFICIAL.split("|"))
WEAK_CUE = re.compile(
    r"(我们?是|我们?和|本人[是系]?|俺是?|俺叫|这是|市民：?|本人姓名|爱人|老伴|妻子|丈夫|媳妇|儿子|女儿|父亲|母亲"
    r"|我爸|俺爸|我妈|俺妈|我爹|俺爹|我娘|俺娘"
    r"|老公|老婆|岳父|岳母|公公|婆婆|姥爷|姥姥|女婿|孙子|孙女|外孙女?|弟弟|妹妹|哥哥|姐姐|侄子|侄女|外甥女?|姑娘|闺女"
    r"|表[哥姐弟妹]|堂[哥姐弟妹]|叔叔|舅舅|姑姑|姨妈|家属|室友|战友|搭档"
    r"|爷爷|奶奶|邻居|同事|朋友|孩子|同学"
    r"|业主|村民|居民|农民|职工|工人|教师|律师|家长|司机|志愿者|患者|老人|学生|房东|租户|会计|楼长|住户|师傅|老师"
    rf"|{_OFFICIAL}|网格员|物业|致电|拨打|打给|回电|回复|找|联系|咨询|叫"
    r"|我(?=\w{2,3}(?:实名|，(?:男|女|今年|身份证|电话|手机|住))))"
    r"[：\s“]{0,2}"
)
"""After it a name needs a contact beside it, or words that only persons have. Group 1 is the word alone."""

OWN_NAME = re.compile(r"[我俺他她咱]叫|名叫|(?:我的|本人|大|真|全)?名字?[是叫]|姓名[：是为叫\s|]")
LATIN = re.compile(
    r"(?:我叫|我是|本人|My name is|my name is|Name：|name：|联系人：?|姓名：?|署名：?|Contact：?|Regards，?"
    r"|Sincerely，?|This is|this is|I am|I'm)"
    r"\s?([A-Z][a-z]+(?: [A-Z]\.| [A-Z][a-z]+)? [A-Z][a-z]+)"
)
LATIN_APART = re.compile(r"(?:^|[，：（\n])\s?([A-Z][a-z]+(?: [A-Z]\.)? [A-Z][a-z]+)(?=\s?(?:$|[，。：（）\n]))")
LATIN_WORD = re.compile(
    r"Regards|Dear|Best|Thanks|Yours|Please|Room|Street|Road|District|City|China|Shenyang|Dalian|University|Clause"
    r"|Article|Phone|Email|Mobile|Contact|Liaoning|Province|Office|Department|Article|Draft|Government|People"
)

_TITLE = (
    r"(?:先生|女士|老师|同志|师傅|工程师|医生|大夫|律师|经理|主任|队长|小姐|老人|大爷|大妈|阿姨|叔叔|大哥|大姐|书记|会计"
    r"|护士|教授|校长|院长|所长|科长|处长|站长)"
)
AFTER_NAME = re.compile(
    rf"$|\W|{_TITLE}|身份证|证件|电话|手机|联系|微信|邮箱"
    r"|家住|现住|住|来自|今年|现年|男|女|是"
    r"|的(?:电话|手机|身份证|微信|卡|账|号)|收|家|夫妇|夫妻|姐妹|兄弟|父子|母子|俩|想|对|说|实名|也|和|等|两位|认为|建议|反映|本人|系|个人|\d|[A-Za-z]"
)
CLOSE_AFTER_NAME = re.compile(r"$|[，。；：、！（）\s\d“”A-Za-z*|/]")
END_OF_SENTENCE = re.compile(r"\s*(?:$|[。；）\n])")
NEXT_OF_LIST = re.compile(r"[ \t\u3000]{0,2}[、；][ \t\u3000]{0,2}|[ \t\u3000]{1,3}")
SELF = re.compile(r"本人|我们?是|俺是?")
AFTER_SELF = re.compile(
    r"对|就|认为|建议|作为|反映|希望|支持|同意|反对|想|有|于|自|从|已|在|家|曾|因|提出|谨|代表|和|与|特|个人"
)
"""Behind the name of someone who speaks of himself."""
END_OF_CLAUSE = re.compile(r"\s*(?:$|[，。：；、！（）\n])")
END_OF_FIELD = re.compile(
    rf"{_TITLE}?[ \t\u3000]*(?:$|[，。；、！（）\n|*/\d]|[ \t\u3000])|(?:电话|手机|身份证|性别|年龄|日期|住址)"
)
PARTICULARS = re.compile(
    r"(?=[，、\s（]{1,2}(?:男|女|[满回]族|蒙古族|朝鲜族|锡伯族|身份证号?|\d{2}岁|今年\d\d"
    r"|现年\d\d|写于|书于|于病床|口述|代笔)(?:[\u4e00-\u9fff]{0,4}[，、。；）\s]|[\u4e00-\u9fff]{0,4}$)"
    r"|[ \t\u3000，]{0,3}(?:20\d\d|二[〇○零]二[一二三四五六七八九])"
    r"(?:年[\d一二三四五六七八九十]{1,2}月[\d一二三四五六七八九十]{1,3}日"
    r"|[.\-/]\d{1,2}[.\-/]\d{1,2})[。\s]{0,3}(?:$|\n)|\s?(?:敬上|谨上|敬启|谨启|拜上|敬呈|谨呈|亲笔)[。！\s]?(?:$|\n))"
)
HAS_PARTICULARS = re.compile(
    r"男(?<=[，、\s（]男)|女(?<=[，、\s（]女)|满族|回族|蒙古族|朝鲜族|锡伯族|身份证|岁(?<=\d岁)|今年|现年|写于|书于|于病床|口述|代笔"
    r"|20|二[〇○零]二|敬上|谨上|敬启|谨启|拜上|敬呈|谨呈|亲笔"
)
"""A word or figure of each of the particulars: most comments have none, and are not searched character by character."""
SAYS_WHO = re.compile(
    r"[，、\s（]{0,2}(?:男|女|身份证|证件|现住|家住|住址|住|系|汉族|满族|回族|蒙古族|今年|现年|\d{2}岁|电话|手机"
    r"|联系|微信|实名|来自|是一?[名个位])"
)
_CONTACT_WORD = (
    r"(?:联系|移动|办公|家庭|紧急|常用)?(?:电话|手机|座机|固话|微信|QQ|身份证|证件|邮箱|信箱|住址|地址|家住|现住|住在?|银行|tel"
    r"|mobile|phone|e?-?mail|手机微信|联系方式)"
)
BETWEEN = re.compile(
    rf"{_TITLE}?(?:[ （]?收）?|家里?)?[，：、（）；\s/|\-]{{0,3}}(?:的|他的|她的|本人"
    rf"|我的)?(?:{_CONTACT_WORD})?(?:号码?|卡号?|账号)?"
    r"[：为是，（\s/|]{0,3}$",
    re.IGNORECASE,
)
BEFORE_NAME = re.compile(
    r"(?:^|\W|[职员民]工|司机|公公|婆婆|家属|女儿|回复"
    r"|[找联系叫是我和给人为问主民业电者友伴妈爸亲子女生理任记长师员的婿姐哥弟妹嫂叔姨舅姑由跟与到爷奶职])$"
)
BEHIND_CONTACT = re.compile(r"[ \t，：]{0,2}(?:（|找|联系人|机主|姓名|我叫|我是|户名|[ \t/|])[：是\s]{0,2}|(?=\w)")
BEHIND_COMMA = re.compile(r"\s?[，、]\s?")
SIGNATURE = re.compile(
    r"(?:(?:敬礼|此致|谢谢|感谢|敬上)[！。]?\s*\n|\n|^)[ \t\u3000]*([^\W\d]{2,4})[ \t\u3000]*"
    r"(?=$|\n\s*(?:[\d二〇零一三四五六七八九]{4}年|\d{4}[.\-/]|电话|手机|联系|\*))"
)
SPOKEN_OF = re.compile(r"最?(?:清楚|了解|知道|熟悉)|(?:[，的]?[他她]的?|的)(?:电话|手机|微信|身份证|住址)")
"""Behind somebody whose contact comes next."""
KIN = re.compile(
    r"爱人|老伴|妻子|丈夫|媳妇|儿子|女儿|父亲|母亲|[我俺](?:爸|妈|爹|娘)|老公|老婆|岳父|岳母|公公|婆婆|姥爷|姥姥|女婿|孙子|孙女|外孙|弟弟|妹妹"
    r"|哥哥|姐姐|侄子|侄女|外甥|闺女|叔叔|舅舅|姑姑|姨妈|爷爷|奶奶|家属|孩子"
)
FROM = re.compile(r"(?:我|本人|俺)(?:是|来自|系)[^，。！？；：、（\n*]{2,24}")
"""Who someone says to be, up to a mark: a name may end it."""
REACHED = re.compile(r"[与和跟同找向]")
IS_REACHED = re.compile(r"(?:先生|女士|老师|同志|律师|医生)?(?:取得|进行|直接)?(?:联系|沟通|对接|核实)")
LAST_WORDS = re.compile(r"[。！？!]\s{0,3}([\u4e00-\u9fff]{3,4})[。\s]{0,3}$")
PUBLIC_AFTER = re.compile(
    r"(?:总书记|主席|总理|院士|部长|省长|副?市长|厅长|委员长|将军|元帅|烈士|同志(?:的|讲|说|在|指|强|重)|先生在《"
    r"|《|精神|纪念|故居|旧居|墓|故里|公园|广场|学院|大学|中学|小学|医院|图书馆|笔下|说过|曾|指出|强调|报道|演|主持|导演"
    r"|经济学|文集|思想|主义|诗|等(?:人|专家|学者|企业家|作家|院士)|在(?:讲话|会上|发言|两会|《))"
)
"""Behind a name that is spoken of in public: near somebody's contact it is still not the contact's name."""
PUBLIC_BEFORE = re.compile(
    r"(?:主持人|记者|编辑|总书记|主席|总理|省长|市长|书记|院士|教授|专家|学者|作家|诗人|导演|演员|歌手|企业家|烈士|英雄|模范|榜样"
    r"|学习|弘扬|发扬|》|《)[：\s]?$"
)
