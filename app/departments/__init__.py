"""The directory of responsible units: who they are, how they are written, how they relate to the government."""
