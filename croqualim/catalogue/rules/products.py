"""When a product may be added or changed."""

from collections.abc import Iterable

from croqualim.catalogue.rules.cells import Problem, Reason
from croqualim.catalogue.rules.deciding import Known
from croqualim.kernel.text import fold


def problems_with(
    *, sku: str, name: str, product_id: int | None, others: Iterable[Known]
) -> list[Problem]:
    """One producer's products differ by their sku, or by their name when they have none."""
    rest = [other for other in others if other.product_id != product_id]
    if sku:
        taken = [Problem(Reason.SKU_TAKEN, "sku", sku)]
        return taken if any(other.sku == sku for other in rest) else []
    alike = any(not other.sku and other.folded_name == fold(name) for other in rest)
    return [Problem(Reason.NAME_TAKEN, "name", name)] if alike else []
