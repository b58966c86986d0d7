"""Every kind of event, as data: what the feed and webhooks can carry. The documentation and the API's own page are made
from it. Pure.

Kinds are only ever added. A receiver that doesn't know a kind answers 2xx and leaves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EventKind:
    """`record` is the kind of the record that the event is about; `zh` and `en` say what has happened."""

    record: str
    zh: str
    en: str


KINDS: Mapping[str, EventKind] = {
    "assignment.delivered": EventKind("assignment", "意见要点已交办（函商）到本单位", "A suggestion was handed to you"),
    "assignment.acknowledged": EventKind("assignment", "本单位已签收", "Your department acknowledged it"),
    "assignment.in_progress": EventKind("assignment", "本单位已开始办理", "Your department began to work on it"),
    "assignment.progress_noted": EventKind("assignment", "本单位已记录办理进展", "Your department noted its progress"),
    "assignment.sent_back": EventKind("assignment", "本单位已退回", "Your department sent it back"),
    "assignment.transferred": EventKind("assignment", "已转交其他单位", "It was transferred to another department"),
    "assignment.cooperating_added": EventKind("assignment", "已增加配合单位", "A cooperating department was added"),
    "assignment.recalled": EventKind(
        "assignment", "交办已撤回，不再需要办理", "It was recalled; nothing is due any more"
    ),
    "assignment.answered": EventKind("assignment", "本单位已答复", "Your department answered it"),
    "assignment.confirmed": EventKind(
        "assignment", "起草单位已确认答复", "The drafting department confirmed the answer"
    ),
    "assignment.returned": EventKind(
        "assignment", "起草单位退回答复，请修改后重新答复", "The drafting department wants the answer changed"
    ),
    "assignment.due_changed": EventKind("assignment", "办理期限已调整", "Another day was set"),
    "assignment.due_soon": EventKind("assignment", "办理期限将至", "It is due soon"),
    "assignment.overdue": EventKind("assignment", "已超过办理期限", "It is overdue"),
    "clarification.asked": EventKind(
        "assignment", "已向意见提出人询问，办理计时暂停", "The sender was asked; the clock stopped"
    ),
    "clarification.answered": EventKind(
        "assignment", "意见提出人已答复，办理计时恢复", "The sender answered; the clock runs on"
    ),
    "clarification.lapsed": EventKind(
        "assignment", "意见提出人未在期限内答复，办理计时恢复", "The sender didn't answer in time; the clock runs on"
    ),
    "clarification.dropped": EventKind(
        "assignment", "询问已取消，办理计时恢复", "No answer is waited for any more; the clock runs on"
    ),
    "disposition.released": EventKind(
        "assignment", "办理结果已发布并告知意见提出人", "The outcome was released; the senders are told"
    ),
    "webhook.disabled": EventKind("webhook", "本单位的一个推送地址已被停用", "One of your webhooks was disabled"),
}
