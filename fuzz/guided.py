"""One reader under atheris, in a process of its own: `python -m fuzz.guided NAME SECONDS FOLDER`.

Ends with 0 when nothing was raised that the reader must not raise, and no input took longer than LONGEST_SECONDS.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["app", "fuzz", "python_multipart"]):
    from fuzz import planted
    from fuzz.chance import survives
    from fuzz.readers import readers

LONGEST_SECONDS = 20
"""Of one input, on a machine under load: an endless loop, not a slow one. Growth is counted apart (growing.py)."""


def main(name: str, seconds: str, folder: str) -> None:
    reader = {**readers(), **planted.FOUND_BY_CHANCE, **planted.FOUND_BY_COVERAGE}[name]
    corpus = Path(folder, "corpus")
    corpus.mkdir()
    for number, seed in enumerate(reader.seeds):
        (corpus / str(number)).write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-timeout={LONGEST_SECONDS}", f"-max_len={reader.longest}"]
    options += [f"-artifact_prefix={folder}/", "-print_final_stats=1", "-rss_limit_mb=2048", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], lambda data: survives(reader, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
