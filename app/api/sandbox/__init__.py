"""The sandbox: a store of its own for each program, filled with invented assignments, and a clock that can be moved."""
