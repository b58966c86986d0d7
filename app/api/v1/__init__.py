"""Version 1 of the department API. What it promises may grow, and never changes or shrinks."""
