"""Work promised inside a transaction and done by the worker, at least once."""
