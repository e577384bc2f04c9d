"""Whatever happens to goods, in whatever order: the levels say what a few lines of Python say."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from croqualim.stock import actions
from croqualim.stock.models import Level, Movement
from croqualim.stock.queries import available_of, discrepancies
from tests.conftest import NOON
from tests.factories import ProductFactory, StructureFactory
from tests.stock.books import Places

REAL = ["warehouse", "popup"]
PLACES = [*REAL, "farm", "households"]
places = st.sampled_from(PLACES)
real_places = st.sampled_from(REAL)
products = st.sampled_from(["lentils", "oil"])
quantities = st.integers(1, 12)
hold_keys = st.sampled_from(["red", "green"])


class Goods(RuleBasedStateMachine):
    """The model: levels by lot and place, and what is held by key, product and place."""

    @initialize()
    def open_places(self):
        self.places = Places(StructureFactory())
        self.products = {
            name: ProductFactory(name=name, buyer=self.places.keeper) for name in ("lentils", "oil")
        }
        self.lots = []  # (lot, product name)
        self.level = Counter()  # (lot id, place)
        self.held = Counter()  # (key, product name, place)
        self.done = {}  # key: (movement, from, to)
        self.taken = {}  # key: (movements, arguments)
        self.reversed = {}  # key of a movement: key of its reversal
        self.lines = 0
        self.keys = 0
        for product, days in (("lentils", 2), ("lentils", 1), ("oil", None)):
            self.receive(product, 10, days)

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self):
        """The sums are recomputed once per story: at each step the model has been asked."""
        wrong = discrepancies()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        assert wrong == []

    # what the model knows

    def place(self, name):
        return getattr(self.places, name)

    def total(self, product, place):
        return sum(self.level[lot.pk, place] for lot, name in self.lots if name == product)

    def reserved(self, product, place, without=()):
        return sum(
            quantity
            for (key, name, where), quantity in self.held.items()
            if (name, where) == (product, place) and key not in without
        )

    def lot_reserved(self, lot, place):
        """How a product's reservations fall on its lots is the actions' affair: read it."""
        levels = Level.objects.filter(lot=lot, location=self.place(place))
        return sum(levels.values_list("reserved_quantity", flat=True))

    def new_key(self):
        self.keys += 1
        return f"key {self.keys:03}"

    def ends(self, from_place, to_place):
        return {
            "from_location": self.place(from_place),
            "to_location": self.place(to_place),
            "kind": "test",
            "reference": "RADIS-42",
            "now": NOON,
        }

    def expect(self, missing, act):
        """Run `act`, which is refused when something is missing, and says so."""
        missing = {name: quantity for name, quantity in missing.items() if quantity > 0}
        if not missing:
            return act()
        with pytest.raises(actions.NotEnoughGoods) as refused:
            act()
        assert {p.name: quantity for p, quantity in refused.value.missing.items()} == missing
        return None

    def note(self, movement, from_place, to_place):
        self.lines += 1
        self.level[movement.lot_id, from_place] -= movement.quantity
        self.level[movement.lot_id, to_place] += movement.quantity

    def move_missing(self, lot, product, from_place, quantity):
        if from_place not in REAL:
            return {}
        free = self.level[lot.pk, from_place] - self.lot_reserved(lot, from_place)
        return {product: quantity - free}

    # what may happen

    @rule(product=products, quantity=quantities, days=st.none() | st.integers(1, 3))
    def receive_more(self, product, quantity, days):
        self.receive(product, quantity, days)

    def receive(self, product, quantity, days):
        key = self.new_key()
        lot = self.places.receive(self.products[product], quantity, key=key, days=days)
        assert self.places.receive(self.products[product], quantity, key=key, days=days) == lot
        self.lots.append((lot, product))
        self.note(Movement.objects.get(key=key), "farm", "warehouse")

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), from_place=places, to_place=places, quantity=quantities)
    def move(self, data, from_place, to_place, quantity):
        if from_place == to_place:
            return
        key, (lot, product) = self.new_key(), data.draw(st.sampled_from(self.lots))
        arguments = {"key": key, "lot": lot, "quantity": quantity}
        arguments |= self.ends(from_place, to_place)
        missing = self.move_missing(lot, product, from_place, quantity)
        movement = self.expect(missing, lambda: actions.move(**arguments))
        if movement:
            self.note(movement, from_place, to_place)
            self.done[key] = (movement, product, from_place, to_place)
            assert actions.move(**arguments) == movement
            with pytest.raises(actions.KeyReused):
                actions.move(**arguments | {"quantity": quantity + 1})

    @rule(
        wanted=st.dictionaries(products, st.integers(0, 12), min_size=1),
        from_place=real_places,
        to_place=places,
        keys=st.sets(hold_keys),
    )
    def move_reserved(self, wanted, from_place, to_place, keys):
        if from_place == to_place:
            return
        key = self.new_key()
        arguments = {
            "reservation_keys": sorted(keys),
            "key": key,
            "wanted": {self.products[name].pk: quantity for name, quantity in wanted.items()},
            **self.ends(from_place, to_place),
        }
        missing = {
            name: quantity
            - max(0, self.total(name, from_place) - self.reserved(name, from_place, keys))
            for name, quantity in wanted.items()
            if quantity
        }
        movements = self.expect(missing, lambda: actions.move_reserved(**arguments))
        if movements is None:
            return
        assert Counter(arguments["wanted"]) == sum(
            (Counter({m.lot.product_id: m.quantity}) for m in movements), Counter()
        )
        for movement in movements:
            self.note(movement, from_place, to_place)
        self.held = Counter({held: q for held, q in self.held.items() if held[0] not in keys})
        if movements:
            self.taken[key] = (movements, arguments)

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def take_again(self, data):
        movements, arguments = self.taken[data.draw(st.sampled_from(sorted(self.taken)))]
        assert actions.move_reserved(**arguments) == movements

    @precondition(lambda self: self.done)
    @rule(data=st.data(), use_key_again=st.booleans())
    def reverse(self, data, use_key_again):
        key = data.draw(st.sampled_from(sorted(self.done)))
        first, product, from_place, to_place = self.done[key]
        earlier = self.reversed.get(key)
        back = earlier if earlier and use_key_again else self.new_key()
        arguments = {"movement": first, "key": back, "reason": "Erreur", "now": NOON}
        if earlier and not use_key_again:
            with pytest.raises(actions.AlreadyReversed):
                actions.reverse(**arguments)
        elif earlier:
            assert actions.reverse(**arguments).key == earlier
        else:
            missing = self.move_missing(first.lot, product, to_place, first.quantity)
            movement = self.expect(missing, lambda: actions.reverse(**arguments))
            if movement:
                self.note(movement, to_place, from_place)
                self.reversed[key] = back

    @rule(key=hold_keys, product=products, place=real_places, quantity=st.integers(0, 12))
    def reserve(self, key, product, place, quantity):
        free = self.total(product, place) - self.reserved(product, place, without=[key])
        missing = {product: quantity - free}
        self.expect(
            missing,
            lambda: actions.reserve(
                key=key,
                product=self.products[product],
                location=self.place(place),
                quantity=quantity,
                now=NOON,
            ),
        )
        if quantity <= free:
            self.held[key, product, place] = quantity

    @rule(key=hold_keys)
    def release(self, key):
        actions.release(key=key)
        self.held = Counter({held: q for held, q in self.held.items() if held[0] != key})

    # what is always true

    @invariant()
    def levels_say_what_the_model_says(self):
        ids = {self.place(name).pk: name for name in PLACES}
        stored = list(Level.objects.all())
        assert self.level == Counter({(x.lot_id, ids[x.location_id]): x.quantity for x in stored})
        assert Movement.objects.count() == self.lines
        for level in stored:
            if ids[level.location_id] in REAL:
                assert level.quantity >= level.reserved_quantity >= 0

    @invariant()
    def places_say_what_the_model_says(self):
        for place in REAL:
            free = Counter()
            for name, product in self.products.items():
                free[product.pk] = self.total(name, place) - self.reserved(name, place)
            assert Counter(available_of(self.place(place))) == free


@pytest.mark.django_db
def test_goods():
    run_state_machine_as_test(
        Goods,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
