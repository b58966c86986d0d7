"""The words of files of data. They are Chinese whatever the page's language, for the file is an official paper."""

from app.assignments.lifecycle import AssignmentRole, AssignmentState
from app.dispositions.kinds import DispositionKind
from app.exports.lifecycle import ExportKind, IdentityColumn
from app.submissions.lifecycle import Channel, SubmissionState
from app.submissions.organisation import OrganisationType, SubmitterKind

TITLES = {
    ExportKind.SUBMISSIONS: "意见清单",
    ExportKind.IDENTITIES: "提出人信息",
    ExportKind.RESULTS: "意见办理结果",
    ExportKind.ASSIGNMENTS: "交办情况",
    ExportKind.ARCHIVE: "归档包",
}
CONFIDENTIAL = "内部资料，注意保密"
MARK = "导出编号"
ERASED = "（已应本人申请删除）"
UNREADABLE = "（无法读取）"
WHOLE_DRAFT = "整体意见"
BETWEEN = "；"
STATES = {
    SubmissionState.RECEIVED: "待筛选",
    SubmissionState.ACCEPTED: "已受理",
    SubmissionState.OUT_OF_SCOPE: "不属受理范围",
    SubmissionState.DUPLICATE: "重复",
    SubmissionState.UNSUITABLE: "不宜公开",
}
CHANNELS = {
    Channel.WEB: "网页",
    Channel.EMAIL: "邮箱",
    Channel.LETTER: "来信",
    Channel.PHONE: "来电",
    Channel.VISIT: "来访",
    Channel.MEETING: "座谈会",
    Channel.HEARING: "听证会",
    Channel.EXPERT: "专家论证",
    Channel.DEPUTY: "代表委员",
    Channel.HOTLINE: "热线",
    Channel.MINI_PROGRAM: "小程序",
}
SUBMITTERS = {SubmitterKind.INDIVIDUAL: "个人", SubmitterKind.ORGANISATION: "单位"}
ORGANISATIONS = {
    OrganisationType.ENTERPRISE: "企业",
    OrganisationType.TRADE_ASSOCIATION: "行业协会、商会",
    OrganisationType.SOCIAL_GROUP: "社会团体",
    OrganisationType.PUBLIC_INSTITUTION: "事业单位",
    OrganisationType.STATE_ORGAN: "机关",
    OrganisationType.OTHER: "其他单位",
}
IDENTITY_HEADINGS = {
    IdentityColumn.NAME: "姓名",
    IdentityColumn.ORGANISATION: "单位名称",
    IdentityColumn.PHONE: "联系电话",
    IdentityColumn.EMAIL: "电子邮箱",
    IdentityColumn.ID_NUMBER: "身份证件号码",
}
ROLES = {AssignmentRole.LEAD: "牵头", AssignmentRole.COOPERATING: "配合"}
ASSIGNMENT_STATES = {
    AssignmentState.DELIVERED: "已送达",
    AssignmentState.ACKNOWLEDGED: "已签收",
    AssignmentState.IN_PROGRESS: "办理中",
    AssignmentState.ANSWERED: "已答复",
    AssignmentState.CONFIRMED: "答复已确认",
    AssignmentState.SENT_BACK: "已退回",
    AssignmentState.TRANSFERRED: "转办",
    AssignmentState.RECALLED: "已收回",
}
DISPOSITIONS = {
    DispositionKind.ADOPTED: "采纳",
    DispositionKind.PARTLY_ADOPTED: "部分采纳",
    DispositionKind.NOT_ADOPTED: "未采纳",
    DispositionKind.ALREADY_PROVIDED: "已有规定",
    DispositionKind.NOTED: "留作参考",
    DispositionKind.OUT_OF_SCOPE: "不属受理范围",
}
NUMBER = "序号"
SUBMISSION_HEADINGS = (
    *(NUMBER, "回执编号", "收到时间", "渠道", "状态", "提出人类型", "职业或单位类型", "条款", "标题"),
    "意见内容（已隐去个人信息）",
)
SENDER_HEADINGS = (NUMBER, "回执编号", "收到时间", "渠道", "状态")
RESULT_HEADINGS = (
    *(NUMBER, "条款", "主题", "意见建议", "合并条数", "来源份数", "提出人数", "提出单位或个人", "采纳情况"),
    *("理由", "答复公众的话", "牵头单位", "配合单位", "修改后文字"),
)
ASSIGNMENT_HEADINGS = (
    *(NUMBER, "条款", "主题", "意见建议", "承办单位", "角色", "状态", "交办时间", "签收时间", "办理期限"),
    *("答复时间", "答复确认时间", "退回理由"),
)
