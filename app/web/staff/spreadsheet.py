"""What a spreadsheet may make of a file of ours. Pure."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets take a file without one for one in the system's old encoding."""


def safe(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would take it for a formula (CWE-1236)."""
    return "'" + cell if cell.startswith(FORMULA) else cell
