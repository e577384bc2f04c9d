from croqualim.network.models import Structure
from croqualim.stock.models import Location, LocationKind


def open_location(
    *,
    keeper: Structure,
    kind: LocationKind,
    name: str,
    structure: Structure | None = None,
    subject: str = "",
) -> Location:
    """The keeper's place of this kind, opened when there is none yet; one that is there keeps its
    name."""
    location, _ = Location.objects.get_or_create(
        keeper=keeper, kind=kind, structure=structure, subject=subject, defaults={"name": name}
    )
    return location
