"""What happened these last days, by the real actions: next month is not quite like this one.

The network's list changed, prices moved, a product left and another came; the clock may
remind, and open the months that are planned.
"""

from datetime import datetime, timedelta

from django.utils.timezone import localtime

from croqualim.accounts.models import Person
from croqualim.catalogue import actions as catalogue
from croqualim.catalogue.actions import references
from croqualim.catalogue.models import Product
from croqualim.catalogue.queries import values_of
from croqualim.catalogue.rules.references import SHARED
from croqualim.demo.imports import import_price_lists
from croqualim.demo.region import Region
from croqualim.groupbuy.actions.clockwork import change_automation
from croqualim.groupbuy.actions.season_plan import plan_cycles
from croqualim.groupbuy.queries.calendar import last_plan, months_taken
from croqualim.groupbuy.rules.planning import anchor_of
from croqualim.groupbuy.rules.recurrence import month_after, monthly_day_of
from croqualim.groupbuy.rules.season_plan import plans_until
from croqualim.network.models import RoleKind

LISTED = ("pulses", "fruit", "vegetables", "cereals")
DAY = timedelta(days=1)
DEARER, CHEAPER, GONE = "A03", "M01", "M03"
BIGGER = "Lentilles vertes"


def live_lately(region: Region, now: datetime) -> None:
    animator = Person.objects.get(roles__kind=RoleKind.ANIMATOR)
    _list_foods(region, now - 30 * DAY)
    _change_the_list(region, animator, now - DAY)
    _change_the_catalogue(region, now - DAY)
    _plan_the_season(region, now)
    import_price_lists(region, now)
    change_automation(
        collective=region.collective, reminder_days=2, closes_after_hours=None, now=now
    )


def _list_foods(region: Region, now: datetime) -> None:
    """The network's list, as the collective has drawn from it."""
    drawn = [product for product in region.products if product.family in LISTED]
    for product in drawn:
        values = values_of(product)
        food = {name: values[name] for name in (*SHARED, "unit")}
        product.reference = references.add_reference(**food)  # type: ignore[arg-type]
        product.reference_read_at = now
    Product.objects.bulk_update(drawn, ["reference", "reference_read_at"])


def _change_the_list(region: Region, animator: Person, now: datetime) -> None:
    """A lighter sack for everybody's back; and a food that nobody has drawn yet."""
    lentils = next(product for product in region.products if product.name == BIGGER)
    if lentils.reference is not None:
        references.change_reference(
            reference=lentils.reference, actor=animator, now=now, packaging_quantity=20_000
        )
    references.add_reference(
        name="Lentilles beluga",
        family="pulses",
        description="Noires et petites, elles tiennent à la cuisson.",
        unit="g",
        step_quantity=500,
        packaging_quantity=10_000,
        packaging_name="sac",
        labels=["ab"],
        allergens=[],
        season_months=[],
    )


def _change_the_catalogue(region: Region, now: datetime) -> None:
    by_sku = {product.sku: product for product in region.products}
    for sku, change_cents in ((DEARER, 20), (CHEAPER, -10)):
        product = by_sku[sku]
        catalogue.set_price(
            product=product,
            price_cents=product.price_cents + change_cents,
            priced_quantity=product.priced_quantity,
            actor=region.coordinator,
            now=now,
        )
    catalogue.retire_product(product=by_sku[GONE])
    catalogue.add_product(
        buyer=region.collective.structure,
        producer=by_sku[DEARER].producer,
        actor=region.coordinator,
        now=now,
        sku="A90",
        name="Farine de pois chiche",
        family="cereals",
        unit="g",
        step_quantity=500,
        packaging_quantity=5000,
        packaging_name="sac",
        price_cents=420,
        priced_quantity=1000,
        labels=["ab"],
    )


def _plan_the_season(region: Region, now: datetime) -> None:
    """The three months that follow, which announce themselves."""
    last = last_plan(region.collective)
    if last is None:
        return
    source, plan = last
    anchor = anchor_of(plan)
    plans = plans_until(
        plan,
        monthly_day_of(anchor),
        until=month_after(anchor, 3),
        taken=months_taken(region.collective),
        now=localtime(now),
    )
    plan_cycles(source=source, plans=plans, opens_alone=True, actor=region.coordinator, now=now)
