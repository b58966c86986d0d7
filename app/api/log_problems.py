"""Problems of the transparency log's addresses, in both languages."""

from app.api.wording import ProblemKind, Words

LOG_PROBLEMS: dict[str, ProblemKind] = {
    "no_such_head": ProblemKind(
        404,
        Words("The log hasn't that size", "日志没有这一规模"),
        Words(
            "Take sizes from `GET /log/head`: 0 < `from` ≤ `to` ≤ its `size`.",
            "请从 GET /log/head 取得规模：0 < from ≤ to ≤ size。",
        ),
    ),
    "no_such_entry": ProblemKind(
        404,
        Words("No sealed entry has this id and commitment", "没有与该编号和承诺值相符的已封存条目"),
        Words(
            "Take both from the receipt file; an entry is sealed about a minute after it was made.",
            "请使用回执文件中的编号和承诺值；条目生成约一分钟后封存。",
        ),
    ),
}
