"""What single parameters and fields mean, in Chinese: by the words with which the description of the API says it.

Whoever changes those has to say it here anew: a test looks for each.
"""

from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    "0 ends the secret before at once: it has leaked.": "0 表示原密钥立即失效，用于密钥泄露时。",
    "16 digits; may be seen by anybody.": "16 位数字，可以公开。",
    "Scopes separated by spaces. Left out, all that the key holds.": "以空格分隔的权限；不填则为密钥的全部权限。",
    "`yl_<key id>`, where HTTP Basic isn't used.": "`yl_<密钥编号>`，不使用 HTTP Basic 时填写。",
    "The key's secret, where HTTP Basic isn't used.": "密钥的密文，不使用 HTTP Basic 时填写。",
    "Send it as you would the key: `Authorization: Bearer …`.": "用法与密钥相同：`Authorization: Bearer …`。",
    "Seconds.": "秒数。",
    "The token's scopes, separated by spaces.": "令牌的权限，以空格分隔。",
    "A value of the column's list.": "专栏列表中的值。",
    "After so many days without an answer the clock goes on.": "超过此天数未答复的，办理计时恢复。",
    "Those that chose the clause, be it among others.": "选择了该条款的意见份数（一份可选多条）。",
    "Suggestions on it by disposition; merged ones are left out.": "该条款的意见要点按办理结果计数，不含被合并的。",
    "Occupation → persons.": "职业 → 人数。",
    "Occupations of too few persons to be told.": "人数过少、不予列示的职业。",
    "How many persons those are together.": "上述职业的人数合计。",
    "What people sent (份).": "收到意见的份数。",
    "Submissions of which nobody's number or code is known.": "未留证件号码或单位代码的意见份数。",
    "What became of the submissions, each counted once: `gathered`, `nothing_to_gather`, `duplicate` …": (
        "意见去向（份），每份只计一次：`gathered`、`nothing_to_gather`、`duplicate` 等。"
    ),
    "Submissions by channel, each counted once.": "按来源渠道计的份数，每份只计一次。",
    "Suggestions that were ever made (条), with merged ones.": "整理出的意见要点条数，含被合并的。",
    "Suggestions by disposition, and `merged`; each counted once.": (
        "意见要点按办理结果（含 `merged`）计数，每条只计一次。"
    ),
    "The public note of the conclusion.": "办结时公开的说明。",
    "Empty for the draft as a whole.": "对全文的意见为空。",
    "False where its words were not published: then it has none.": "内容未公开的为 false，此时不含文字。",
    "How many others were merged into it.": "并入该要点的其他要点数。",
    "Masked names.": "已遮盖的姓名。",
    "The lead department's name.": "牵头部门名称。",
    "The later wording of clauses that changed because of it.": "因该意见修改的条款修改后文字。",
    "Why there is another edition; empty for the first.": "重新公布的原因；第一版为空。",
    "The edition's number; left out, the newest.": "版次；不填即为最新一版。",
    "An `ETag` that you have.": "已有的 `ETag`。",
    (
        "An https address. Loopback, link-local and metadata addresses are never reached; private ones "
        "where the column's administrator has allowed the range."
    ): "https 地址。环回、链路本地和元数据地址一律不可达；专用网段须经专栏管理员准许。",
    "An id, or a name or a usual short form from the directory.": "目录中的编号、名称或常用简称。",
    (
        "An office's address that is written to when the webhook is disabled because of 410 or days of "
        "failures. Left out, it stays as it is; empty, it is taken away."
    ): "推送因 410 或连续多日失败被停用时所通知的办公邮箱。不填则不变，填空值则删除。",
    (
        "Any word of your own for this one request, such as a UUID. The same key with the same request "
        "is carried out once and answered alike; it is remembered for 7 days."
    ): "为这一请求自取的键，例如 UUID。同一键、同一请求只执行一次且应答相同，保存 7 天。",
    "As in the header.": "与标头相同。",
    "As printed.": "按印发文本。",
    "At most 500; ask again until it is 0.": "每次最多 500 条；请重复调用至为 0。",
    "Bytes.": "字节数。",
    "False for scopes such as 各市政府, which are named but never assigned to.": (
        "“各市政府”等仅作表述、不作交办对象的为 false。"
    ),
    "Fields that it came without.": "收到时缺少的字段。",
    "For more passages; null where there are none.": "用于取后续段落；没有时为 null。",
    "For older ones; null where there are none.": "用于取更早的记录；没有时为 null。",
    "For the next page; null on the last one.": "用于取下一页；最后一页为 null。",
    "For the people who made the suggestion, so in plain words. Required unless `adopted` or a draft.": (
        "向意见提出人说明，请用平实的文字。除 `adopted` 和草稿外必填。"
    ),
    "For the staff who read it; never public.": "供工作人员阅读，不公开。",
    "Grows from event to event; other departments' events are left out.": "逐个事件递增；其他部门的事件不列出。",
    "Grows with each answer, drafts too; earlier ones are kept.": "每次答复（含草稿）递增，以前的均予保留。",
    "Grows with every change of the assignment; the `ETag` holds it.": "交办每次变化时递增，`ETag` 即据此生成。",
    "Grows with every change of the webhook.": "推送设置每次变化时递增。",
    "How comments come that the program sends in.": "该程序所报送意见的渠道。",
    "How far its clock is ahead of the real one.": "时钟比真实时间快多少秒。",
    "How many a page has at most.": "每页最多条数。",
    "How many assignments a page has at most.": "每页最多交办数。",
    "How many deliveries a page has at most.": "每页最多推送记录数。",
    "How many events a page has at most.": "每页最多事件数。",
    "How many passages there are.": "段落总数。",
    "How many seconds to wait when there is nothing yet.": "尚无事件时等待的秒数。",
    "How many senders made this point, by the numbers they entered, which are not verified.": (
        "提出该要点的人数，按所填号码计，号码未经核验。"
    ),
    "Ids of the clauses that it is about, of the present version.": "所涉条款的编号，取自现行版本。",
    "Its public number; it leads to no receipt.": "公开编号，不能据以查询回执。",
    "Kinds of events that are sent; none means all.": "所推事件种类；为空表示全部。",
    "Kinds of events to send; none means all, future ones too.": ("要推送的事件种类；为空表示全部，包括今后新增的。"),
    "Makes the comment an organisation's.": "填写后即为单位意见。",
    "More ids and codes, by kind of event.": "按事件种类另附的编号和代码。",
    "Not before the real time, and at most ten years ahead of it.": "不早于真实时间，且不超过其后十年。",
    "Null for a general opinion on the whole draft.": "针对全文的意见为 null。",
    "Null unless asked for by `expand`.": "未以 `expand` 要求时为 null。",
    "Null where the directory doesn't know it.": "目录中没有时为 null。",
    "Of the person, or of an organisation's contact.": "个人或单位联系人的。",
    "Only assignments in this state.": "仅列该状态的交办。",
    "Only deliveries in this state.": "仅列该状态的推送。",
    "Only suggestions on the consultation with this `slug`.": "仅列该 `slug` 所指征集的意见要点。",
    "Only those that changed at this instant or later (`updated_at`).": "仅列此时刻起有变化的（`updated_at`）。",
    "Only those whose time runs out before this instant; a stopped clock doesn't run.": (
        "仅列在此时刻前到期的；计时暂停的不算。"
    ),
    "Only what was promised at this instant or later; all of it without.": "仅限此时刻起应推送的；不填则为全部。",
    "Read by one sender; personal data in it is covered.": "由一位意见提出人阅读；其中的个人信息会被遮盖。",
    "Read by the column's staff; never told to the sender.": "供专栏工作人员阅读，不告知意见提出人。",
    "Read by the staff who assign anew; never shown in public.": "供重新交办的工作人员阅读，不公开。",
    "Resident ID number of 18 characters.": "18 位居民身份证号码。",
    "SHA-256 of the text.": "正文的 SHA-256。",
    "See the catalogue; leave a kind that you don't know.": "见事件目录；不认识的种类请忽略。",
    "Sent as `webhook-id`, the same at every attempt.": "以 `webhook-id` 发送，每次尝试不变。",
    "The `ETag` that you have before you; the write is refused with 412 when there is a newer one.": (
        "所依据的 `ETag`；已有更新版本时以 412 拒绝。"
    ),
    "The `revision` that you have before you; refused when it has grown. `If-Match` says the same.": (
        "所依据的 `revision`；已变化则拒绝。与 `If-Match` 作用相同。"
    ),
    "The `slug` of the consultation.": "征集的 `slug`。",
    "The assignment's `id`, from the list.": "交办列表中的 `id`。",
    "The beginning of what was answered.": "应答内容的开头。",
    "The channel of your program's setting.": "该程序设定的渠道。",
    "The consultation's `slug`.": "征集的 `slug`。",
    "The day on which it was approved; not a day to come.": "批准日期，不得晚于今天。",
    "The delivery's `id`, from the webhook's list of deliveries.": "推送记录中的 `id`。",
    "The department's name.": "部门名称。",
    "The end of the last day, 24:00 in China; late from that instant on.": (
        "期限最后一日结束，即北京时间 24 时；自该时刻起为逾期。"
    ),
    "The file's `id`, from the list.": "文件列表中的 `id`。",
    "The first 100 of all the comments, on the first page alone; `attachments` lists them all.": (
        "全部意见的前 100 个附件，仅列于第一页；完整列表见 `attachments`。"
    ),
    "The first failure since the last success.": "最近一次成功之后的首次失败。",
    "The first instant at which no comment is taken any more.": "自此时刻起不再接收意见。",
    "The first ones; null unless asked for by `expand`.": "前若干段；未以 `expand` 要求时为 null。",
    "The key's id, which may be told when you ask for help; the secret never.": (
        "密钥编号，求助时可以提供；密钥本身不得提供。"
    ),
    "The last return, also after a newer answer.": "最近一次退回，其后已重新答复的也列出。",
    "The masked name.": "部分隐去的姓名。",
    "The number of the version that is under comment.": "现行征求意见版本的编号。",
    "The organisation's unified social credit code.": "单位的统一社会信用代码。",
    "The route's template, without ids.": "路由模板，不含编号。",
    "The same as the `webhook-id` of the message about it.": "与相应推送的 `webhook-id` 相同。",
    "The signed scan (签批件) among the assignment's files.": "交办文件中的签批件。",
    "The signed scan (签批件): the id of a file that lies with the assignment.": "签批件：已附于该交办的文件编号。",
    "The status that was answered; null where nothing was.": "应答的状态码；没有应答时为 null。",
    "The version's `number`.": "版本的 `number`。",
    "The webhook's `id`, from the list.": "推送列表中的 `id`。",
    "Their ids, each once.": "各项编号，每项一次。",
    "To a disabled one nothing is sent.": "停用的不推送。",
    "True keeps the answer without giving it.": "true 表示只保存草稿、不正式答复。",
    "Until then an answer is waited for.": "等待答复至此时。",
    "Until when the secret before is good, too.": "原签名密钥有效至此时。",
    "What decides whether it came in time.": "据以判断是否在期限内收到。",
    "What it is by its content.": "按内容判定的文件种类。",
    "What people see it as; needed where the body is the file itself.": "显示的文件名；请求正文即为文件时必填。",
    "What the person is told, where it isn't to be the official `reason`.": (
        "告知意见提出人的文字，与正式理由 `reason` 不同时填写。"
    ),
    "What the person is told; empty where it is the reason.": "告知意见提出人的文字；与理由相同时为空。",
    "What time it is in the sandbox.": "沙箱当前时间。",
    "What time it is there; a sandbox has a clock of its own.": "当前时间；沙箱有自己的时钟。",
    "What to pass as `after` next, whether there were events or not.": "下次请求的 `after`，无论有无事件。",
    "What to put into each assignment besides, separated by commas: `progress_notes`, `sources`.": (
        "每项交办另附的内容，以逗号分隔：`progress_notes`、`sources`。"
    ),
    "When it arrived here.": "到达本服务的时间。",
    "When it changed last; what `updated_since` compares with.": "最近变化时间，`updated_since` 据此比较。",
    "When it is tried next; null once it is settled.": "下次尝试时间；已有结果的为 null。",
    "When the drafting department agreed with the answer.": "起草单位确认答复的时间。",
    (
        "When your channel received it, at most 24 hours ago; it decides whether the comment came in "
        "time. Without it the moment of arrival here decides."
    ): "渠道收到的时间，须在 24 小时内，据以判断是否在期限内；不填则以到达本服务的时间为准。",
    "When your department answered for good.": "本部门正式答复的时间。",
    "When your department was done with it.": "本部门办结的时间。",
    "Where it is now; comments are taken while it is `open`.": "当前阶段；仅在 `open` 时接收意见。",
    "Where the column's public pages serve it.": "专栏公开页面上的地址。",
    "Whether it is the one under comment now.": "是否为现行征求意见的版本。",
    "Whether its time stands still, because a question waits for its sender.": ("计时是否因等待意见提出人答复而暂停。"),
    "Whether there may be more right away.": "是否可能立即还有后续事件。",
    "Who approved the final answer (批准人).": "正式答复的批准人。",
    "Who is written to when it is disabled without your wish.": "非因本部门意愿被停用时所通知的邮箱。",
    "Why nothing was answered, as a code.": "未得到应答的原因代码。",
    "Why your department was proposed, a code such as `named_as_lead`.": (
        "推荐本部门的原因代码，例如 `named_as_lead`。"
    ),
    "With it the sender reads what became of the comment.": "意见提出人凭此查询办理情况。",
    "Without one the comment's first words stand for it.": "不填则以意见开头代替。",
    "Word for word; up to 10,000 characters.": "原文，不超过 10,000 字。",
    (
        "Your own id of this comment, which holds nothing personal. The same id with the same comment "
        "gives the same receipt and is stored once; with another comment it is refused."
    ): "贵方对该意见的编号，不得含个人信息。同一编号、同一意见得到同一回执且只存一次；用于其他意见则拒绝。",
    "Your own words for it.": "贵方自定的说明。",
    "`next_cursor` of the page before.": "上一页的 `next_cursor`。",
    "`next_cursor` of the page before; leave it out for the first page.": ("上一页的 `next_cursor`；取第一页时不填。"),
    "`position` of the page before; leave it out to begin with the oldest event that is kept.": (
        "上一页的 `position`；不填则从所存最早的事件开始。"
    ),
    "`progress_notes`, `sources`, separated by commas.": "`progress_notes`、`sources`，以逗号分隔。",
    "`whpk_` and base64 of an Ed25519 key, with which `v1a` signatures are checked; null without one.": (
        "`whpk_` 加 Ed25519 公钥的 base64，用于验证 `v1a` 签名；没有时为 null。"
    ),
    "`whsec_` and base64 of 32 bytes, as libraries of Standard Webhooks take it.": (
        "`whsec_` 加 32 字节的 base64，可直接用于 Standard Webhooks 各语言库。"
    ),
    "accepted (2xx) is the only success.": "仅 accepted（2xx）为成功。",
    "by_department · by_staff · gone (it answered 410) · failing (no success for five days)": (
        "by_department 部门停用 · by_staff 管理员停用 · gone 应答 410 · failing 连续五天未成功"
    ),
    "lead 牵头: its answer decides · cooperating 配合: its answer is attached": (
        "lead 牵头，以其答复为准 · cooperating 配合，其答复作为附件"
    ),
    "live: what is real · test: your program's own sandbox": "live 正式环境 · test 本程序的沙箱",
    (
        "not_asked 未设检查 · waiting 待检查 · clean 通过 · infected 未通过 · lost 已丢失; handed out only while "
        "`not_asked` or `clean`"
    ): "not_asked 未设检查 · waiting 待检查 · clean 通过 · infected 未通过 · lost 已丢失；仅前述第一、三种可取得",
    "pending · delivered · dead (tried for four days)": "pending 待推送 · delivered 已送达 · dead 尝试四天后放弃",
}
