"""Two collectives on one instance never see one another's members, on any page.

Every address that the table of permissions knows is walked by the other collective's people, about
our things and about theirs: whatever they are shown names none of our members.
"""

import re

import pytest

from tests.test_permissions import TABLE, World, address, browser, send, verdict, world

pytestmark = pytest.mark.django_db
__all__ = ["browser", "world"]  # the fixtures of the world, for this module too

OUTSIDERS = ("coordinator elsewhere", "till elsewhere", "farmer elsewhere", "funder elsewhere")


def words_of_ours(world: World) -> re.Pattern[str]:
    """Of our members: what must be read nowhere else. A given name is too common to tell."""
    people = (world.ours.member, world.ours.neighbour)
    words = [person.family_name for person in people]
    words += [person.phone for person in people if person.phone]
    return re.compile("|".join(rf"{re.escape(word)}(?!\d)" for word in words))


def addresses(name: str, about: str, world: World) -> list[str]:
    """The page about our thing, and about theirs where they have the like."""
    about_theirs = re.sub(r"(?<!\S)ours\.", "theirs.", about)
    return [address(name, of, world) for of in dict.fromkeys([about, about_theirs])]


@pytest.mark.parametrize("name", TABLE)
def test_no_page_names_a_member_of_another_collective(name, world, browser):
    _, about = TABLE[name]
    secret = words_of_ours(world)

    for url in addresses(name, about, world):
        for role in OUTSIDERS:
            for answer in (browser(role).get(url), send(browser(role), url, {})):
                read = b"".join(answer) if answer.streaming else answer.content
                told = secret.search(read.decode(errors="replace"))
                assert told is None, (role, url, verdict(answer, url))


def test_the_words_that_are_looked_for_would_be_found(world, browser):
    """Our own coordinator reads them: the test above would see them."""
    page = address("groupbuy:members", TABLE["groupbuy:members"][1], world)
    read = browser("coordinator").get(page).content.decode()

    assert len(set(words_of_ours(world).findall(read))) >= 2
