"""Problems of asking others about an assignment, in both languages."""

from app.api.wording import ProblemKind, Words

ASKING_PROBLEMS: dict[str, ProblemKind] = {
    "question_open": ProblemKind(
        409,
        Words("A question is waiting already", "已有待答复的问题"),
        Words("Wait for the answer, or for the end of its time.", "请等待答复或答复期满。"),
    ),
    "nobody_to_ask": ProblemKind(
        409,
        Words("No sender can be asked", "没有可以询问的意见提出人"),
        Words("Answer on what there is.", "请根据现有材料答复。"),
    ),
    "not_open_for_questions": ProblemKind(
        409,
        Words("No sender can be asked now", "目前不能询问意见提出人"),
        Words("Answer on what there is.", "请根据现有材料答复。"),
    ),
    "only_the_lead": ProblemKind(
        409,
        Words("Only the lead asks for cooperation", "仅牵头部门可以请求配合"),
        Words("Tell the lead department, or the column's staff.", "请与牵头部门或专栏工作人员联系。"),
    ),
    "too_many_cooperating": ProblemKind(
        409,
        Words("Enough departments cooperate already", "配合部门已达上限"),
        Words("Beyond {limit} the column's staff decide.", "超过 {limit} 个时由工作人员确定。"),
    ),
    "question_required": ProblemKind(
        422,
        Words("The question has no visible character", "问题为空"),
        Words("Write what is to be asked.", "请填写要询问的内容。"),
        field="question",
    ),
}
