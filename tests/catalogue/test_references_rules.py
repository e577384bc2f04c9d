"""What the network's list changed, seen from a product that was drawn from it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from croqualim.catalogue.rules.references import SHARED, Change, changes_between, pending

TEXTS = st.dictionaries(st.sampled_from(SHARED), st.integers(0, 3), min_size=len(SHARED))
HISTORY = st.lists(TEXTS, min_size=1, max_size=6)


def written(history):
    """The changes of a reference that said each of these in turn."""
    return [
        change for before, after in pairwise(history) for change in changes_between(before, after)
    ]


@given(history=HISTORY)
def test_who_follows_everything_says_what_the_list_says(history):
    here = dict(history[0])

    here.update(pending(written(history), here))

    assert here == history[-1]
    assert pending(written(history), here) == {}


@given(history=HISTORY, here=TEXTS)
def test_only_what_changed_there_and_is_otherwise_here_is_pointed_out(history, here):
    for field, value in pending(written(history), here).items():
        assert value == history[-1][field]
        assert value != here[field]
        assert value != history[0][field]


def test_changed_and_changed_back_is_no_change():
    there_and_back = [Change("name", "Pois", "Pois verts"), Change("name", "Pois verts", "Pois")]
    assert pending(there_and_back, {"name": "Petits pois"}) == {}
