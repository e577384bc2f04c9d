"""Dates as they are said: 'samedi 14 décembre, 10 h'. An hour stays on one line."""

from datetime import date, datetime

from croqualim.kernel.money import NO_BREAK_SPACE as NBSP

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def day_in_words(day: date) -> str:
    """2026-12-05 -> 'samedi 5 décembre 2026'; the first of a month is 'le 1er'."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def hour_in_words(moment: datetime) -> str:
    """10:00 -> '10 h', 17:30 -> '17 h 30'. The moment is already in local time."""
    hour = f"{moment.hour}{NBSP}h"
    return f"{hour}{NBSP}{moment.minute:02}" if moment.minute else hour


def moment_in_words(moment: datetime) -> str:
    """'samedi 5 décembre 2026, 10 h'. The moment is already in local time."""
    return f"{day_in_words(moment.date())}, {hour_in_words(moment)}"


def month_in_words(day: date) -> str:
    """'décembre 2026'."""
    return f"{MONTHS[day.month - 1]} {day.year}"
