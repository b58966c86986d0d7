"""Clarifications: asking the person who wrote what was meant, without either side seeing how to reach the other."""
