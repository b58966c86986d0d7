"""Handing an approved suggestion to its lead and cooperating departments (交办)."""
