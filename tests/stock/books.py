"""Short ways to say what the tests of goods do."""

from datetime import timedelta

from croqualim.stock.actions import move_out, open_location, receive_lot
from croqualim.stock.models import LocationKind
from tests.conftest import NOON


class Places:
    """The places of one keeper."""

    def __init__(self, keeper):
        self.keeper = keeper
        self.farm = open_location(keeper=keeper, kind=LocationKind.PRODUCER, name="Ferme")
        self.warehouse = open_location(keeper=keeper, kind=LocationKind.WAREHOUSE, name="Dépôt")
        self.popup = open_location(keeper=keeper, kind=LocationKind.POPUP, name="La Viste")
        self.households = open_location(keeper=keeper, kind=LocationKind.HOUSEHOLDS, name="Foyers")

    def receive(self, product, quantity, key="in", *, days=None, price_cents=320, code="L1"):
        return receive_lot(
            key=key,
            product=product,
            from_location=self.farm,
            to_location=self.warehouse,
            quantity=quantity,
            code=code,
            best_before_on=None if days is None else NOON.date() + timedelta(days=days),
            price_cents=price_cents,
            priced_quantity=1000,
            reference="BC-7",
            now=NOON,
        )

    def take(self, product, quantity, key="out"):
        return move_out(
            key=key,
            product=product,
            from_location=self.warehouse,
            to_location=self.households,
            quantity=quantity,
            kind="order",
            reference="RADIS-42",
            now=NOON,
        )
