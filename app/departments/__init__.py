"""The directory of responsible units: who they are, how they are written, and how they relate to the column's government."""
