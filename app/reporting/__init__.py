"""Counting for the public: what came in, from how many, about what; nothing of any person."""
