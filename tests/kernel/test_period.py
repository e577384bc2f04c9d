from datetime import date, datetime

from croqualim.kernel.period import day_in_words, moment_in_words, month_in_words


def test_moments_are_said_in_full_and_their_hour_does_not_break():
    said = moment_in_words(datetime(2026, 12, 5, 17, 30))  # noqa: DTZ001 (local, as it is said)

    assert said == "samedi 5 décembre 2026, 17\u00a0h\u00a030"


def test_the_first_of_a_month_is_the_first():
    assert day_in_words(date(2026, 5, 1)) == "vendredi 1er mai 2026"


def test_round_hours_have_no_minutes():
    said = moment_in_words(datetime(2026, 12, 5, 10))  # noqa: DTZ001 (local, as it is said)

    assert said.endswith("10\u00a0h")


def test_months_are_named():
    assert month_in_words(date(2026, 8, 31)) == "août 2026"
