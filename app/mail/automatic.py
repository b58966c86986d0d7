"""Mails that a machine wrote: reports of what wasn't delivered, automatic replies, mailing lists. Pure."""

import re
from email.message import Message

from app.mail.lifecycle import MailReason
from app.mail.words import decoded_header

_DAEMON = re.compile(r"\b(mailer-daemon|mail-daemon|postmaster|mdaemon|mail\.?delivery)\b[^@]*@|<>", re.IGNORECASE)
_NOT_DELIVERED = re.compile(
    r"undeliver|delivery (status|failure|has failed)|returned mail|failure notice|mail delivery failed|退信|投递失败"
    r"|无法投递|未送达|发送失败",
    re.IGNORECASE,
)
_REPLIES_BY_ITSELF = re.compile(
    r"^\W*(自动回复|自动答复|自动应答|休假回复|外出自动|auto(matic)?[ -]?(reply|response|antwort)|out of (the )?office"
    r"|vacation (reply|response)|已读[:：]|read[:：]|阅读回执|read receipt)",
    re.IGNORECASE,
)
_SAYS_SO = ("x-autoreply", "x-autorespond", "x-auto-response", "x-mail-autoreply")
_REPORTS = ("delivery-status", "disposition-notification", "feedback-report")


def machine_made(message: Message) -> MailReason | None:
    """Why nobody wrote it, None for what a person did. Sources: RFC 3834 §2 and §5, RFC 3464, RFC 2919, RFC 2369."""
    if _is_report(message) or _is_returned(message):
        return MailReason.BOUNCE
    if _answers_by_itself(message):
        return MailReason.AUTOMATIC_REPLY
    if _is_of_list(message):
        return MailReason.MAILING_LIST
    return None


def head(message: Message, name: str) -> str:
    """The header's words, empty where there is none; never an error."""
    try:
        return decoded_header(message.get(name))
    except Exception:  # whatever the header holds, the mail is looked at without it
        return ""


def _report_type(message: Message) -> str:
    if message.get_content_type() != "multipart/report":
        return ""
    found = re.search(r"report-type\s*=\s*\"?([\w-]+)", head(message, "content-type"), re.IGNORECASE)
    return found[1].lower() if found else "delivery-status"


def _is_report(message: Message) -> bool:
    return _report_type(message) == "delivery-status" or bool(message.get("x-failed-recipients"))


def _is_returned(message: Message) -> bool:
    """From a daemon or from nobody; the subject alone proves nothing: citizens write about returned letters too."""
    from_daemon = bool(_DAEMON.search(head(message, "from")))
    from_nobody = head(message, "return-path").replace(" ", "") == "<>"
    return from_daemon or (from_nobody and bool(_NOT_DELIVERED.search(head(message, "subject"))))


def _answers_by_itself(message: Message) -> bool:
    submitted = head(message, "auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or any(name in message for name in _SAYS_SO)
        or bool(head(message, "x-auto-response-suppress"))
        or head(message, "precedence").lower() in ("auto_reply", "auto-reply")
        or _report_type(message) in _REPORTS
        or bool(_REPLIES_BY_ITSELF.search(head(message, "subject")))
    )


def _is_of_list(message: Message) -> bool:
    listed = any(name in message for name in ("list-id", "list-unsubscribe", "list-post"))
    return listed or head(message, "precedence").lower() in ("bulk", "list", "junk")
