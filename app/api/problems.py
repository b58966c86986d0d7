"""Every problem that this API can answer with: its stable code, its status, and its words in both languages.

`detail` says how to mend it; names in braces are filled from what the error tells.
"""

from app.api.asking_problems import ASKING_PROBLEMS
from app.api.file_problems import FILE_PROBLEMS
from app.api.hook_problems import HOOK_PROBLEMS
from app.api.log_problems import LOG_PROBLEMS
from app.api.token_problems import TOKEN_PROBLEMS
from app.api.wording import ProblemKind, Words

PROBLEMS: dict[str, ProblemKind] = {
    **HOOK_PROBLEMS,
    **FILE_PROBLEMS,
    **LOG_PROBLEMS,
    **TOKEN_PROBLEMS,
    "bad_request": ProblemKind(
        400,
        Words("The request can't be read", "请求无法读取"),
        Words("Check the request against the API description.", "请对照接口说明检查请求。"),
    ),
    "malformed_json": ProblemKind(
        400,
        Words("The body is not JSON", "请求正文不是有效的 JSON"),
        Words(
            "Send one JSON value as RFC 8259 defines it: no NaN, no unpaired surrogates.",
            "请按 RFC 8259 发送一个 JSON 值，不得含 NaN 或不成对的代理字符。",
        ),
    ),
    "bad_encoding": ProblemKind(
        400,
        Words("The body is not UTF-8", "请求正文不是 UTF-8 编码"),
        Words("Encode the body as UTF-8, not as GBK or GB 18030.", "请以 UTF-8 编码正文，不要使用 GBK 或 GB 18030。"),
    ),
    "duplicate_name": ProblemKind(
        400,
        Words("A name appears twice in one JSON object", "同一 JSON 对象中有重复的名称"),
        Words("Send each name once.", "每个名称只发送一次。"),
    ),
    "repeated_parameter": ProblemKind(
        400,
        Words("A query parameter appears twice", "查询参数重复"),
        Words("Send each query parameter once.", "每个查询参数只发送一次。"),
    ),
    "bad_cursor": ProblemKind(
        400,
        Words("The cursor was not made here", "游标无效"),
        Words(
            "Pass `next_cursor` of an earlier page unchanged, or start again without `cursor`.",
            "请原样传入上一页返回的 next_cursor，或不带 cursor 从头开始。",
        ),
    ),
    "missing_key": ProblemKind(
        401,
        Words("There is no key", "未提供密钥"),
        Words(
            "Send the key as `Authorization: Bearer yl_…` or as `X-API-Key: yl_…`.",
            "请以 Authorization: Bearer yl_… 或 X-API-Key: yl_… 发送密钥。",
        ),
    ),
    "wrong_key": ProblemKind(
        401,
        Words("The key is unknown, expired or revoked", "密钥不存在、已过期或已吊销"),
        Words("Ask the column's administrator for a new key.", "请向专栏管理员申请新的密钥。"),
    ),
    "keys_frozen": ProblemKind(
        403,
        Words("Keys are stopped for now", "密钥已暂停使用"),
        Words(
            "An incident is being looked into. Your key stays valid; try again later.",
            "正在核查安全事件，密钥仍然有效，请稍后再试。",
        ),
    ),
    "forbidden": ProblemKind(
        403,
        Words("The key may not do this", "密钥没有此项权限"),
        Words("Use a key with the scope `{scope}`.", "请使用具有 {scope} 权限的密钥。"),
    ),
    "sandbox_only": ProblemKind(
        403,
        Words("This is for keys of the sandbox", "此操作仅限测试密钥"),
        Words("Use a key that begins with `yl_test_`.", "请使用以 yl_test_ 开头的测试密钥。"),
    ),
    "not_found": ProblemKind(
        404,
        Words("There is nothing here", "地址不存在"),
        Words("Check the address against the API description.", "请对照接口说明检查地址。"),
    ),
    "no_such_assignment": ProblemKind(
        404,
        Words("Your department has no such assignment", "本部门没有这项交办"),
        Words("Take the id from your own list of assignments.", "请从本部门的交办列表中取得编号。"),
    ),
    "consultation_not_found": ProblemKind(
        404,
        Words("There is no such consultation", "没有这一意见征集"),
        Words("Take the slug from `GET /consultations`.", "请从 GET /consultations 取得 slug。"),
    ),
    "no_such_version": ProblemKind(
        404,
        Words("The consultation has no such version", "该次征集没有这一版本"),
        Words("Take the number from its list of versions.", "请从版本列表中取得版本号。"),
    ),
    "method_not_allowed": ProblemKind(
        405,
        Words("The address doesn't know this method", "该地址不支持此方法"),
        Words("Use one of the methods in the `Allow` header.", "请使用 Allow 标头中列出的方法。"),
    ),
    "invalid_transition": ProblemKind(
        409,
        Words("The assignment is past this step", "该交办的当前状态不允许此操作"),
        Words(
            "Its state is `{state}`, so `{event}` is not possible; fetch it again before you decide what to do.",
            "当前状态为 {state}，不能执行 {event}；请重新获取后再处理。",
        ),
    ),
    "decided_already": ProblemKind(
        409,
        Words("The suggestion has been decided", "该意见要点已有办理结果"),
        Words("Fetch the assignment again; nothing is left to answer.", "请重新获取该交办；已无需答复。"),
    ),
    "changed_meanwhile": ProblemKind(
        409,
        Words("Somebody else changed it at the same moment", "该记录刚被他人更改"),
        Words(
            "Fetch the assignment again, then repeat the request if it still applies.",
            "请重新获取该交办，如仍适用再重试。",
        ),
    ),
    "conflict": ProblemKind(
        409,
        Words("The request doesn't fit the present state", "请求与当前状态冲突"),
        Words("Fetch the assignment again before you decide what to do.", "请重新获取该交办后再处理。"),
    ),
    "version_mismatch": ProblemKind(
        409,
        Words("There is a newer version", "记录已有更新版本"),
        Words(
            "It is at revision {current}; fetch it again before you decide what to do.",
            "当前修订号为 {current}；请重新获取后再处理。",
        ),
        field="expected_version",
    ),
    "not_open": ProblemKind(
        409,
        Words("The assignment is no longer open", "该交办已不在办理中"),
        Words("Fetch the assignment again; its state says why.", "请重新获取该交办，其状态说明原因。"),
    ),
    **ASKING_PROBLEMS,
    "had_it_before": ProblemKind(
        409,
        Words("That department had it before", "该部门此前已经手该意见要点"),
        Words("Send it back instead; staff decide then.", "请改为退回，由工作人员重新交办。"),
        field="to_department",
    ),
    "has_it_already": ProblemKind(
        409,
        Words("That department has it already", "该部门已持有该意见要点"),
        Words("Send it back instead, or answer it.", "请改为退回，或直接答复。"),
        field="to_department",
    ),
    "passed_on_too_often": ProblemKind(
        409,
        Words("It was passed on too often", "转办次数过多"),
        Words("Send it back: after {limit} transfers staff decide.", "转办满 {limit} 次后请退回，由工作人员确定。"),
    ),
    "precondition_failed": ProblemKind(
        412,
        Words("There is a newer version than `If-Match` names", "记录版本与 If-Match 不符"),
        Words(
            "It is at revision {current}; fetch it again before you decide what to do.",
            "当前修订号为 {current}；请重新获取后再处理。",
        ),
    ),
    "too_large": ProblemKind(
        413,
        Words("The body is too large", "请求正文过大"),
        Words("Send at most {limit} bytes.", "正文不得超过 {limit} 字节。"),
    ),
    "unsupported_media_type": ProblemKind(
        415,
        Words("The body is not declared as JSON", "请求正文未声明为 JSON"),
        Words(
            "Send `Content-Type: application/json`; only UTF-8.",
            "请发送 Content-Type: application/json，且仅限 UTF-8。",
        ),
    ),
    "invalid_fields": ProblemKind(
        422,
        Words("Some fields can't be accepted", "部分字段不符合要求"),
        Words("Mend the fields listed in `errors`.", "请按 errors 中的说明更正各字段。"),
    ),
    "reason_required": ProblemKind(
        422,
        Words("A reason is missing", "缺少理由"),
        Words("Give a reason: only `adopted` needs none.", "请填写理由；仅“采纳”可不填。"),
        field="reason",
    ),
    "approval_required": ProblemKind(
        422,
        Words("Approver, date and document number are due", "缺少批准信息"),
        Words(
            "Your department wants them in every final answer; missing here: {missing}.",
            "本部门要求正式答复填写批准人、日期和文号；现缺：{missing}。",
        ),
    ),
    "reason_too_long": ProblemKind(
        422,
        Words("The reason is too long", "理由过长"),
        Words("Shorten it to {limit} characters.", "请缩短至 {limit} 字以内。"),
        field="reason",
    ),
    "no_such_department": ProblemKind(
        422,
        Words("The directory has no such department to assign to", "目录中没有可交办的这一部门"),
        Words(
            "Use an id or a name from `GET /departments` whose `assignable` is true.",
            "请使用 GET /departments 中 assignable 为 true 的编号或名称。",
        ),
        field="suggested_department",
    ),
    "idempotency_key_reused": ProblemKind(
        422,
        Words("The idempotency key belongs to another request", "幂等键已用于另一请求"),
        Words("Make a new key for every new request.", "每个新请求请使用新的幂等键。"),
        field="idempotency_key",
    ),
    "request_in_flight": ProblemKind(
        409,
        Words("An equal request is at work", "相同的请求正在处理"),
        Words(
            "Send it again, unchanged, after {seconds} seconds: you get its answer.",
            "请在 {seconds} 秒后原样重发，即可得到其响应。",
        ),
    ),
    "idempotency_keys_differ": ProblemKind(
        422,
        Words("Header and body name different idempotency keys", "标头与正文中的幂等键不一致"),
        Words("Send the key once, or the same in both places.", "请只在一处发送幂等键，或两处保持一致。"),
        field="idempotency_key",
    ),
    "external_id_reused": ProblemKind(
        409,
        Words("The external id belongs to another comment", "该外部编号已用于另一份意见"),
        Words(
            "Give every comment an id of its own; send a stored one again only word for word.",
            "每份意见请使用各自的编号；重复发送时内容须完全一致。",
        ),
        field="external_id",
    ),
    "not_taken": ProblemKind(
        409,
        Words("The consultation takes no comment that came then", "该次征集在此时刻不接收意见"),
        Words(
            "Its phase is `{phase}`; comments are taken while it is `open`.",
            "当前阶段为 {phase}；仅在 open 阶段接收意见。",
        ),
        field="consultation",
    ),
    "no_such_consultation": ProblemKind(
        422,
        Words("There is no such consultation", "没有这一意见征集"),
        Words("Take the slug from `GET /consultations`.", "请从 GET /consultations 取得 slug。"),
        field="consultation",
    ),
    "suggests_itself": ProblemKind(
        422,
        Words("It names your own department", "所填部门为本部门"),
        Words("Name another department, or none.", "请填写其他部门，或不填。"),
        field="suggested_department",
    ),
    "confirmation_in_future": ProblemKind(
        422,
        Words("The day of approval is still to come", "批准日期尚未到来"),
        Words("Give the day on which it was approved.", "请填写实际批准日期。"),
        field="dated_on",
    ),
    "text_required": ProblemKind(
        422,
        Words("The text has no visible character", "内容为空"),
        Words("Say how far your department is.", "请填写办理进展。"),
        field="text",
    ),
    "confirmation_too_long": ProblemKind(
        422,
        Words("Approver or document number is too long", "批准人或文号过长"),
        Words("Shorten them.", "请缩短。"),
    ),
    "version_of_many": ProblemKind(
        422,
        Words("Several assignments have no one version", "多项交办没有共同的版本"),
        Words("Leave `expected_version` and `If-Match` out here.", "此处请勿使用 expected_version 和 If-Match。"),
        field="expected_version",
    ),
    "named_twice": ProblemKind(
        422,
        Words("An assignment is named twice", "同一交办重复列出"),
        Words("Name each once.", "每项只列一次。"),
        field="assignments",
    ),
    "clock_out_of_bounds": ProblemKind(
        422,
        Words("The sandbox's clock can't be moved there", "沙箱时钟不能调至该时刻"),
        Words("Choose a time from now on, at most ten years ahead.", "请选择当前时间之后、十年以内的时刻。"),
        field="at",
    ),
    "no_such_scenario": ProblemKind(
        422,
        Words("The sandbox has no such scenario", "沙箱没有这一情景"),
        Words(
            "Name `unavailable`, `internal_error`, `too_many_requests` or `changed_meanwhile`.",
            "可用情景：unavailable、internal_error、too_many_requests、changed_meanwhile。",
        ),
    ),
    "no_such_clause": ProblemKind(
        422,
        Words("The present version has no such clause", "现行版本没有这一条款"),
        Words("Take the ids from the consultation's present version.", "请从该次征集的现行版本中取得条款编号。"),
        field="clauses",
    ),
    "received_at_out_of_bounds": ProblemKind(
        422,
        Words("The stated time of receipt can't be accepted", "所填收到时间不符合要求"),
        Words(
            "State a time within the last {hours} hours; older comments are entered by staff.",
            "收到时间须在最近 {hours} 小时内；更早的意见请由工作人员录入。",
        ),
        field="received_at",
    ),
    "too_many_requests": ProblemKind(
        429,
        Words("Too many requests at once", "请求过于频繁"),
        Words("Go on after {seconds} seconds.", "请在 {seconds} 秒后继续。"),
    ),
    "unprocessable": ProblemKind(
        422,
        Words("A value can't be accepted", "有值不符合要求"),
        Words("Check the request against the API description.", "请对照接口说明检查请求。"),
    ),
    "internal_error": ProblemKind(
        500,
        Words("Something went wrong on our side", "服务器内部错误"),
        Words(
            "Try again later, writes with the same idempotency key; if it goes on, report the `request_id`.",
            "请稍后重试，写入请求请使用相同的幂等键；如仍出现，请将 request_id 告知管理员。",
        ),
    ),
    "unavailable": ProblemKind(
        503,
        Words("The service can't answer just now", "服务暂时不可用"),
        Words(
            "Repeat the request after the seconds in `Retry-After`; writes with the same idempotency key.",
            "请在 Retry-After 所示秒数后重试；写入请求请使用相同的幂等键。",
        ),
    ),
}

GENERIC = {400: "bad_request", 403: "forbidden", 404: "not_found", 409: "conflict", 422: "unprocessable"}


def kind_of(code: str, status: int) -> ProblemKind:
    """The problem with that code; the general one of its status for a code that has no words of its own."""
    found = PROBLEMS.get(code)
    return found or PROBLEMS[GENERIC.get(status, "internal_error")]
