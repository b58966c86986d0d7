"""`python -m app.cli`: the same as the console script, for the processes that the demonstration starts."""

import sys

from app.cli.main import run

sys.exit(run())
