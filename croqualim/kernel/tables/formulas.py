"""Text that somebody typed stays text in a spreadsheet.

OWASP, "CSV Injection" (https://owasp.org/www-community/attacks/CSV_Injection): a cell that begins
with =, +, -, @, a tab, a carriage return or a line feed, or with the full-width = + - @ that some
programs read alike, may run as a formula. An apostrophe before it makes it text. Numbers that we
write ourselves stay numbers.
"""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def disarm(text: str) -> str:
    """'=A1' -> "'=A1"; what was disarmed once is disarmed again, so that `rearm` undoes it."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def rearm(text: str) -> str:
    """The way back from `disarm`."""
    is_disarmed = text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS)
    return text[1:] if is_disarmed else text
