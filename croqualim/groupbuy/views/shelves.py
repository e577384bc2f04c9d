"""Shelves as HTML (shelf.html). One that looks like another is not drawn twice.

What a shelf shows is the memo's key, so nothing has ever to be forgotten: another price, another
quantity, another name is another key. A share is in no key but through the price that it makes.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from croqualim.groupbuy.queries.choosing import Shelf

MOST_KEPT = 16_384  # about a kilobyte each: a hundred products at every share, and what is chosen


def on_page(shelves: Iterable[Shelf]) -> SafeString:
    return SafeString("".join(map(_html, shelves)))


def changed(shelf: Shelf) -> SafeString:
    """To take the place of the one on the page (htmx)."""
    return _drawn(shelf, changed=True)


def _drawn(shelf: Shelf, *, changed: bool = False) -> SafeString:
    return render_to_string("groupbuy/shelf.html", {"shelf": shelf, "changed": changed})


# whoever works on the template sees it change
_html = _drawn if settings.DEBUG else lru_cache(maxsize=MOST_KEPT)(_drawn)
