"""Pictures and recordings of the captcha, for whoever wants to attack them. Needs no database and no settings."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from app.captcha.challenge import DIGITS, LENGTH
from app.captcha.speaking import Language, speak
from app.cli.terminal import say

group = typer.Typer(no_args_is_help=True, help="The digits that stand in for the form's security check.")


@group.command()
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go; made if it isn't there.")],
    count: Annotated[int, typer.Option("--count", min=1, max=1_000_000, help="How many.")] = 30,
    sound: Annotated[bool, typer.Option("--sound", help="Write a recording beside each picture.")] = False,
    language: Annotated[Language, typer.Option("--language", help="What the recordings speak.")] = Language.MANDARIN,
) -> None:
    """Write pictures as the form shows them, each named by its answer: ANSWER_n.png."""
    from app.captcha.drawing import draw  # it brings numpy and Pillow, which a server that doesn't draw need not hold

    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        answer = "".join(secrets.choice(DIGITS) for _ in range(LENGTH))
        seed = secrets.randbits(128)
        (folder / f"{answer}_{number}.png").write_bytes(draw(answer, seed))
        if sound:
            (folder / f"{answer}_{number}.wav").write_bytes(speak(answer, language, seed))
    say(f"{count} written to {folder}")
