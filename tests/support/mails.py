"""Mails as people and machines send them, and a post office that keeps what it gets in a folder of the test."""

import io
import uuid
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import docx
from sqlalchemy import select

from app.kit.blobs import DiskBlobs
from app.kit.crypto import Sealer
from app.mail import queries
from app.mail.attached import Cabinet
from app.mail.keeping import MailKeeper
from app.mail.lifecycle import MailSource
from app.mail.models import Mail
from app.mail.taking import WORKER, Arrived, Post
from app.submissions.models import Submission
from tests.support.app import SECRETS
from tests.support.journey import START, World, id_number

IN_TIME = "Mon, 11 May 2026 09:00:00 +0800"
SUBJECT = "对《关于推进社区老年助餐服务的若干措施》的意见"
BODY = f"""姓名：测试甲
身份证号码：{id_number(7)}
职业：教师
联系电话：13900000007
标题：关于周末用餐
意见：建议助餐点周末也开放。
希望在门口张贴一周菜单。
"""
SENDER = "person7@example.com"


def written(
    body: str = BODY, subject: str = SUBJECT, *, at: str = IN_TIME, message_id: str = "<1@example.com>", **headers: str
) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Received"] = f"from a by b; {at}"
    message["From"] = f"某人 <{SENDER}>"
    message["To"] = "yijian@example.cn"
    message["Subject"] = subject
    message["Date"] = at
    if message_id:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def raw(*given: str, **headers: str) -> bytes:
    return written(*given, **headers).as_bytes()


def word(text: str) -> bytes:
    """A document of Word with these words."""
    document, made = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(made)
    return made.getvalue()


def post_office(world: World, folder: Path) -> Post:
    keeper = MailKeeper(Sealer(SECRETS.sealing, SECRETS.sealing_id), SECRETS.index, DiskBlobs(folder))
    return Post(world.database, keeper, world.intake, Cabinet(DiskBlobs(folder), None))


def kept(post: Post, content: bytes, source: MailSource = MailSource.FILE) -> uuid.UUID:
    """The id of a mail that is kept now."""
    found = post.keep(WORKER, START, Arrived(content, source))
    assert found is not None
    return found


def mail_of(world: World, mail_id: uuid.UUID) -> Mail:
    with world.database.reading() as session:
        return queries.get(session, mail_id)


def taken(world: World) -> list[Submission]:
    """Everything that was made a submission."""
    with world.database.reading() as session:
        return list(session.scalars(select(Submission)))
