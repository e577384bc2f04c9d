"""The address of a group on the site: /groupements/barriol/."""

from collections.abc import Iterator
from itertools import count

LENGTH = 40  # leaves room for a number
# What /groupements/ already says something else with.
RESERVED = frozenset(
    {
        "adherents",
        "adhesions",
        "bons",
        "collectifs",
        "commandes",
        "comptes",
        "cycles",
        "enveloppes",
        "epiceries",
        "factures",
        "groupements",
        "groupes",
        "n",
        "paiements",
        "producteurs",
        "q",
        "repris",
    }
)


def slugs(wanted: str) -> Iterator[str]:
    """Addresses to try, the best first: 'barriol', 'barriol-2', 'barriol-3', without end."""
    base = wanted[:LENGTH].strip("-") or "groupe"
    if base not in RESERVED:
        yield base
    for number in count(2):
        yield f"{base}-{number}"
