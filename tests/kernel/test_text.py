"""Names are kept as they can be read, and hold nothing that rewrites the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.kernel.text import clean_name, fold


@pytest.mark.parametrize("name", ["Élie", "O’Brien", "علي", "Nguyễn", "李", "Barriol 2", "क्षमा"])
def test_a_name_stays_as_it_was_written(name):
    assert clean_name(name) == name


@pytest.mark.parametrize("name", ["", " ", "\u202e", "\u200b", "\u0301", "…", "-"])
def test_what_nobody_can_read_is_no_name(name):
    assert clean_name(name) == ""


@given(st.text())
def test_no_mark_that_turns_the_page_around_is_kept(text):
    name = clean_name(f"\u202e{text}\u2066 ")

    assert not set(name) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068")
    assert bool(name) == bool(fold(text))
    assert clean_name(name) == name
