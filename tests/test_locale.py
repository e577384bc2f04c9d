"""French counts from two: '0 panier', '1 panier', '2 paniers'."""

import pytest
from django.utils.translation import ngettext, override

from tools.compile_messages import in_python, in_template, plurals


@pytest.mark.parametrize("plural", sorted(plurals()))
def test_nothing_is_singular(plural):
    """Fails for a sentence that is new: run `python -m tools.compile_messages`."""
    with override("fr"):
        said = [ngettext(*plural, number) for number in (0, 1, 2)]

    assert said == [plural[0], plural[0], plural[1]]


def test_sentences_that_count_are_found_wherever_they_stand():
    page = (
        "{% blocktranslate trimmed count n=n %}\n  {{ n }} panier d’« été »\n{% plural %}\n"
        '  {{ n }} paniers "d’été"\n{% endblocktranslate %}'
    )
    code = 'words = ngettext("%d panier", "%d paniers", n) % n'

    assert list(in_template(page)) == [("%(n)s panier d’« été »", '%(n)s paniers "d’été"')]
    assert list(in_python(code)) == [("%d panier", "%d paniers")]
