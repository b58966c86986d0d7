"""A consultation on its way from files to its opening, step by step through the real actions."""

import uuid
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

import app.cli.demonstration
from app.consultations import preparing
from app.consultations.models import Preparation
from app.consultations.preparation import TextPart
from app.consultations.uploaded import ReadFiles, SourceText, read_files
from app.departments import queries as departments
from app.kit.database import Database
from app.permissions import Actor
from tests.support.journey import START, World

PAGE = (Path(app.cli.demonstration.__file__).parent / "page.txt").read_text(encoding="utf-8")
"""An invented page with rules, notice, draft and explanation; its deadline is the end of 2026."""


def read_page(session: Session, text: str = PAGE, **others: str) -> ReadFiles:
    texts = {TextPart.DRAFT: SourceText("page.txt", text)}
    texts |= {TextPart(part): SourceText(f"{part}.txt", words) for part, words in others.items()}
    return read_files(texts, departments.directory(session))


def begun(world: World, text: str = PAGE, at: datetime = START) -> Preparation:
    with world.database.writing() as session:
        return preparing.begin(session, world.staff.manager, at, read_page(session, text))


def now(database: Database, preparation_id: uuid.UUID) -> Preparation:
    with database.reading() as session:
        return session.get_one(Preparation, preparation_id)


def handed_over(world: World, text: str = PAGE, at: datetime = START) -> Preparation:
    preparation = begun(world, text, at)
    with world.database.writing() as session:
        preparing.hand_over(session, world.staff.manager, at, preparation.id, preparation.revision)
    return now(world.database, preparation.id)


def second_manager(world: World) -> Actor:
    """Another person with the same role."""
    return replace(world.staff.manager, id=str(uuid.UUID(int=2)))
