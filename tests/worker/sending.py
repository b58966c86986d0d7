"""A way out that a test can look into, and who writes."""

from dataclasses import dataclass, field
from email.message import EmailMessage

from app.deliveries.messages import Sender
from app.worker.letters import Column

SENDER = Sender("测试省意见征集", "yijian@example.cn")
COLUMN = Column(SENDER.name, "https://yijian.example.cn/receipts")


@dataclass
class Recorder:
    """A way out that keeps what it is given and raises what it is told to."""

    trouble: list[Exception] = field(default_factory=list)
    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.sent.append(message)

    def close(self) -> None:
        """Nothing is open."""
