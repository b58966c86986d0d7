"""The transparency log for everybody: no key is asked for, and nothing of it tells who wrote what."""
