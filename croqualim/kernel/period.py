"""Dates as they are said: 'samedi 14 décembre, 10 h'."""

from datetime import date, datetime

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
    return f"{moment.hour} h {moment.minute:02}" if moment.minute else f"{moment.hour} h"


def moment_in_words(moment: datetime) -> str:
    """'samedi 5 décembre 2026, 10 h'. The moment is already in local time."""
    return f"{day_in_words(moment.date())}, {hour_in_words(moment)}"


def month_in_words(day: date) -> str:
    """'décembre 2026'."""
    return f"{MONTHS[day.month - 1]} {day.year}"
