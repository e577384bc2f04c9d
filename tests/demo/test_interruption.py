"""Building the region takes a while: somebody may stop it halfway."""

import pytest
from django.core.management import call_command
from django.utils.timezone import localtime

from croqualim.demo.actions import build_region
from croqualim.groupbuy.models import Cycle
from croqualim.network.models import Structure


@pytest.mark.django_db
def test_interrupted_it_leaves_nothing_behind():
    """So that the next call begins again."""
    call_command("import_communes", verbosity=0)

    def stop(sentence: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_region(now=localtime(), say=stop, months=1)

    assert not Structure.objects.exists()
    assert not Cycle.objects.exists()
