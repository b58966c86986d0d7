"""What the codes of this API mean, in both languages: every value that a field may have."""

from collections.abc import Mapping

from app.api.wording import Words
from app.assignments.lifecycle import AssignmentRole as R
from app.assignments.lifecycle import AssignmentState as S
from app.consultations.lifecycle import DisplayRegime, Kind, LegalNature, Phase
from app.dispositions.kinds import DispositionKind as D
from app.submissions.lifecycle import Channel
from app.submissions.organisation import OrganisationType

TABLES: Mapping[str, Mapping[str, Words]] = {
    "state": {
        S.DELIVERED: Words("Delivered", "已交办"),
        S.ACKNOWLEDGED: Words("Acknowledged", "已签收"),
        S.IN_PROGRESS: Words("In progress", "办理中"),
        S.ANSWERED: Words("Answered", "已答复"),
        S.CONFIRMED: Words("Confirmed", "已确认"),
        S.SENT_BACK: Words("Sent back", "已退回"),
        S.TRANSFERRED: Words("Passed on", "已转办"),
        S.RECALLED: Words("Recalled", "已收回"),
    },
    "role": {R.LEAD: Words("Lead", "牵头"), R.COOPERATING: Words("Cooperating", "配合")},
    "disposition": {
        D.ADOPTED: Words("Adopted", "采纳"),
        D.PARTLY_ADOPTED: Words("Partly adopted", "部分采纳"),
        D.NOT_ADOPTED: Words("Not adopted", "未采纳"),
        D.ALREADY_PROVIDED: Words("Already provided", "已有规定"),
        D.NOTED: Words("Noted", "留作参考"),
        D.OUT_OF_SCOPE: Words("Out of scope", "不属受理范围"),
    },
    "why": {
        "named_as_lead": Words("The clause names it as lead", "条款标明其牵头"),
        "named_first": Words("The clause names it first", "条款首先列出"),
        "named_by_clause": Words("The clause names it", "条款列出"),
        "general_opinion": Words(
            "It drafted the document, and the opinion is on no clause", "起草单位，意见不针对某一条款"
        ),
        "no_department_named": Words(
            "It drafted the document, and the clause names nobody", "起草单位，条款未列责任单位"
        ),
        "chosen_by_approver": Words("A person chose it", "由审核人选定"),
        "transferred": Words("Another department passed it on", "由其他部门转办"),
        "asked_by_lead": Words("The lead department asked for cooperation", "牵头单位请求配合"),
    },
    "phase": {
        Phase.COMING: Words("Not begun", "未开始"),
        Phase.OPEN: Words("Open", "征集中"),
        Phase.SUSPENDED: Words("Suspended", "已暂停"),
        Phase.CLOSED: Words("Closed", "已截止"),
        Phase.WITHDRAWN: Words("Withdrawn", "已撤回"),
    },
    "kind": {
        Kind.GOVERNMENT_DOCUMENT: Words("Government document", "政府文件"),
        Kind.GOVERNMENT_RULE: Words("Government rule", "政府规章"),
        Kind.LOCAL_REGULATION: Words("Local regulation", "地方性法规"),
        Kind.MAJOR_DECISION: Words("Major decision", "重大决策"),
    },
    "legal_nature": {
        LegalNature.NORMATIVE_DOCUMENT: Words("Administrative normative document", "行政规范性文件"),
        LegalNature.NORMATIVE_DOCUMENT_MARKET: Words(
            "Administrative normative document concerning businesses", "涉及市场主体的行政规范性文件"
        ),
        LegalNature.GOVERNMENT_RULE: Words("Government rule", "政府规章"),
        LegalNature.LOCAL_REGULATION: Words("Local regulation", "地方性法规"),
        LegalNature.MAJOR_DECISION: Words("Major administrative decision", "重大行政决策"),
    },
    "display_regime": {
        DisplayRegime.INSTANT: Words("Shown at once", "即时展示"),
        DisplayRegime.SCREENED: Words("Published after review", "筛选后公开"),
    },
    "channel": {
        Channel.WEB: Words("Web form", "网页"),
        Channel.EMAIL: Words("E-mail", "电子邮件"),
        Channel.LETTER: Words("Letter", "来信"),
        Channel.PHONE: Words("Telephone call", "来电"),
        Channel.VISIT: Words("Visit", "来访"),
        Channel.MEETING: Words("Discussion meeting", "座谈会"),
        Channel.HEARING: Words("Public hearing", "听证会"),
        Channel.EXPERT: Words("Expert review", "专家论证"),
        Channel.DEPUTY: Words("Deputies and committee members", "代表委员"),
        Channel.HOTLINE: Words("Hotline", "热线"),
        Channel.MINI_PROGRAM: Words("Mini program", "小程序"),
    },
    "organisation_type": {
        OrganisationType.ENTERPRISE: Words("Enterprise", "企业"),
        OrganisationType.TRADE_ASSOCIATION: Words("Trade association or chamber of commerce", "行业协会商会"),
        OrganisationType.SOCIAL_GROUP: Words("Social organisation", "社会组织"),
        OrganisationType.PUBLIC_INSTITUTION: Words("Public institution", "事业单位"),
        OrganisationType.STATE_ORGAN: Words("State organ", "国家机关"),
        OrganisationType.OTHER: Words("Other organisation", "其他单位"),
    },
}
