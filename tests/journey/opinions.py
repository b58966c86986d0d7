"""Thirty believable opinions on the draft of tests/support/journey.py, and what becomes of each. All invented."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What the screener decides."""

    ACCEPTED = "accepted"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"
    UNSUITABLE = "unsuitable"
    REFERRED = "referred"


@dataclass(frozen=True)
class Opinion:
    """`clause` counts the draft's clauses that have a text from 0; None for the draft as a whole.

    `point` names the suggestion that it feeds.
    """

    title: str
    text: str
    clause: int | None
    fate: Fate = Fate.ACCEPTED
    point: str = ""


WEEKEND, KITCHEN, DELIVERY, PRICE, STAIRS, MENU = "周末", "后厨", "送餐", "价格", "台阶", "菜单"
WORDINGS = {
    WEEKEND: "助餐点周末和节假日照常供餐，并提前公布休息安排。",
    KITCHEN: "在助餐点安装后厨监控画面，供老年人和家属随时查看。",
    DELIVERY: "明确送餐的时限和保温要求，由社区安排专人送餐上门。",
    PRICE: "公布助餐价格和补贴标准，对困难老年人给予优惠。",
    STAIRS: "助餐点入口设置坡道和扶手，方便轮椅通行。",
    MENU: "每周张贴菜单，提供低盐低糖和清真餐食。",
}
"""The suggestion that the editor makes of those opinions."""

OPINIONS = (
    Opinion("周末没地方吃饭", "我母亲独居，助餐点周六周日不开门，只能吃剩饭。建议周末也供餐。", 0, point=WEEKEND),
    Opinion("希望节假日也开放", "国庆放假七天，助餐点全部关门。建议节假日轮流值班供餐。", 0, point=WEEKEND),
    Opinion("后厨应当看得见", "家里老人肠胃不好，最担心卫生。建议安装摄像头，让家属看到后厨。", 1, point=KITCHEN),
    Opinion("关于小区停车位", "我们小区停车位太少，晚上回家找不到位置，请有关部门管一管。", None, Fate.OUT_OF_SCOPE),
    Opinion("送餐到家要有时限", "冬天送到家饭菜都凉了。建议规定送餐时限，并使用保温箱。", 2, point=DELIVERY),
    Opinion("送餐费用谁来出", "草案说费用由各方合理分担，但没有写清比例。建议明确老人自付多少。", 2, point=PRICE),
    Opinion("门口有三级台阶", "助餐点门口有三级台阶，坐轮椅的老人进不去。建议修坡道、装扶手。", 0, point=STAIRS),
    Opinion("周末没地方吃饭", "我母亲独居，助餐点周六周日不开门，只能吃剩饭。建议周末也供餐。", 0, Fate.DUPLICATE),
    Opinion("菜单要提前公布", "每天去了才知道吃什么，糖尿病人常常白跑一趟。建议提前一周贴出菜单。", None, point=MENU),
    Opinion("低价保健品", "专供中老年保健品，假一赔十，欢迎来电订购，量大从优。", None, Fate.UNSUITABLE),
    Opinion("考虑少数民族饮食", "社区里有回族老人，助餐点没有清真餐。建议单独设灶或者配送清真餐。", None, point=MENU),
    Opinion("希望公示价格", "同样一份午餐，两个街道差四块钱。建议全市统一公示价格和补贴。", None, point=PRICE),
    Opinion("家属想随时查看", "办法里写了接受家属查看，可去了不让进。建议在手机上就能看后厨画面。", 1, point=KITCHEN),
    Opinion("反映拆迁补偿", "我家拆迁三年补偿款没有到位，多次反映没有答复，请求解决。", None, Fate.REFERRED),
    Opinion("送餐员要固定", "送餐的人总在换，老人不敢开门。建议由社区固定专人送餐。", 2, point=DELIVERY),
    Opinion("老人一个人做饭危险", "父亲八十六岁，忘关火两次。建议十五分钟走不到的优先送餐。", 2, point=DELIVERY),
    Opinion("坡道太陡", "有坡道但是太陡，推轮椅上不去。建议按无障碍规范改造。", 0, point=STAIRS),
    Opinion("咨询养老金", "请问退休人员养老金今年涨多少，什么时候补发？", None, Fate.OUT_OF_SCOPE),
    Opinion("菜太咸", "血压高的老人吃不了太咸的。建议每餐有一个少盐少糖的菜。", None, point=MENU),
    Opinion("希望节假日也开放", "国庆放假七天，助餐点全部关门。建议节假日轮流值班供餐。", 0, Fate.DUPLICATE),
    Opinion("困难老人应当减免", "低保老人一天三顿也是不小的开支。建议对低保、失能老人减半收费。", None, point=PRICE),
    Opinion("餐具消毒要公开", "看不到餐具怎么消毒。建议把消毒记录贴在取餐口。", 1, point=KITCHEN),
    Opinion("骂人的话", "写办法的人都是饭桶，什么也不懂，纯粹浪费大家时间。", None, Fate.UNSUITABLE),
    Opinion("晚饭也要供", "现在只供午饭，晚饭还得自己想办法。建议周末和工作日都供晚饭。", 0, point=WEEKEND),
    Opinion("入口灯光太暗", "冬天下午四点多天就黑了，门口没有灯。建议入口装灯和扶手。", 0, point=STAIRS),
    Opinion("公交改线", "十二路公交车改线以后去医院要换两次车，希望改回来。", None, Fate.OUT_OF_SCOPE),
    Opinion("门口有三级台阶", "助餐点门口有三级台阶，坐轮椅的老人进不去。建议修坡道、装扶手。", 0, Fate.DUPLICATE),
    Opinion("线索反映", "某街道负责人把助餐补贴发给了不符合条件的人，请予核实。", None, Fate.REFERRED),
    Opinion("送餐要有保温箱", "送餐用塑料袋提着，到家全凉了。建议统一配保温箱。", 2, point=DELIVERY),
    Opinion("补贴标准写清楚", "建议把每餐补贴多少、谁可以领写进办法，免得到窗口再问。", None, point=PRICE),
)
assert len(OPINIONS) == 30
