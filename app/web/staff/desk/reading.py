"""Who reads the lists, with what the installation's settings say of them."""

from datetime import datetime

from app.desk.reader import Reader
from app.permissions import Actor
from app.web.services import Services


def reader(services: Services, actor: Actor, now: datetime) -> Reader:
    return Reader(actor, now, services.settings.screening_days)
