"""The drill on several machines: each is a network namespace of this one, with real processes in it."""
