"""Problems of the feed of events and of webhooks, in both languages."""

from app.api.wording import ProblemKind, Words

HOOK_PROBLEMS: dict[str, ProblemKind] = {
    "position_forgotten": ProblemKind(
        410,
        Words("Events after this position are no longer kept", "该位置之后的事件已不再保存"),
        Words(
            "Read the assignments anew with `updated_since`, then go on with `after={oldest}`.",
            "请先用 updated_since 重新读取交办事项，再从 after={oldest} 继续。",
        ),
    ),
    "no_such_position": ProblemKind(
        422,
        Words("This position was never given", "该位置不存在"),
        Words(
            "The last position is {last}. Perhaps the service was restored from a copy: read the assignments anew.",
            "目前最后的位置是 {last}。服务可能从备份恢复，请重新读取交办事项。",
        ),
        field="after",
    ),
    "no_such_webhook": ProblemKind(
        404,
        Words("There is no such webhook", "没有这个推送地址"),
        Words("Take the id from your list of webhooks.", "请使用推送地址列表中的编号。"),
    ),
    "no_such_delivery": ProblemKind(
        404,
        Words("There is no such delivery", "没有这条推送记录"),
        Words("Take the id from the webhook's list of deliveries.", "请使用该地址推送记录中的编号。"),
    ),
    "webhook_url_refused": ProblemKind(
        422,
        Words("Nothing can be sent to this address", "不能向该地址推送"),
        Words(
            "Give an https address without user name or fragment, on a usual port ({reason}).",
            "请填写 https 地址，不含用户名和片段，使用常用端口（{reason}）。",
        ),
        field="url",
    ),
    "contact_refused": ProblemKind(
        422,
        Words("This is no e-mail address", "邮箱格式不正确"),
        Words("Give one address, or leave it out.", "请填写一个邮箱地址，或不填。"),
        field="contact_email",
    ),
    "no_such_event_kind": ProblemKind(
        422,
        Words("There is no such kind of event", "没有这种事件"),
        Words("Choose from the catalogue of events; `{kind}` isn't in it.", "请从事件目录中选择；目录中没有 {kind}。"),
        field="kinds",
    ),
    "too_many_webhooks": ProblemKind(
        422,
        Words("There are too many webhooks", "推送地址过多"),
        Words(
            "A department has {limit} at most; remove one that is no longer needed.",
            "每个单位最多 {limit} 个，请先删除不再使用的地址。",
        ),
    ),
    "webhook_disabled": ProblemKind(
        409,
        Words("The webhook is disabled", "推送地址已停用"),
        Words("Enable it first.", "请先启用。"),
    ),
    "disabled_by_staff": ProblemKind(
        409,
        Words("The column's staff disabled this webhook", "该推送地址由专栏管理员停用"),
        Words("Ask the column's administrator.", "请联系专栏管理员。"),
    ),
}
