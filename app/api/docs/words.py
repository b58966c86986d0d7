"""The words of the documentation's own pages, in both languages, and what each operation does, in Chinese.

In English the description of the API says what an operation does; see `application.py`.
"""

from collections.abc import Mapping

from app.api.wording import Words

LABELS: Mapping[str, Words] = {
    "title": Words("Department API", "责任部门接口"),
    "version": Words("v1", "v1"),
    "quickstart": Words("Quickstart", "快速入门"),
    "reference": Words("Reference", "接口参考"),
    "errors": Words("Errors", "错误代码"),
    "events": Words("Events", "事件目录"),
    "codes": Words("Codes", "代码表"),
    "contents": Words("Contents", "目录"),
    "language": Words("中文", "English"),
    "description": Words("Description (OpenAPI 3.1)", "接口描述（OpenAPI 3.1）"),
    "older": Words("For older tools (OpenAPI 3.0)", "供旧工具使用（OpenAPI 3.0）"),
    "parameters": Words("Parameters", "参数"),
    "body": Words("Body", "请求正文"),
    "answers": Words("Answers", "响应"),
    "scope": Words("Scope of the key", "所需密钥权限"),
    "required": Words("required", "必填"),
    "code": Words("Code", "代码"),
    "status": Words("Status", "状态码"),
    "meaning": Words("Meaning", "含义"),
    "mend": Words("How to mend it", "处理办法"),
    "field": Words("Field", "字段"),
    "kind": Words("Kind", "类型"),
    "record": Words("Record", "记录"),
    "request": Words("Request", "请求"),
    "answer": Words("Answer", "响应示例"),
    "retired": Words("Deprecated", "已弃用"),
    "fields_note": Words(
        "What single fields mean is told here as the description of the API tells it.",
        "字段说明译自接口描述，如有歧义以英文为准；各代码的中文见“代码表”。",
    ),
    "errors_lead": Words(
        "Rely on the status and the code; title and detail are for people.",
        "请以状态码和代码为准；标题和说明供人阅读。",
    ),
    "events_lead": Words(
        "What the feed and webhooks carry: ids and codes, nothing personal.",
        "事件流与推送只含编号和代码，不含个人信息。",
    ),
    "skip": Words("Skip to the content", "跳到正文"),
}
OPERATIONS: Mapping[str, tuple[str, str]] = {
    "list_assignments": (
        "列出交办",
        "按交办先后列出本部门的交办，可按状态、征集、期限、更新时间筛选；翻页至 next_cursor 为 null。",
    ),
    "get_assignment": (
        "查看交办",
        "查看一项交办。其他部门的交办一律按不存在处理。ETag 可用于 If-Match 与 If-None-Match。",
    ),
    "list_sources": ("查看原意见", "按收到先后列出原意见相关段落：个人信息已遮盖，不含姓名。"),
    "acknowledge_assignment": ("签收", "确认本部门已收到。仅在“已交办”状态可用一次。"),
    "begin_assignment": ("开始办理", "标明本部门已开始办理。可在“已交办”“已签收”状态使用。"),
    "note_progress": ("记录进展", "向专栏工作人员说明办理进展，不告知意见提出人。答复前可用。"),
    "send_back_assignment": ("退回", "说明不属本部门职责，并可建议其他部门，由工作人员重新交办。正式答复前可用。"),
    "transfer_assignment": ("转办", "转交其他部门，对方得到角色相同的交办。对方曾经手或转办次数过多时请改为退回。"),
    "answer_assignment": (
        "答复",
        "提交答复，或保存可反复替换的草稿。牵头部门的正式答复由起草单位确认或退回，发布后告知意见提出人。",
    ),
    "answer_assignments": ("批量答复", "对多项交办给出同一答复：要么全部成功，要么全部不变。"),
    "ask_sender": (
        "询问意见提出人",
        "经平台向一位意见提出人提问，本部门办理计时随之暂停，至答复或答复期满恢复；双方互不知晓身份。同时只能有一个待答问题。",
    ),
    "list_questions": ("询问及答复", "列出本部门就该交办提出的问题及答复，个人信息已遮盖。"),
    "ask_cooperation": (
        "请求配合",
        "牵头部门在答复前可请其他部门配合，对方得到自己的交办；已持有或曾经手后放弃的部门除外。",
    ),
    "add_file": (
        "上传文件",
        "为本部门的答复附上文件（如签批件），仅限内部。PDF、Word、JPEG、PNG，不超过 10 MB；答复以 scan 指明签批件。",
    ),
    "list_files": ("答复附件", "列出本部门答复所附文件。"),
    "download_file": ("下载答复附件", "取得本部门答复所附文件的内容。"),
    "remove_file": ("移除答复附件", "在正式答复前移除文件；已随正式答复提交的文件须保留。"),
    "list_attachments": (
        "意见附件",
        "列出随意见提交且经工作人员批准公开的附件；原始文件一律不提供，图片为重新绘制的版本。",
    ),
    "download_attachment": ("下载意见附件", "取得已公开的意见附件；撤回公开后即不可取得。"),
    "list_departments": ("部门目录", "一次列出全部部门：编号、规范名称、能否交办。"),
    "list_events": ("读取事件", "按统一顺序读取本部门记录发生的事件，不漏不重；可等待新事件。"),
    "list_webhooks": ("列出推送", "列出本部门的事件推送。"),
    "create_webhook": ("新增推送", "新增一个事件推送地址；签名密钥仅显示一次。"),
    "get_webhook": ("查看推送", "查看一个事件推送。"),
    "change_webhook": ("更改推送", "更改推送地址或所推事件。"),
    "rotate_webhook_secret": ("更换签名密钥", "换用新的签名密钥；旧密钥在过渡期内仍然有效。"),
    "reveal_webhook_secret": ("查看签名密钥", "再次查看签名密钥。"),
    "enable_webhook": ("启用推送", "启用已停用的推送。"),
    "disable_webhook": ("停用推送", "停用推送，事件仍可从事件流读取。"),
    "remove_webhook": ("删除推送", "删除推送。"),
    "test_webhook": ("发送测试事件", "向该地址发送一个测试事件。"),
    "list_webhook_deliveries": ("推送记录", "列出每次推送及其结果。"),
    "make_webhook_key_pair": (
        "生成签名密钥对",
        "此后每条推送另附 Ed25519 签名（v1a），可用 public_key 验证；再次生成则原密钥对立即失效，v1 签名不受影响。",
    ),
    "replay_dead_webhook_deliveries": (
        "批量重新推送",
        "将已放弃的推送按先后重新发送，每次最多 500 条，webhook-id 不变。",
    ),
    "replay_webhook_delivery": ("重新推送", "将一次推送重新发送。"),
    "send_submission": (
        "报送意见",
        "报送经本渠道收到的意见，与网页意见同样编号、同样取得回执；external_id 保证重复发送不重复入库。",
    ),
    "list_consultations": ("列出征集", "列出全部已公开的意见征集，截止最晚的在前。"),
    "get_consultation": ("查看征集", "查看一次意见征集。"),
    "list_versions": ("列出文稿版本", "列出曾公开征求意见的各版文稿；已存版本不再改动。"),
    "list_clauses": ("列出条款", "列出某一版本的全部条款及其责任单位。"),
    "list_public_comments": ("公开的意见", "列出网页上公开的意见（已遮盖个人信息）；筛选后公开的征集没有此项内容。"),
    "get_report": (
        "意见办理情况报告",
        "取得已公布的报告：全部统计和各条意见要点的办理结果，与结果页的 JSON 文件逐字节相同；各版公布后不再改动。",
    ),
    "who_am_i": ("密钥信息", "查看密钥属于谁、有哪些权限。建议首先调用。"),
    "issue_token": (
        "换取访问令牌",
        "以密钥换取十分钟有效的访问令牌（OAuth 2.0 客户端凭据）。权限不超过密钥，可用 scope 收窄，随密钥失效。",
    ),
    "list_requests": ("请求记录", "列出本程序近 30 天的请求：方法、路由、状态、请求编号；不含正文和地址。"),
    "list_codes": ("代码表", "各字段的全部取值及中英文名称，以及全部错误代码。"),
    "get_sandbox": ("沙箱状态", "查看沙箱当前时间。"),
    "move_sandbox_clock": ("调整沙箱时钟", "调整沙箱时间；到期事项（如催办）随即发生。"),
    "reset_sandbox": ("重置沙箱", "恢复为初始的演示交办和真实时间，此前操作全部清除。"),
}
"""Operation id → its name and what it does."""
