from hypothesis import given
from hypothesis import strategies as st

from croqualim.territory.rules import Asked, asked, search_name


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_the_parser(text):
    understood = asked(text)

    assert understood.name == search_name(understood.name)


@given(st.sampled_from(["Arles", "Gap", "Nice", "Le Thor"]), st.sampled_from(["13200", "05000"]))
def test_name_and_code_are_told_apart_in_any_order(name, code):
    expected = Asked(search_name(name), code)

    assert (
        asked(f"{name} {code}") == asked(f"{code} {name}") == asked(f"{code}, {name}") == expected
    )
